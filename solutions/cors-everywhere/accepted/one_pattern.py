"""One pattern for all origins, and the token check wrapped around the application by hand."""

from uuid import uuid4

from fastapi import Depends, FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

ORIGINS = r"https://([a-z\d-]+\.preview\.)?desk\.example|http://localhost:5173"
TOKENS = {"t-alice", "t-bob"}
QUOTES = {"AAPL": "101.50", "MSFT": "402.10"}


def has_token(request: Request) -> bool:
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bearer in TOKENS or request.cookies.get("token") in TOKENS


def name_answer(response: Response) -> None:
    response.headers["X-Request-Id"] = uuid4().hex


def create_app(calls: list[str]) -> ASGIApp:
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

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not has_token(Request(scope)):
            await JSONResponse({"detail": "a token is needed"}, status_code=401)(scope, receive, send)
        else:
            await app(scope, receive, send)

    return CORSMiddleware(
        guarded,
        allow_origin_regex=ORIGINS,
        allow_credentials=True,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "X-Idempotency-Key"],
        expose_headers=["X-Request-Id"],
        max_age=300,
    )
