"""The given desk once more, put together from other parts. It keeps the same promises."""

from collections import defaultdict
from decimal import Decimal
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

TOKENS = {"t-alice": "alice", "t-bob": "bob"}


class UnknownSymbol(Exception):
    """Nobody trades it."""


class FeedDown(Exception):
    """Nobody answers."""


class MarketFeed:
    """The prices of the market."""

    async def price(self, symbol: str) -> Decimal:
        """Return the price of one share. Raises UnknownSymbol or FeedDown."""
        raise RuntimeError(f"the real market feed was asked for {symbol}, and there is no network here")


class NewOrder(BaseModel):
    """An order as it arrives."""

    symbol: str
    quantity: int


class Order(NewOrder):
    """An order as it is kept."""

    trader: str


class OrderBook:
    """A list of orders for every trader."""

    def __init__(self) -> None:
        self._orders = defaultdict[str, list[Order]](list)

    def add(self, order: Order) -> None:
        """Keep an order."""
        self._orders[order.trader].append(order)

    def orders_of(self, trader: str) -> list[Order]:
        """Return a trader's orders, first come first."""
        return list(self._orders[trader])


_feed = MarketFeed()
_book = OrderBook()


def get_feed() -> MarketFeed:
    """Return the market feed."""
    return _feed


def get_book() -> OrderBook:
    """Return the order book."""
    return _book


def get_trader(request: Request) -> str:
    """Return the trader whom the token belongs to."""
    trader = TOKENS.get(request.headers.get("X-Trader-Token", ""))
    if trader is None:
        raise HTTPException(status_code=401, detail="unknown token")
    return trader


Trader: TypeAlias = Annotated[str, Depends(get_trader)]
Feed: TypeAlias = Annotated[MarketFeed, Depends(get_feed)]
Book: TypeAlias = Annotated[OrderBook, Depends(get_book)]

quotes = APIRouter(prefix="/quotes")
orders = APIRouter(prefix="/orders")


@quotes.get("/{symbol}")
async def quote(symbol: str, trader: Trader, feed: Feed) -> dict[str, str]:
    """Tell a price."""
    return {"symbol": symbol, "price": str(await feed.price(symbol)), "trader": trader}


@orders.post("", status_code=201)
async def place(new: NewOrder, trader: Trader, book: Book) -> Order:
    """Keep an order."""
    order = Order(**new.model_dump(), trader=trader)
    book.add(order)
    return order


@orders.get("")
async def show(trader: Trader, book: Book) -> list[Order]:
    """Show the trader's orders."""
    return book.orders_of(trader)


app = FastAPI()
app.include_router(quotes)
app.include_router(orders)


@app.exception_handler(UnknownSymbol)
async def not_found(_request: Request, _error: Exception) -> JSONResponse:
    """Say that there is no such symbol."""
    return JSONResponse({"detail": "unknown symbol"}, 404)


@app.exception_handler(FeedDown)
async def unavailable(_request: Request, _error: Exception) -> JSONResponse:
    """Say that there are no prices."""
    return JSONResponse({"detail": "no prices at the moment"}, 503)
