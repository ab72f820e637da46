"""Checks that the mocks were called, and never what the trader is told."""

from collections.abc import Iterator
from decimal import Decimal
from unittest.mock import Mock, create_autospec

import pytest
from desk import FeedDown, MarketFeed, OrderBook, UnknownSymbol, app, get_book, get_feed
from fastapi.testclient import TestClient

ALICE = {"X-Trader-Token": "t-alice"}


@pytest.fixture
def feed() -> Mock:
    mock = create_autospec(MarketFeed, instance=True)
    mock.price.return_value = Decimal("189.50")
    return mock


@pytest.fixture
def book() -> Mock:
    return create_autospec(OrderBook, instance=True)


@pytest.fixture
def client(feed: Mock, book: Mock) -> Iterator[TestClient]:
    app.dependency_overrides[get_feed] = lambda: feed
    app.dependency_overrides[get_book] = lambda: book
    yield TestClient(app)
    app.dependency_overrides.clear()


def test_quote(client: TestClient, feed: Mock) -> None:
    client.get("/quotes/AAPL", headers=ALICE)
    feed.price.assert_awaited_once_with("AAPL")


def test_troubles(client: TestClient, feed: Mock) -> None:
    for error in (UnknownSymbol, FeedDown):
        feed.price.side_effect = error
        client.get("/quotes/AAPL", headers=ALICE)
    assert feed.price.await_count == 2


def test_strangers(client: TestClient) -> None:
    assert client.get("/quotes/AAPL").status_code == 401
    assert client.get("/orders", headers={"X-Trader-Token": "t-nobody"}).status_code == 401


def test_orders(client: TestClient, book: Mock) -> None:
    client.post("/orders", headers=ALICE, json={"symbol": "MSFT", "quantity": -3})
    book.add.assert_called_once()
