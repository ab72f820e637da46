"""Three applications in one process. See README.md beside this file."""

from typing import Protocol
from wsgiref.types import WSGIApplication

from fastapi import FastAPI
from pydantic import BaseModel

TOKENS = {"t-alice", "t-bob"}
"""What traders send as X-Trader-Token."""


class Feed(Protocol):
    """Has the prices of the market, between its start and its stop."""

    async def start(self) -> None:
        """Connect to the market."""

    async def stop(self) -> None:
        """Disconnect."""

    async def quote(self, symbol: str, /) -> str:
        """Return the price of one share."""
        ...


class Order(BaseModel):
    """What a trader sends."""

    symbol: str
    quantity: int


def create_app(blotter: WSGIApplication, feed: Feed) -> FastAPI:
    """Return the whole desk."""
    app = FastAPI()

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": await feed.quote(symbol)}

    @app.post("/orders", status_code=201)
    async def take_order(order: Order) -> Order:
        return order

    # TODO: serve the endpoints of metrics.py under /metrics and the blotter under /v1, beside the two routes,
    #       ask for a token, and start and stop the feed, by the rules in README.md
    return app
