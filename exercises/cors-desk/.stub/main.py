"""The desk's API, which pages of other origins want to call. See README.md beside this file."""

from uuid import uuid4

from fastapi import Depends, FastAPI, Response

ORIGINS = ["https://desk.example", "http://localhost:5173"]
"""The origins whose pages may call the API: the dashboard and its developer."""

QUOTES = {"AAPL": "101.50", "MSFT": "402.10"}


def name_answer(response: Response) -> None:
    """Give the answer an id that support can ask for."""
    response.headers["X-Request-Id"] = uuid4().hex


def create_app() -> FastAPI:
    """Return the API."""
    app = FastAPI(dependencies=[Depends(name_answer)])

    @app.get("/quotes")
    async def quotes() -> dict[str, str]:
        return QUOTES

    @app.post("/orders", status_code=201)
    async def place(order: dict[str, object]) -> dict[str, object]:
        return order

    @app.delete("/orders/{order_id}")
    async def cancel(order_id: int) -> dict[str, int]:
        return {"cancelled": order_id}

    # TODO: let pages of ORIGINS call the API from their scripts, and nobody else's:
    #   - with cookies; GET, POST and DELETE; JSON; the header X-Idempotency-Key
    #   - they can read X-Request-Id
    #   - a browser may keep the answer to a preflight for 300 seconds
    return app
