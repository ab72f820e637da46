"""Starlette's routes are handed to FastAPI, which is to publish them."""

import json
import re
from typing import Any, cast

from fastapi import FastAPI
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKENS = {"t-alice": "alice", "t-bob": "bob"}

SYMBOL = re.compile("[A-Z]{1,6}")
PRICE = re.compile(r"[0-9]{1,6}\.[0-9]{2}")
KEY = re.compile("[a-z0-9-]{8,40}")
NUMBER = re.compile("[1-9][0-9]{0,100}")
MOST_LISTED = 100
MOST_ORDERED = 10_000

prices: dict[str, str] = {}
orders: list[dict[str, Any]] = []
keys: set[str] = set()


class RefusedError(Exception):
    def __init__(self, status: int, detail: object) -> None:
        self.status, self.detail = status, detail


def wrong() -> RefusedError:
    return RefusedError(422, [{"loc": (), "msg": "not as in the contract", "type": "contract"}])


async def refuse(_: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)  # noqa: S101 - the only kind for which this is registered
    return JSONResponse({"detail": error.detail}, error.status)


def trader_of(request: Request) -> str:
    trader = TOKENS.get(request.headers.get("x-trader-token", ""))
    if trader is None:
        raise RefusedError(401, "unknown token")
    return trader


def matching(pattern: re.Pattern[str], text: Any) -> str:
    if type(text) is not str or not pattern.fullmatch(text):
        raise wrong()
    return text


async def body_of(request: Request, required: set[str], optional: set[str]) -> dict[str, Any]:
    try:
        body: Any = json.loads(await request.body())
    except ValueError:
        raise wrong() from None
    if not isinstance(body, dict) or not required <= set(cast("dict[str, Any]", body)) <= required | optional:
        raise wrong()
    return cast("dict[str, Any]", body)


async def health(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


class Quotes(HTTPEndpoint):
    async def get(self, request: Request) -> Response:
        symbol = matching(SYMBOL, request.path_params["symbol"])
        if symbol not in prices:
            raise RefusedError(404, "no such quote")
        return JSONResponse({"symbol": symbol, "price": prices[symbol]})

    async def put(self, request: Request) -> Response:
        trader_of(request)
        symbol = matching(SYMBOL, request.path_params["symbol"])
        body = await body_of(request, {"price"}, set())
        price = matching(PRICE, body["price"])
        status = 200 if symbol in prices else 201
        prices[symbol] = price
        return JSONResponse({"symbol": symbol, "price": price}, status)


class Orders(HTTPEndpoint):
    async def get(self, request: Request) -> Response:
        trader_of(request)
        limit = int(matching(NUMBER, request.query_params.get("limit", "20")))
        if limit > MOST_LISTED:
            raise wrong()
        chosen = orders
        if "symbol" in request.query_params:
            symbol = matching(SYMBOL, request.query_params["symbol"])
            chosen = [order for order in orders if order["symbol"] == symbol]
        return JSONResponse(chosen[:limit])

    async def post(self, request: Request) -> Response:
        trader = trader_of(request)
        key = matching(KEY, request.headers.get("order-key"))
        body = await body_of(request, {"symbol", "side", "quantity"}, {"limit_price"})
        matching(SYMBOL, body["symbol"])
        if body["side"] not in ["buy", "sell"]:
            raise wrong()
        if type(body["quantity"]) is not int or not 1 <= body["quantity"] <= MOST_ORDERED:
            raise wrong()
        if body.setdefault("limit_price", None) is not None:
            matching(PRICE, body["limit_price"])
        if key in keys:
            raise RefusedError(409, "an order with this key has been placed")
        keys.add(key)
        orders.append({"id": len(keys), "trader": trader, **body, "status": "open"})
        return JSONResponse(orders[-1], 201)


class OneOrder(HTTPEndpoint):
    async def get(self, request: Request) -> Response:
        return JSONResponse(self.order_of(request))

    async def delete(self, request: Request) -> Response:
        order = self.order_of(request)
        if order["status"] == "cancelled":
            raise RefusedError(409, "it is cancelled already")
        order["status"] = "cancelled"
        return Response(status_code=204)

    def order_of(self, request: Request) -> dict[str, Any]:
        trader_of(request)
        order_id = int(matching(NUMBER, request.path_params["order_id"]))
        if order_id > len(orders):
            raise RefusedError(404, "no such order")
        return orders[order_id - 1]


app = FastAPI(
    routes=[
        Route("/health", health),
        Route("/quotes/{symbol}", Quotes),
        Route("/orders", Orders),
        Route("/orders/{order_id}", OneOrder),
    ],
    exception_handlers={RefusedError: refuse},
)
