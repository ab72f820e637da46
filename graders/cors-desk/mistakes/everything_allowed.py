"""Every method and every header is allowed."""

from uuid import uuid4

from fastapi import Depends, FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

ORIGINS = ["https://desk.example", "http://localhost:5173"]
QUOTES = {"AAPL": "101.50", "MSFT": "402.10"}


def name_answer(response: Response) -> None:
    response.headers["X-Request-Id"] = uuid4().hex


def create_app() -> FastAPI:
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

    app.add_middleware(
        CORSMiddleware,
        allow_origins=ORIGINS,
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=["X-Request-Id"],
        max_age=300,
    )
    return app
