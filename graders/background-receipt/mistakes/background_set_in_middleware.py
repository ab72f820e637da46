"""A middleware gives every answer of the route a background task."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from fastapi import BackgroundTasks, FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask

HALTED = {"XYZ"}


class Mailer(Protocol):
    async def send(self, order_id: str, /) -> None: ...


class Ledger(Protocol):
    def record(self, order_id: str, /) -> None: ...


class Order(BaseModel):
    id: str
    symbol: str
    quantity: int = Field(gt=0)


def accept(order: Order) -> None:
    if order.symbol in HALTED:
        raise HTTPException(409, "trading is halted")


def create_app(mailer: Mailer, ledger: Ledger) -> FastAPI:
    app = FastAPI()

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": "101.50"}

    @app.middleware("http")
    async def send_mail(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.url.path != "/orders":
            return await call_next(request)
        order = await request.json()
        response = await call_next(request)
        response.background = BackgroundTask(mailer.send, order["id"])
        return response

    @app.post("/orders", status_code=202)
    async def take_order(order: Order, tasks: BackgroundTasks) -> dict[str, str]:
        accept(order)
        tasks.add_task(ledger.record, order.id)
        return {"id": order.id}

    return app
