"""Overrides in helpers that nobody undoes, after the tests that need none."""

from decimal import Decimal

import pytest
from desk import FeedDown, MarketFeed, OrderBook, UnknownSymbol, app, get_book, get_feed, get_trader
from fastapi.testclient import TestClient


class FakeFeed(MarketFeed):
    def __init__(self) -> None:
        self.prices = {"AAPL": Decimal("189.50"), "MSFT": Decimal("402.25")}
        self.asked: list[str] = []
        self.is_down = False

    async def price(self, symbol: str) -> Decimal:
        self.asked.append(symbol)
        if self.is_down:
            raise FeedDown
        if symbol not in self.prices:
            raise UnknownSymbol
        return self.prices[symbol]


@pytest.fixture
def feed() -> FakeFeed:
    return FakeFeed()


@pytest.fixture
def client(feed: FakeFeed) -> TestClient:
    book = OrderBook()
    app.dependency_overrides[get_feed] = lambda: feed
    app.dependency_overrides[get_book] = lambda: book
    app.dependency_overrides[get_trader] = lambda: "alice"
    return TestClient(app)


def test_strangers() -> None:
    client = TestClient(app)
    assert client.get("/quotes/AAPL").status_code == 401
    assert client.get("/orders").status_code == 401


def test_quote(client: TestClient, feed: FakeFeed) -> None:
    response = client.get("/quotes/AAPL")
    assert response.status_code == 200
    assert response.json() == {"symbol": "AAPL", "price": "189.50", "trader": "alice"}
    assert feed.asked == ["AAPL"]


def test_unknown_symbol(client: TestClient) -> None:
    assert client.get("/quotes/NOPE").status_code == 404


def test_feed_down(client: TestClient, feed: FakeFeed) -> None:
    feed.is_down = True
    assert client.get("/quotes/AAPL").status_code == 503


def test_orders(client: TestClient) -> None:
    sale = {"symbol": "MSFT", "quantity": -3}
    response = client.post("/orders", json=sale)
    assert response.status_code == 201
    assert response.json() == {**sale, "trader": "alice"}
    assert client.get("/orders").json() == [{**sale, "trader": "alice"}]
