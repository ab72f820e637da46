"""An ASGI callable around the application does the work when the application has returned."""

from typing import Protocol

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

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


def create_app(mailer: Mailer, ledger: Ledger) -> ASGIApp:
    app = FastAPI()

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": "101.50"}

    @app.post("/orders", status_code=202)
    async def take_order(order: Order, request: Request) -> dict[str, str]:
        accept(order)
        request.state.accepted = order.id
        return {"id": order.id}

    async def desk(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)
        accepted: str | None = scope.get("state", {}).get("accepted")
        if accepted is not None:
            await run_in_threadpool(ledger.record, accepted)
            await mailer.send(accepted)

    return desk
