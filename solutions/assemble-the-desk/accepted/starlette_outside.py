"""Starlette outside, with FastAPI mounted at / after everything else; token check and lifespan belong to Starlette."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Protocol, cast
from wsgiref.types import WSGIApplication

import metrics
from a2wsgi import WSGIMiddleware
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

TOKENS = {"t-alice", "t-bob"}


class Feed(Protocol):
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def quote(self, symbol: str, /) -> str: ...


class Order(BaseModel):
    symbol: str
    quantity: int


class TokenCheck(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        if request.url.path != "/metrics/ping" and request.headers.get("x-trader-token") not in TOKENS:
            return Response(status_code=401)
        return await call_next(request)


def create_app(blotter: WSGIApplication, feed: Feed) -> Starlette:
    api = FastAPI()

    @api.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": await feed.quote(symbol)}

    @api.post("/orders", status_code=201)
    async def take_order(order: Order) -> Order:
        return order

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        await feed.start()
        yield
        await feed.stop()

    bridge: Any = WSGIMiddleware(cast("Any", blotter))  # a2wsgi has its own types for both protocols
    routes = [
        Mount("/metrics", routes=[Route("/ping", metrics.ping), Route("/gauges/{name}", metrics.gauge)]),
        Mount("/v1", bridge),
        Mount("/", api),
    ]
    return Starlette(routes=routes, middleware=[Middleware(TokenCheck)], lifespan=lifespan)
