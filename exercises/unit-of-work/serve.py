"""Stand-ins for the database and the market, to try this exercise by hand. They print what they do.

A commit takes a second; the answer, 201, comes after it, and the market hears of the trade at the end:
    curl -i localhost:8000/trades -H Content-Type:application/json -d '{"id": "t-1", "symbol": "AAPL", "quantity": 600}'
Another 600 would be too many, so this is refused with 409, and rolled back:
    curl -i localhost:8000/trades -H Content-Type:application/json -d '{"id": "t-2", "symbol": "AAPL", "quantity": 600}'
The commit of this one fails, which is told with 503:
    curl -i localhost:8000/trades -H Content-Type:application/json -d '{"id": "bad", "symbol": "MSFT", "quantity": 1}'
This is no trade, which FastAPI answers with 422; if a session was opened for it, it is closed:
    curl -i localhost:8000/trades -H Content-Type:application/json -d '{"id": "t-3", "symbol": "AAPL", "quantity": 0}'
"""

import asyncio
from itertools import count

from main import create_app

Row = tuple[str, str, int]


class Session:
    """Keeps what is written until it is committed."""

    def __init__(self, name: str, rows: list[Row]) -> None:
        self.name, self.rows = name, rows
        self.written: list[Row] = []
        self.is_open = True
        print(f"{self.name}: opened")

    def check(self) -> None:
        if not self.is_open:
            raise RuntimeError(f"{self.name} is closed")

    async def add(self, trade_id: str, symbol: str, quantity: int, /) -> int:
        self.check()
        print(f"{self.name}: writes {trade_id}")
        self.written.append((trade_id, symbol, quantity))
        return sum(row[2] for row in self.rows + self.written if row[1] == symbol)

    async def commit(self) -> None:
        self.check()
        print(f"{self.name}: begins to commit")
        await asyncio.sleep(1)
        if any(row[0] == "bad" for row in self.written):
            print(f"{self.name}: cannot commit")
            raise ConnectionError("the database is gone")
        print(f"{self.name}: has committed", self.written or "nothing")
        self.rows += self.written
        self.written.clear()

    async def rollback(self) -> None:
        self.check()
        print(f"{self.name}: rolls back", self.written or "nothing")
        self.written.clear()

    async def close(self) -> None:
        print(f"{self.name}: closed, with", self.written or "nothing", "left in its transaction")
        self.is_open = False


class Database:
    """Numbers its sessions, so that you see which one is open when."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.numbers = count(1)

    def session(self) -> Session:
        return Session(f"session {next(self.numbers)}", self.rows)


async def notify(trade_id: str) -> None:
    print(f"market: hears of {trade_id}")


app = create_app(Database(), notify)
