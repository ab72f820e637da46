"""Coroutines and an asynchronous client that speaks to the application without a server."""

from collections.abc import AsyncIterator
from decimal import Decimal

import httpx
import pytest
import pytest_asyncio
from desk import TOKENS, FeedDown, OrderBook, UnknownSymbol, app, get_book, get_feed

pytestmark = pytest.mark.asyncio


class Prices:
    """A feed like the real one, made of a table; without a table it is down."""

    def __init__(self) -> None:
        self.table: dict[str, Decimal] | None = {"NESN": Decimal("98.34")}
        self.calls = 0

    async def price(self, symbol: str) -> Decimal:
        self.calls += 1
        if self.table is None:
            raise FeedDown
        if symbol not in self.table:
            raise UnknownSymbol
        return self.table[symbol]


@pytest.fixture
def prices() -> Prices:
    return Prices()


@pytest.fixture
def book() -> OrderBook:
    return OrderBook()


@pytest_asyncio.fixture
async def http(prices: Prices, book: OrderBook) -> AsyncIterator[httpx.AsyncClient]:
    app.dependency_overrides.update({get_feed: lambda: prices, get_book: lambda: book})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
        yield client
    del app.dependency_overrides[get_feed], app.dependency_overrides[get_book]


@pytest.mark.parametrize(("token", "trader"), TOKENS.items())
async def test_quotes(http: httpx.AsyncClient, prices: Prices, token: str, trader: str) -> None:
    answer = await http.get("/quotes/NESN", headers={"X-Trader-Token": token})
    assert answer.json() == {"symbol": "NESN", "price": "98.34", "trader": trader}
    assert prices.calls == 1


async def test_troubles_of_the_feed(http: httpx.AsyncClient, prices: Prices) -> None:
    http.headers["X-Trader-Token"] = "t-alice"
    assert (await http.get("/quotes/AAPL")).status_code == 404
    prices.table = None
    assert (await http.get("/quotes/NESN")).status_code == 503


async def test_orders(http: httpx.AsyncClient) -> None:
    http.headers["X-Trader-Token"] = "t-alice"
    for quantity in (10, -4):
        answer = await http.post("/orders", json={"symbol": "ROG", "quantity": quantity})
        assert answer.status_code == 201
        assert answer.json() == {"symbol": "ROG", "quantity": quantity, "trader": "alice"}
    orders = (await http.get("/orders")).json()
    assert [order["quantity"] for order in orders] == [10, -4]


async def test_strangers(http: httpx.AsyncClient) -> None:
    http.headers["X-Trader-Token"] = "T-ALICE"
    assert (await http.get("/quotes/NESN")).status_code == 401
    assert (await http.get("/orders")).status_code == 401
