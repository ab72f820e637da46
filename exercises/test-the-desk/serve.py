"""A stand-in for the desk of a branch, to try this exercise by hand. It says when its feed opens and closes.

A quote is at the price that the feed says:
    curl -i localhost:8000/quotes/AAPL
Nobody has logged in here, so this is 401:
    curl -i localhost:8000/me
The old path is a redirect with status 307, which curl does not follow by itself, as TestClient does:
    curl -i localhost:8000/old/AAPL
What raises is 500, with JSON:
    curl -i localhost:8000/boom
Five lines arrive as a stream:
    curl -i localhost:8000/ticks
An order is 201:
    curl -i localhost:8000/orders -H Content-Type:application/json -d '{"symbol": "AAPL", "quantity": 10}'
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
