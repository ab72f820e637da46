r"""Stand-ins for the book and the store, to try this exercise by hand. They print what they do.

The book takes five seconds to find a position. Book this fill from two terminals at the same time; both count:
    curl -i localhost:8000/wsgi/fill -H Content-Type:application/json -d '{"symbol": "AAPL", "qty": 5}'
Meanwhile, a fill of another symbol waits for neither:
    curl -i localhost:8000/wsgi/fill -H Content-Type:application/json -d '{"symbol": "MSFT", "qty": 3}'
An order gets the next id, and this is 201:
    curl -i -X POST localhost:8000/orders

This is one process. The real servers, in this folder: `uvicorn main:app --workers 4`, `gunicorn --threads 4 wsgi:app`.
"""

import threading
import time

from a2wsgi import WSGIMiddleware
from desk_store import Book, Store
from fastapi import FastAPI
from main import create_app, make_wsgi


class SlowBook(Book):
    """Keeps positions in memory, and takes its time."""

    def __init__(self) -> None:
        self._positions: dict[str, int] = {}

    def get(self, symbol: str, /) -> int:
        position = self._positions.get(symbol, 0)
        print(f"book: {threading.current_thread().name} reads {position} {symbol}")
        time.sleep(5)
        return position

    def set(self, symbol: str, position: int, /) -> None:
        print(f"book: {threading.current_thread().name} writes {position} {symbol}")
        self._positions[symbol] = position


class MemoryStore(Store):
    """Keeps numbers in memory, so that they last until you save a file."""

    def __init__(self) -> None:
        self._values: dict[str, int] = {}

    async def get(self, key: str, /) -> int | None:
        print(f"store: {key} is {self._values.get(key)}")
        return self._values.get(key)

    async def set(self, key: str, value: int, /, *, nx: bool = False) -> bool:
        if nx and key in self._values:
            print(f"store: {key} stays {self._values[key]}")
            return False
        self._values[key] = value
        print(f"store: {key} becomes {value}")
        return True

    async def incr(self, key: str, /) -> int:
        await self.set(key, self._values.get(key, 0) + 1)
        return self._values[key]

    async def cas(self, key: str, old: int | None, new: int, /) -> bool:
        return self._values.get(key) == old and await self.set(key, new)


app = FastAPI(title="Many workers")
app.mount("/wsgi", WSGIMiddleware(make_wsgi(SlowBook())))
app.mount("/", create_app(MemoryStore()))
