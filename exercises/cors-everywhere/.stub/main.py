"""The desk's API with tokens, previews and a crash. See README.md beside this file."""

from uuid import uuid4

from fastapi import Depends, FastAPI, Request, Response
from starlette.types import ASGIApp

ORIGINS = ["https://desk.example", "http://localhost:5173"]
"""The origins of the dashboard and of its developer; the previews are https://<name>.preview.desk.example."""

TOKENS = {"t-alice", "t-bob"}

QUOTES = {"AAPL": "101.50", "MSFT": "402.10"}


def has_token(request: Request) -> bool:
    """Tell whether a request carries a good token, in its cookie `token` or as `Authorization: Bearer ...`."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bearer in TOKENS or request.cookies.get("token") in TOKENS


def name_answer(response: Response) -> None:
    """Give the answer an id that support can ask for."""
    response.headers["X-Request-Id"] = uuid4().hex


def create_app(calls: list[str]) -> ASGIApp:
    """Return the API. What its routes have done stands in `calls`."""
    app = FastAPI(dependencies=[Depends(name_answer)])

    @app.get("/quotes")
    async def quotes() -> dict[str, str]:
        return QUOTES

    @app.post("/orders", status_code=201)
    async def place(order: dict[str, str]) -> dict[str, str]:
        calls.append(f"placed {order['symbol']}")
        return order

    @app.delete("/orders/{order_id}")
    async def cancel(order_id: int) -> dict[str, int]:
        calls.append(f"cancelled {order_id}")
        return {"cancelled": order_id}

    @app.get("/boom")
    async def boom() -> None:
        raise RuntimeError("the pricing library gave up")

    # TODO: answer 401 where `has_token` says no, and let pages of ORIGINS and of the previews, and nobody else's,
    #   - read every answer, also the 401, and the 500 of /boom
    #   - send GET, POST and DELETE with cookies, JSON, Authorization and X-Idempotency-Key
    #   - read X-Request-Id, and keep the answer to a preflight for 300 seconds
    return app
