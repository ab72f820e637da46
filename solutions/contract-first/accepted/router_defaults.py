"""Routers declare for all their operations what these have in common, and ids come from the names of functions."""

from enum import Enum
from typing import Annotated

from annotated_types import Interval
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Path, Query, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic.types import StrictInt

TOKENS = {"t-alice": "alice", "t-bob": "bob"}

Symbol = Annotated[str, StringConstraints(pattern="^[A-Z]{1,6}$")]
Price = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}\.[0-9]{2}$")]
Quantity = Annotated[StrictInt, Interval(gt=0, le=10_000)]


class Side(Enum):
    BUY = "buy"
    SELL = "sell"


class Status(Enum):
    OPEN = "open"
    CANCELLED = "cancelled"


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PriceBody(Body):
    price: Price


class OrderBody(Body):
    symbol: Symbol
    side: Side
    quantity: Quantity
    limit_price: Price | None = None


class Quote(BaseModel):
    symbol: Symbol
    price: Price


class Order(BaseModel):
    id: int
    trader: str
    symbol: Symbol
    side: Side
    quantity: int
    limit_price: Price | None
    status: Status


class Refusal(BaseModel):
    detail: str


class Book:
    def __init__(self) -> None:
        self.prices: dict[str, str] = {}
        self.orders: list[Order] = []
        self.keys: list[str] = []


book = Book()


def camel_case(route: APIRoute) -> str:
    verb, noun = route.name.split("_")
    return verb + noun.capitalize()


def trader_of(token: Annotated[str, Security(APIKeyHeader(name="x-trader-token"))]) -> str:
    trader = TOKENS.get(token)
    if trader is None:
        raise HTTPException(status_code=401)
    return trader


def order_of(order_id: Annotated[int, Path(gt=0)]) -> Order:
    if order_id > len(book.orders):
        raise HTTPException(status_code=404)
    return book.orders[order_id - 1]


def declared(status: int) -> dict[int | str, dict[str, object]]:
    return {status: {"model": Refusal}}


FoundOrder = Annotated[Order, Depends(order_of)]

everybody = APIRouter(generate_unique_id_function=camel_case)
traders = APIRouter(generate_unique_id_function=camel_case, dependencies=[Depends(trader_of)], responses=declared(401))
one_order = APIRouter(prefix="/{order_id}", responses=declared(404))


@everybody.get("/quotes/{symbol}", responses=declared(404))
async def get_quote(symbol: Symbol) -> Quote:
    if symbol not in book.prices:
        raise HTTPException(status_code=404)
    return Quote(symbol=symbol, price=book.prices[symbol])


@traders.put("/quotes/{symbol}", responses={201: {"model": Quote}})
async def publish_quote(symbol: Symbol, body: PriceBody, response: Response) -> Quote:
    response.status_code = 200 if symbol in book.prices else 201
    book.prices[symbol] = body.price
    return Quote(symbol=symbol, price=body.price)


@traders.get("/orders")
async def list_orders(limit: int = Query(20, gt=0, le=100), symbol: Symbol | None = None) -> list[Order]:
    chosen = [order for order in book.orders if symbol is None or order.symbol == symbol]
    return chosen[:limit]


@traders.post("/orders", status_code=201, responses=declared(409))
async def place_order(
    body: OrderBody,
    trader: Annotated[str, Depends(trader_of)],
    key: Annotated[str, Header(alias="Order-Key", min_length=8, max_length=40, pattern="^[a-z0-9-]+$")],
) -> Order:
    if key in book.keys:
        raise HTTPException(status_code=409)
    book.keys.append(key)
    book.orders.append(Order(id=len(book.keys), trader=trader, status=Status.OPEN, **dict(body)))
    return book.orders[-1]


@one_order.get("")
async def get_order(order: FoundOrder) -> Order:
    return order


@one_order.delete("", status_code=204, responses=declared(409))
async def cancel_order(order: FoundOrder) -> None:
    if order.status is Status.CANCELLED:
        raise HTTPException(status_code=409)
    order.status = Status.CANCELLED


traders.include_router(one_order, prefix="/orders")
app = FastAPI()
app.include_router(everybody)
app.include_router(traders)


@app.get("/health", include_in_schema=False)
async def health() -> dict[str, str]:
    return {"status": "ok"}
