"""Fixtures that put fakes in before a test and take them out after it."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from desk import FeedDown, MarketFeed, OrderBook, UnknownSymbol, app, get_book, get_feed
from fastapi.testclient import TestClient

ALICE = {"X-Trader-Token": "t-alice"}
BOB = {"X-Trader-Token": "t-bob"}

PURCHASE = {"symbol": "AAPL", "quantity": 10}
SALE = {"symbol": "MSFT", "quantity": -3}


class FakeFeed(MarketFeed):
    """Knows one price, and remembers what it was asked."""

    def __init__(self) -> None:
        self.prices = {"AAPL": Decimal("189.50")}
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


def test_a_quote_tells_the_price_of_the_feed(client: TestClient, feed: FakeFeed) -> None:
    response = client.get("/quotes/AAPL", headers=ALICE)
    assert response.status_code == 200
    assert response.json() == {"symbol": "AAPL", "price": "189.50", "trader": "alice"}
    assert feed.asked == ["AAPL"]


def test_an_unknown_symbol_is_404(client: TestClient) -> None:
    assert client.get("/quotes/NOPE", headers=ALICE).status_code == 404


def test_a_feed_that_is_down_is_503(client: TestClient, feed: FakeFeed) -> None:
    feed.is_down = True
    assert client.get("/quotes/AAPL", headers=ALICE).status_code == 503


@pytest.mark.parametrize("headers", [{}, {"X-Trader-Token": "t-mallory"}])
@pytest.mark.parametrize(("method", "path"), [("GET", "/quotes/AAPL"), ("GET", "/orders"), ("POST", "/orders")])
def test_strangers_are_refused(client: TestClient, headers: dict[str, str], method: str, path: str) -> None:
    assert client.request(method, path, headers=headers, json=PURCHASE).status_code == 401


def test_orders_stand_in_the_book_of_their_trader(client: TestClient) -> None:
    for order in (PURCHASE, SALE):
        response = client.post("/orders", headers=ALICE, json=order)
        assert response.status_code == 201
        assert response.json() == {**order, "trader": "alice"}
    assert client.get("/orders", headers=ALICE).json() == [
        {**PURCHASE, "trader": "alice"},
        {**SALE, "trader": "alice"},
    ]
    assert client.get("/orders", headers=BOB).json() == []
