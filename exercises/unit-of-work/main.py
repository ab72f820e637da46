"""A trade and its transaction. See README.md beside this file."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from fastapi import FastAPI
from pydantic import BaseModel, Field

LIMIT = 1000
"""The largest position that the desk may have in one symbol."""


class Session(Protocol):
    """One session with the database, and one transaction in it."""

    async def add(self, trade_id: str, symbol: str, quantity: int, /) -> int:
        """Write a trade. Return the position in its symbol, with this trade."""
        ...

    async def commit(self) -> None:
        """Make durable what is written. Raises ConnectionError when that fails; it is still written then."""

    async def rollback(self) -> None:
        """Undo what is written and not committed."""

    async def close(self) -> None:
        """Give the connection back to the pool."""


class Database(Protocol):
    """Opens sessions."""

    def session(self) -> Session:
        """Open a session."""
        ...


Notify = Callable[[str], Awaitable[None]]
"""Announces a trade to the market, called with its id."""


class Trade(BaseModel):
    """What a trader sends to `POST /trades`."""

    id: str
    symbol: str
    quantity: int = Field(gt=0)


class OverLimit(Exception):
    """A trade would take the position in its symbol above the limit."""


async def book(session: Session, trade: Trade) -> None:
    """Write a trade. Raises OverLimit when the position gets too large; the trade is written by then."""
    if await session.add(trade.id, trade.symbol, trade.quantity) > LIMIT:
        raise OverLimit(trade.symbol)


def create_app(db: Database, notify: Notify) -> FastAPI:
    """Return the desk."""
    app = FastAPI()

    @app.post("/trades", status_code=201)
    async def take_trade(trade: Trade) -> dict[str, str]:
        # TODO: book the trade in a session of its own, and commit it before the answer begins; announce it afterwards
        return {"id": trade.id}

    # TODO: 409 for a trade over the limit, 503 when the commit fails; either way nothing of it is left
    return app
