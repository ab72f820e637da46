"""A receipt first, the work afterwards. See README.md beside this file."""

from typing import Protocol

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

HALTED = {"XYZ"}
"""Symbols that are not traded at the moment; an order for one is refused with 409."""


class Mailer(Protocol):
    """Talks to the mail server, which may take its time."""

    async def send(self, order_id: str, /) -> None:
        """Send the confirmation of one order."""


class Ledger(Protocol):
    """Writes to the ledger. It is an ordinary function, and blocks its thread until the line is written."""

    def record(self, order_id: str, /) -> None:
        """Enter one order."""


class Order(BaseModel):
    """What a trader sends to `POST /orders`."""

    id: str
    symbol: str
    quantity: int = Field(gt=0)


def accept(order: Order) -> None:
    """Refuse an order that the desk cannot take. Raises HTTPException."""
    if order.symbol in HALTED:
        raise HTTPException(409, "trading is halted")


def create_app(mailer: Mailer, ledger: Ledger) -> FastAPI:
    """Return the desk."""
    app = FastAPI()

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": "101.50"}

    @app.post("/orders", status_code=202)
    async def take_order(order: Order) -> dict[str, str]:
        accept(order)
        # TODO: once the answer has left, enter the order in the ledger, then send the mail
        return {"id": order.id}

    return app
