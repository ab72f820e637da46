"""A stand-in for the library, to try this exercise by hand. It prints what `current_trader()` returns, and where.

This takes five seconds. Send it from two terminals at the same time, once for bob: each sees its own trader:
    curl -i localhost:8000/quotes/AAPL -H X-Trader:alice
A `def` endpoint is called in another thread:
    curl -i localhost:8000/history/AAPL -H X-Trader:alice
And a job in the only thread of the executor:
    curl -i localhost:8000/risk/AAPL -H X-Trader:alice
An order is answered with 202 at once. Its background tasks know the trader all the same:
    curl -i -X POST localhost:8000/orders/AAPL -H X-Trader:alice
Nobody is taken for the one before, so this is None:
    curl -i localhost:8000/risk/AAPL
"""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from main import create_app, current_trader


def tell(what: str) -> str:
    print(f"{what} for {current_trader()} in {threading.current_thread().name}")
    return f"{what} for {current_trader()}"


class Backend:
    """Is slow, and asks whose request it is when it goes on."""

    async def quote(self, symbol: str, /) -> str:
        await asyncio.sleep(5)
        return tell(f"quote: {symbol}")

    def history(self, symbol: str, /) -> str:
        time.sleep(2)
        return tell(f"history: {symbol}")

    def risk(self, symbol: str, /) -> str:
        time.sleep(2)
        return tell(f"risk: {symbol}")

    def record(self, symbol: str, /) -> None:
        time.sleep(2)
        tell(f"record: {symbol}")

    async def notify(self, symbol: str, /) -> None:
        await asyncio.sleep(2)
        tell(f"notify: {symbol}")


app = create_app(Backend(), ThreadPoolExecutor(1, thread_name_prefix="executor"))
