"""The id of the latest order is kept in a variable that all requests share."""

import asyncio
from typing import Protocol

from fastapi import BackgroundTasks, FastAPI, HTTPException
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
    latest: dict[str, str] = {}

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": "101.50"}

    async def finish() -> None:
        await asyncio.to_thread(ledger.record, latest["id"])
        await mailer.send(latest["id"])

    @app.post("/orders", status_code=202)
    async def take_order(order: Order, tasks: BackgroundTasks) -> dict[str, str]:
        accept(order)
        latest["id"] = order.id
        tasks.add_task(finish)
        return {"id": order.id}

    return app
