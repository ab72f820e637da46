"""The response carries its tasks itself, and the endpoint is an ordinary function."""

from typing import Protocol

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.background import BackgroundTasks

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

    @app.post("/orders")
    def take_order(order: Order) -> JSONResponse:
        accept(order)
        tasks = BackgroundTasks()
        tasks.add_task(ledger.record, order.id)
        tasks.add_task(mailer.send, order.id)
        return JSONResponse({"id": order.id}, 202, background=tasks)

    return app
