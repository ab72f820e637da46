"""A context manager in every test instead of fixtures."""

from collections.abc import Generator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from desk import FeedDown, MarketFeed, OrderBook, UnknownSymbol, app, get_book, get_feed
from fastapi.testclient import TestClient

ALICE = {"X-Trader-Token": "t-alice"}
BOB = {"X-Trader-Token": "t-bob"}


class OneQuote(MarketFeed):
    """Has one answer, which may be an error, to whatever it is asked."""

    def __init__(self, answer: Decimal | Exception) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def price(self, symbol: str) -> Decimal:
        self.asked.append(symbol)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@contextmanager
def desk_with(feed: MarketFeed) -> Generator[TestClient]:
    """Open the desk with this feed and an empty book."""
    book = OrderBook()
    app.dependency_overrides.update({get_feed: lambda: feed, get_book: lambda: book})
    try:
        with TestClient(app) as client:
            yield client
    finally:
        app.dependency_overrides.clear()


def test_quote() -> None:
    feed = OneQuote(Decimal("17.05"))
    with desk_with(feed) as client:
        response = client.get("/quotes/ORCL", headers=BOB)
    assert (response.status_code, response.json()) == (200, {"symbol": "ORCL", "price": "17.05", "trader": "bob"})
    assert feed.asked == ["ORCL"]


@pytest.mark.parametrize(("error", "status"), [(UnknownSymbol(), 404), (FeedDown(), 503)])
def test_no_quote(error: Exception, status: int) -> None:
    with desk_with(OneQuote(error)) as client:
        assert client.get("/quotes/ORCL", headers=ALICE).status_code == status


def test_strangers() -> None:
    with desk_with(MarketFeed()) as client:
        client.headers["X-Trader-Token"] = "alice"  # a name is no token
        assert client.get("/quotes/ORCL").status_code == 401
        assert client.get("/orders").status_code == 401


def test_orders() -> None:
    with desk_with(MarketFeed()) as client:
        made = [
            client.post("/orders", headers=headers, json={"symbol": "IBM", "quantity": quantity})
            for headers, quantity in ((ALICE, 5), (BOB, 7), (ALICE, -2))
        ]
        kept = [client.get("/orders", headers=headers).json() for headers in (ALICE, BOB)]
    first, other, second = (
        {"symbol": "IBM", "quantity": 5, "trader": "alice"},
        {"symbol": "IBM", "quantity": 7, "trader": "bob"},
        {"symbol": "IBM", "quantity": -2, "trader": "alice"},
    )
    assert [(response.status_code, response.json()) for response in made] == [(201, first), (201, other), (201, second)]
    assert kept == [[first, second], [other]]
