"""Mocks made by create_autospec for feed and book, which monkeypatch puts in and takes out."""

from decimal import Decimal
from unittest.mock import Mock, create_autospec

import pytest
from desk import FeedDown, MarketFeed, Order, OrderBook, UnknownSymbol, app, get_book, get_feed
from fastapi.testclient import TestClient

SALE = {"symbol": "TSLA", "quantity": -1}

client = TestClient(app, headers={"X-Trader-Token": "t-bob"})


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Mock:
    mock = create_autospec(MarketFeed, instance=True)
    mock.price.return_value = Decimal("0.99")
    monkeypatch.setitem(app.dependency_overrides, get_feed, lambda: mock)
    return mock


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Mock:
    mock = create_autospec(OrderBook, instance=True)
    monkeypatch.setitem(app.dependency_overrides, get_book, lambda: mock)
    return mock


def test_the_feed_is_asked_once_and_its_price_is_told(feed: Mock) -> None:
    assert client.get("/quotes/TSLA").json() == {"symbol": "TSLA", "price": "0.99", "trader": "bob"}
    feed.price.assert_awaited_once_with("TSLA")


def test_no_such_symbol(feed: Mock) -> None:
    feed.price.side_effect = UnknownSymbol
    assert client.get("/quotes/TSLA").status_code == 404


def test_no_prices(feed: Mock) -> None:
    feed.price.side_effect = FeedDown
    assert client.get("/quotes/TSLA").status_code == 503


def test_a_sale_is_confirmed_and_put_in_the_book(book: Mock) -> None:
    response = client.post("/orders", json=SALE)
    assert response.status_code == 201
    assert response.json() == {**SALE, "trader": "bob"}
    book.add.assert_called_once_with(Order(symbol="TSLA", quantity=-1, trader="bob"))


def test_the_book_is_shown(book: Mock) -> None:
    book.orders_of.return_value = [Order(symbol="TSLA", quantity=4, trader="bob")]
    assert client.get("/orders").json() == [{"symbol": "TSLA", "quantity": 4, "trader": "bob"}]
    book.orders_of.assert_called_once_with("bob")


def test_strangers_are_refused() -> None:
    stranger = TestClient(app, headers={"X-Trader-Token": "t-nobody"})
    assert stranger.get("/quotes/TSLA").status_code == 401
    assert stranger.post("/orders", json=SALE).status_code == 401
    assert stranger.get("/orders").status_code == 401
