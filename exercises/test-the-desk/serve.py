"""The given desk, to see by hand what your checks have to see. `python -W ignore main.py` runs them on it.

A quote is at the price that the feed says:
    curl -i localhost:8000/quotes/AAPL
Nobody has logged in here, so this is 401:
    curl -i localhost:8000/me
With the cookie that a login sets, it would not be:
    curl -i localhost:8000/login -H Content-Type:application/json -d '{"trader": "alice"}'
The old path is a redirect with status 307, which curl does not follow by itself, as TestClient does:
    curl -i localhost:8000/old/AAPL
What raises is 500, with JSON:
    curl -i localhost:8000/boom
Five lines arrive as a stream:
    curl -i localhost:8000/ticks
An order is 201, and stands in the list:
    curl -i localhost:8000/orders -H Content-Type:application/json -d '{"symbol": "AAPL", "quantity": 10}'
    curl -i localhost:8000/orders
"""

from desk import Feed, make_app


class PrintingFeed(Feed):
    """Says when it is opened and closed."""

    async def open(self) -> None:
        await super().open()
        print("feed: open")

    async def close(self) -> None:
        await super().close()
        print("feed: closed")


app = make_app(PrintingFeed())
