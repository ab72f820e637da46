"""A dependency adds the first task; it shares one list of tasks with the endpoint."""

from typing import Annotated, Protocol

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException
from pydantic import BaseModel, Field

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

    def enter_in_ledger(order: Order, tasks: BackgroundTasks) -> Order:
        tasks.add_task(ledger.record, order.id)
        return order

    @app.post("/orders", status_code=202)
    async def take_order(order: Annotated[Order, Depends(enter_in_ledger)], tasks: BackgroundTasks) -> dict[str, str]:
        tasks.add_task(mailer.send, order.id)
        accept(order)  # tasks of an endpoint that raises are dropped
        return {"id": order.id}

    return app
