"""Refusals are declared by their statuses alone."""

from itertools import count
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Header, HTTPException, Path, Query, Response
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, ConfigDict, Field

TOKENS = {"t-alice": "alice", "t-bob": "bob"}

SYMBOL = "^[A-Z]{1,6}$"
Symbol = Annotated[str, Field(pattern=SYMBOL)]
Price = Annotated[str, Field(pattern=r"^[0-9]{1,6}\.[0-9]{2}$")]
Side = Literal["buy", "sell"]
Quantity = Annotated[int, Field(ge=1, le=10_000, strict=True)]


class NewQuote(BaseModel):
    model_config = ConfigDict(extra="forbid")

    price: Price


class Quote(BaseModel):
    symbol: str
    price: str


class NewOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    symbol: Symbol
    side: Side
    quantity: Quantity
    limit_price: Price | None = None


class Order(BaseModel):
    id: int
    trader: str
    symbol: str
    side: Side
    quantity: int
    limit_price: str | None
    status: Literal["open", "cancelled"]


app = FastAPI()
trader_token = APIKeyHeader(name="X-Trader-Token")

prices: dict[str, str] = {}
orders: dict[int, Order] = {}
keys: set[str] = set()
numbers = count(1)


def find_trader(token: Annotated[str, Depends(trader_token)]) -> str:
    if token not in TOKENS:
        raise HTTPException(401, "unknown token")
    return TOKENS[token]


Trader = Annotated[str, Depends(find_trader)]
OrderId = Annotated[int, Path(ge=1)]
PathSymbol = Annotated[str, Path(pattern=SYMBOL)]


@app.get("/health", include_in_schema=False)
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/quotes/{symbol}", operation_id="getQuote", responses={404: {"description": "There is none."}})
async def get_quote(symbol: PathSymbol) -> Quote:
    if symbol not in prices:
        raise HTTPException(404, "no such quote")
    return Quote(symbol=symbol, price=prices[symbol])


@app.put("/quotes/{symbol}", operation_id="publishQuote", responses={201: {"model": Quote}, 401: {}})
async def publish_quote(symbol: PathSymbol, quote: NewQuote, _: Trader, response: Response) -> Quote:
    if symbol not in prices:
        response.status_code = 201
    prices[symbol] = quote.price
    return Quote(symbol=symbol, price=quote.price)


@app.get("/orders", operation_id="listOrders", responses={401: {}})
async def list_orders(
    _: Trader,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    symbol: Annotated[str | None, Query(pattern=SYMBOL)] = None,
) -> list[Order]:
    return [order for order in orders.values() if symbol in {None, order.symbol}][:limit]


@app.post(
    "/orders",
    status_code=201,
    operation_id="placeOrder",
    responses={401: {}, 409: {}},
)
async def place_order(
    order: NewOrder,
    trader: Trader,
    order_key: Annotated[str, Header(min_length=8, max_length=40, pattern="^[a-z0-9-]+$")],
) -> Order:
    if order_key in keys:
        raise HTTPException(409, "an order with this key has been placed")
    keys.add(order_key)
    placed = Order(id=next(numbers), trader=trader, status="open", **order.model_dump())
    orders[placed.id] = placed
    return placed


@app.get("/orders/{order_id}", operation_id="getOrder", responses={401: {}, 404: {}})
async def get_order(order_id: OrderId, _: Trader) -> Order:
    if order_id not in orders:
        raise HTTPException(404, "no such order")
    return orders[order_id]


@app.delete(
    "/orders/{order_id}",
    status_code=204,
    operation_id="cancelOrder",
    responses={401: {}, 404: {}, 409: {}},
)
async def cancel_order(order_id: OrderId, trader: Trader) -> None:
    order = await get_order(order_id, trader)
    if order.status == "cancelled":
        raise HTTPException(409, "the order is cancelled already")
    order.status = "cancelled"
