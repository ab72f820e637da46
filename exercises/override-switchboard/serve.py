"""A stand-in for the price feed, to try this exercise by hand. All the other fakes are yours.

What your FAKES replace is answered without the network; anything else raises a NetworkError:
    curl -i localhost:8000/quotes/AAPL
    curl -i localhost:8000/orders -H Content-Type:application/json -d '{"symbol": "AAPL", "quantity": 10}'
The mounted application has a table of its own:
    curl -i localhost:8000/market/holidays
With X-Price, your `overriding` puts in a feed that has this price ...
    curl -i localhost:8000/quotes/AAPL -H X-Price:7.25
... and after the request your fake is in force again:
    curl -i localhost:8000/quotes/AAPL
"""

from asyncio import Lock

from desk import app as desk
from desk import get_feed
from main import FAKES, overriding
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

for application, key, replacement in FAKES:
    application.dependency_overrides[key] = replacement


class Feed:
    """Has the same price for every symbol."""

    def __init__(self, price: str) -> None:
        self.said = price

    def price(self, symbol: str) -> str:
        print(f"feed: {symbol} is at {self.said}")
        return self.said


one_at_a_time = Lock()  # blocks that overlap are out of scope


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve the desk; a request that names a price is answered in a block in which the feed has this price."""
    price = Headers(raw=scope.get("headers", [])).get("X-Price")
    if price is None:
        await desk(scope, receive, send)
        return
    async with one_at_a_time:
        with overriding(desk, {get_feed: Feed(price)}):
            await desk(scope, receive, send)
