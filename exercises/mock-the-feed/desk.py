"""The trading desk: prices from a market feed, orders in a book. It is complete, and it is right."""

from decimal import Decimal
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel

TOKENS = {"t-alice": "alice", "t-bob": "bob"}
"""X-Trader-Token -> trader."""


class UnknownSymbol(Exception):
    """The market trades no such symbol."""


class FeedDown(Exception):
    """The market does not answer."""


class MarketFeed:
    """The prices of the market, over the network. The desk pays for every single one."""

    async def price(self, symbol: str) -> Decimal:
        """Return the price of one share. Raises UnknownSymbol or FeedDown."""
        raise RuntimeError(f"the real market feed was asked for {symbol}, and there is no network here")


class NewOrder(BaseModel):
    """What a trader sends; a negative quantity is a sale."""

    symbol: str
    quantity: int


class Order(NewOrder):
    """What stands in the book."""

    trader: str


class OrderBook:
    """All orders, in the order in which they came."""

    def __init__(self) -> None:
        self._orders: list[Order] = []

    def add(self, order: Order) -> None:
        self._orders.append(order)

    def orders_of(self, trader: str) -> list[Order]:
        return [order for order in self._orders if order.trader == trader]


_feed = MarketFeed()
_book = OrderBook()


async def get_feed() -> MarketFeed:
    return _feed


async def get_book() -> OrderBook:
    return _book


async def get_trader(x_trader_token: Annotated[str | None, Header()] = None) -> str:
    if x_trader_token not in TOKENS:
        raise HTTPException(401, "unknown token")
    return TOKENS[x_trader_token]


app = FastAPI(title="Desk")


class Quote(BaseModel):
    """What a trader is told."""

    symbol: str
    price: Decimal
    trader: str


@app.get("/quotes/{symbol}")
async def read_quote(
    symbol: str,
    trader: Annotated[str, Depends(get_trader)],
    feed: Annotated[MarketFeed, Depends(get_feed)],
) -> Quote:
    try:
        price = await feed.price(symbol)
    except UnknownSymbol:
        raise HTTPException(404, "unknown symbol") from None
    except FeedDown:
        raise HTTPException(503, "no prices at the moment") from None
    return Quote(symbol=symbol, price=price, trader=trader)


@app.post("/orders", status_code=201)
async def place_order(
    new: NewOrder,
    trader: Annotated[str, Depends(get_trader)],
    book: Annotated[OrderBook, Depends(get_book)],
) -> Order:
    order = Order(symbol=new.symbol, quantity=new.quantity, trader=trader)
    book.add(order)
    return order


@app.get("/orders")
async def read_orders(
    trader: Annotated[str, Depends(get_trader)],
    book: Annotated[OrderBook, Depends(get_book)],
) -> list[Order]:
    return book.orders_of(trader)
