"""Stand-ins for the desk, to try this exercise by hand. They print what they do, and the ledger is slow.

A quote, with the id that you gave it:
    curl -i localhost:8000/quotes/AAPL -H X-Trader-Token:t-alice -H X-Request-ID:mine
The answer is there at once, status 202. The ledger comes after it, and the mail after the ledger:
    curl -i localhost:8000/orders -H X-Trader-Token:t-alice -H Content-Type:application/json -d '{"id": "o-1", "symbol": "AAPL", "quantity": 10}'
This one is above the limit of the account, status 409:
    curl -i localhost:8000/orders -H X-Trader-Token:t-alice -H Content-Type:application/json -d '{"id": "o-2", "symbol": "AAPL", "quantity": 501}'
Bob may not trade, status 403:
    curl -i localhost:8000/orders -H X-Trader-Token:t-bob -H Content-Type:application/json -d '{"id": "o-3", "symbol": "AAPL", "quantity": 10}'
There is no price for this symbol, status 500. A page of the desk can read even that:
    curl -i localhost:8000/quotes/NONE -H X-Trader-Token:t-alice -H Origin:https://desk.example
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from main import create_app


class Session:
    """Knows the accounts."""

    async def account(self, trader: str, /) -> dict[str, Any]:
        return {"number": f"A-{trader}", "may_trade": trader != "bob", "limit": 500}


class Ledger:
    """Blocks its thread for three seconds."""

    def record(self, order_id: str, /) -> None:
        print(f"ledger: opens the book for {order_id}")
        time.sleep(3)
        print(f"ledger: {order_id} is entered")


class Mailer:
    """Takes a second for a mail."""

    async def send(self, order_id: str, /) -> None:
        await asyncio.sleep(1)
        print(f"mailer: {order_id} is confirmed")


class Audit(list[tuple[str, str, int]]):
    """Prints every line."""

    def append(self, line: tuple[str, str, int], /) -> None:
        print(f"audit: {line}")
        super().append(line)


class Desk:
    """Everything that the application works with."""

    ledger = Ledger()
    mailer = Mailer()
    audit = Audit()

    async def price(self, symbol: str, /) -> str:
        return {"AAPL": "101.50", "MSFT": "402.10"}[symbol]

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        print("session: opened")
        yield Session()
        print("session: closed")


app = create_app(Desk())
