r"""A stand-in for the market feed, to try this exercise by hand: what you see here, your tests have to hold.

The feed is asked once, and its price is told to the cent:
    curl -i localhost:8000/quotes/AAPL -H X-Trader-Token:t-alice
A symbol that the market does not trade is 404, and a market that does not answer is 503:
    curl -i localhost:8000/quotes/NOPE -H X-Trader-Token:t-alice
    curl -i localhost:8000/quotes/DOWN -H X-Trader-Token:t-alice
A stranger is refused with 401:
    curl -i localhost:8000/orders
A sale keeps its sign, and stands in the book:
    curl -i localhost:8000/orders -H X-Trader-Token:t-bob \
        -H Content-Type:application/json -d '{"symbol": "MSFT", "quantity": -3}'
    curl -i localhost:8000/orders -H X-Trader-Token:t-bob
"""

import asyncio
from decimal import Decimal

from desk import FeedDown, MarketFeed, UnknownSymbol, app, get_feed

PRICES = {"AAPL": Decimal("189.50"), "MSFT": Decimal("402.10")}


class Feed(MarketFeed):
    """Knows two prices, and thinks for a second; DOWN is down."""

    async def price(self, symbol: str) -> Decimal:
        print(f"feed: asked for {symbol}")
        await asyncio.sleep(1)
        if symbol == "DOWN":
            raise FeedDown
        if symbol not in PRICES:
            raise UnknownSymbol
        return PRICES[symbol]


app.dependency_overrides[get_feed] = Feed
