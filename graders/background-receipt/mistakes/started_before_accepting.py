"""The work is started as a task of its own before the order is accepted."""

import asyncio
from typing import Protocol

from fastapi import FastAPI, HTTPException
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
    running: set[asyncio.Task[None]] = set()

    async def finish(order_id: str) -> None:
        await asyncio.to_thread(ledger.record, order_id)
        await mailer.send(order_id)

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": "101.50"}

    @app.post("/orders", status_code=202)
    async def take_order(order: Order) -> dict[str, str]:
        task = asyncio.create_task(finish(order.id))
        running.add(task)
        task.add_done_callback(running.discard)
        accept(order)
        return {"id": order.id}

    return app
