"""Never lets the fake feed raise."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from desk import MarketFeed, OrderBook, app, get_book, get_feed
from fastapi.testclient import TestClient

ALICE = {"X-Trader-Token": "t-alice"}


class FakeFeed(MarketFeed):
    def __init__(self) -> None:
        self.prices = {"AAPL": Decimal("189.50"), "MSFT": Decimal("402.25")}
        self.asked: list[str] = []

    async def price(self, symbol: str) -> Decimal:
        self.asked.append(symbol)
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
    response = client.get("/quotes/AAPL", headers=ALICE)
    assert response.status_code == 200
    assert response.json() == {"symbol": "AAPL", "price": "189.50", "trader": "alice"}
    assert feed.asked == ["AAPL"]


def test_strangers(client: TestClient) -> None:
    assert client.get("/quotes/AAPL").status_code == 401
    assert client.get("/orders", headers={"X-Trader-Token": "t-nobody"}).status_code == 401


def test_orders(client: TestClient) -> None:
    sale = {"symbol": "MSFT", "quantity": -3}
    response = client.post("/orders", headers=ALICE, json=sale)
    assert response.status_code == 201
    assert response.json() == {**sale, "trader": "alice"}
    assert client.get("/orders", headers=ALICE).json() == [{**sale, "trader": "alice"}]
