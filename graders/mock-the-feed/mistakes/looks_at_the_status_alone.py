"""Looks at nothing but the status of answers that are right."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from desk import FeedDown, MarketFeed, OrderBook, UnknownSymbol, app, get_book, get_feed
from fastapi.testclient import TestClient

ALICE = {"X-Trader-Token": "t-alice"}


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
def client(feed: FakeFeed) -> Iterator[TestClient]:
    book = OrderBook()
    app.dependency_overrides[get_feed] = lambda: feed
    app.dependency_overrides[get_book] = lambda: book
    yield TestClient(app)
    app.dependency_overrides.clear()


def test_quote(client: TestClient) -> None:
    assert client.get("/quotes/AAPL", headers=ALICE).status_code == 200


def test_place_order(client: TestClient) -> None:
    response = client.post("/orders", headers=ALICE, json={"symbol": "MSFT", "quantity": 3})
    assert response.status_code == 201


def test_read_orders(client: TestClient) -> None:
    assert client.get("/orders", headers=ALICE).status_code == 200
