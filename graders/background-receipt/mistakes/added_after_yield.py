"""A dependency adds the tasks after its yield, when the answer has left already."""

from collections.abc import AsyncIterator
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

    async def finish_afterwards(order: Order, tasks: BackgroundTasks) -> AsyncIterator[Order]:
        yield order
        tasks.add_task(ledger.record, order.id)
        tasks.add_task(mailer.send, order.id)

    @app.post("/orders", status_code=202)
    async def take_order(order: Annotated[Order, Depends(finish_afterwards)]) -> dict[str, str]:
        accept(order)
        return {"id": order.id}

    return app
