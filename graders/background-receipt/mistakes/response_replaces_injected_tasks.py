"""A response with a background of its own is returned beside injected tasks."""

from typing import Annotated, Protocol

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException
from fastapi.responses import JSONResponse
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

    def enter_in_ledger(order: Order, tasks: BackgroundTasks) -> Order:
        tasks.add_task(ledger.record, order.id)
        return order

    @app.post("/orders")
    async def take_order(order: Annotated[Order, Depends(enter_in_ledger)]) -> JSONResponse:
        accept(order)
        return JSONResponse({"id": order.id}, 202, background=BackgroundTask(mailer.send, order.id))

    return app
