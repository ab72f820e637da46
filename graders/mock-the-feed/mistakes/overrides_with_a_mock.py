"""Uses a MagicMock as the override itself."""

from collections.abc import Iterator
from decimal import Decimal
from unittest.mock import MagicMock

import pytest
from desk import FeedDown, OrderBook, UnknownSymbol, app, get_book, get_feed
from fastapi.testclient import TestClient

ALICE = {"X-Trader-Token": "t-alice"}


@pytest.fixture
def feed() -> MagicMock:
    mock = MagicMock()
    mock.return_value.price.return_value = Decimal("189.50")
    return mock


@pytest.fixture
def client(feed: MagicMock) -> Iterator[TestClient]:
    book = OrderBook()
    app.dependency_overrides[get_feed] = feed
    app.dependency_overrides[get_book] = lambda: book
    yield TestClient(app)
    app.dependency_overrides.clear()


def test_quote(client: TestClient, feed: MagicMock) -> None:
    response = client.get("/quotes/AAPL", headers=ALICE)
    assert response.status_code == 200
    assert response.json() == {"symbol": "AAPL", "price": "189.50", "trader": "alice"}
    feed.return_value.price.assert_called_once_with("AAPL")


def test_unknown_symbol(client: TestClient, feed: MagicMock) -> None:
    feed.return_value.price.side_effect = UnknownSymbol
    assert client.get("/quotes/NOPE", headers=ALICE).status_code == 404


def test_feed_down(client: TestClient, feed: MagicMock) -> None:
    feed.return_value.price.side_effect = FeedDown
    assert client.get("/quotes/AAPL", headers=ALICE).status_code == 503


def test_strangers(client: TestClient) -> None:
    assert client.get("/quotes/AAPL").status_code == 401
    assert client.get("/orders", headers={"X-Trader-Token": "t-nobody"}).status_code == 401


def test_orders(client: TestClient) -> None:
    sale = {"symbol": "MSFT", "quantity": -3}
    response = client.post("/orders", headers=ALICE, json=sale)
    assert response.status_code == 201
    assert response.json() == {**sale, "trader": "alice"}
    assert client.get("/orders", headers=ALICE).json() == [{**sale, "trader": "alice"}]
