"""Sends every kind of request, prints the answers and asserts nothing."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from desk import FeedDown, MarketFeed, OrderBook, UnknownSymbol, app, get_book, get_feed
from fastapi.testclient import TestClient

ALICE = {"X-Trader-Token": "t-alice"}


class FakeFeed(MarketFeed):
    def __init__(self) -> None:
        self.prices = {"AAPL": Decimal("189.50"), "MSFT": Decimal("402.25")}
        self.is_down = False

    async def price(self, symbol: str) -> Decimal:
        if self.is_down:
            raise FeedDown
        if symbol not in self.prices:
            raise UnknownSymbol
        return self.prices[symbol]


@pytest.fixture
def feed() -> FakeFeed:
    return FakeFeed()


@pytest.fixture
def client(feed: FakeFeed) -> Iterator[TestClient]:
    book = OrderBook()
    app.dependency_overrides[get_feed] = lambda: feed
    app.dependency_overrides[get_book] = lambda: book
    yield TestClient(app)
    app.dependency_overrides.clear()


def test_quote(client: TestClient, feed: FakeFeed) -> None:
    print(client.get("/quotes/AAPL", headers=ALICE).json())
    print(client.get("/quotes/NOPE", headers=ALICE).json())
    feed.is_down = True
    print(client.get("/quotes/AAPL", headers=ALICE).json())


def test_strangers(client: TestClient) -> None:
    print(client.get("/quotes/AAPL"))


def test_orders(client: TestClient) -> None:
    print(client.post("/orders", headers=ALICE, json={"symbol": "MSFT", "quantity": -3}))
    print(client.get("/orders", headers=ALICE))
