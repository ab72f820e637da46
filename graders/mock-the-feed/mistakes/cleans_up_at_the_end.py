"""Cleans up in the last line of every test, which one that fails never reaches."""

from decimal import Decimal

from desk import FeedDown, MarketFeed, OrderBook, UnknownSymbol, app, get_book, get_feed
from fastapi.testclient import TestClient

ALICE = {"X-Trader-Token": "t-alice"}


class FakeFeed(MarketFeed):
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


def open_desk(feed: FakeFeed) -> TestClient:
    book = OrderBook()
    app.dependency_overrides[get_feed] = lambda: feed
    app.dependency_overrides[get_book] = lambda: book
    return TestClient(app)


def test_quote() -> None:
    feed = FakeFeed()
    response = open_desk(feed).get("/quotes/AAPL", headers=ALICE)
    assert response.status_code == 200
    assert response.json() == {"symbol": "AAPL", "price": "189.50", "trader": "alice"}
    assert feed.asked == ["AAPL"]
    app.dependency_overrides.clear()


def test_unknown_symbol() -> None:
    assert open_desk(FakeFeed()).get("/quotes/NOPE", headers=ALICE).status_code == 404
    app.dependency_overrides.clear()


def test_feed_down() -> None:
    feed = FakeFeed()
    feed.is_down = True
    assert open_desk(feed).get("/quotes/AAPL", headers=ALICE).status_code == 503
    app.dependency_overrides.clear()


def test_strangers() -> None:
    client = open_desk(FakeFeed())
    for headers in ({}, {"X-Trader-Token": "t-mallory"}):
        assert client.get("/quotes/AAPL", headers=headers).status_code == 401
    app.dependency_overrides.clear()


def test_orders() -> None:
    client = open_desk(FakeFeed())
    order = {"symbol": "AAPL", "quantity": -3}
    response = client.post("/orders", headers=ALICE, json=order)
    assert response.status_code == 201
    assert response.json() == {**order, "trader": "alice"}
    assert client.get("/orders", headers=ALICE).json() == [{**order, "trader": "alice"}]
    app.dependency_overrides.clear()
