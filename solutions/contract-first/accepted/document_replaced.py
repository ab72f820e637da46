"""FastAPI publishes the given document instead of its own, and its types keep what that promises."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Header, HTTPException, Query
from fastapi import Path as PathParameter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, StrictInt

TOKENS = {"t-alice": "alice", "t-bob": "bob"}
CONTRACT = json.loads(Path(__file__).with_name("desk-openapi.json").read_bytes())

Pattern = Annotated[str, PathParameter(pattern=CONTRACT["components"]["schemas"]["Symbol"]["pattern"])]
Price = Annotated[str, Field(pattern=CONTRACT["components"]["schemas"]["Price"]["pattern"])]

app = FastAPI()
app.openapi = lambda: CONTRACT

published: dict[str, dict[str, str]] = {}
placed: dict[int, dict[str, Any]] = {}
used: list[str] = []


class PriceTag(BaseModel, extra="forbid"):
    price: Price


class Ticket(BaseModel, extra="forbid"):
    symbol: Annotated[str, Field(pattern="^[A-Z]{1,6}$")]
    side: Literal["buy", "sell"]
    quantity: Annotated[StrictInt, Field(ge=1, le=10_000)]
    limit_price: Price | None = None


def check_token(x_trader_token: Annotated[str | None, Header()] = None) -> str:
    if x_trader_token not in TOKENS:
        raise HTTPException(401, "unknown token")
    return TOKENS[x_trader_token]


Trader = Annotated[str, Depends(check_token)]
OrderId = Annotated[int, PathParameter(ge=1)]


def find_order(order_id: int) -> dict[str, Any]:
    if order_id not in placed:
        raise HTTPException(404, "no such order")
    return placed[order_id]


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/quotes/{symbol}")
async def quote(symbol: Pattern) -> JSONResponse:
    if symbol in published:
        return JSONResponse(published[symbol])
    return JSONResponse({"detail": "no such quote"}, 404)


@app.put("/quotes/{symbol}")
async def publish(symbol: Pattern, tag: PriceTag, _: Trader) -> JSONResponse:
    status = 200 if symbol in published else 201
    published[symbol] = {"symbol": symbol, "price": tag.price}
    return JSONResponse(published[symbol], status)


@app.get("/orders")
async def listing(
    _: Trader,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    symbol: Annotated[str | None, Query(pattern="^[A-Z]{1,6}$")] = None,
) -> list[Any]:
    return [order for order in placed.values() if symbol in {None, order["symbol"]}][:limit]


@app.post("/orders")
async def place(
    ticket: Ticket, order_key: Annotated[str, Header(pattern="^[a-z0-9-]{8,40}$")], trader: Trader
) -> JSONResponse:
    if order_key in used:
        return JSONResponse({"detail": "there is an order with this key"}, 409)
    used.append(order_key)
    order_id = len(used)
    placed[order_id] = {"id": order_id, "trader": trader, **ticket.model_dump(), "status": "open"}
    return JSONResponse(placed[order_id], 201)


@app.get("/orders/{order_id}")
async def one(order_id: OrderId, _: Trader) -> dict[str, Any]:
    return find_order(order_id)


@app.delete("/orders/{order_id}", status_code=204)
async def cancel(order_id: OrderId, _: Trader) -> None:
    order = find_order(order_id)
    if order["status"] == "cancelled":
        raise HTTPException(409, "it is cancelled already")
    order["status"] = "cancelled"
