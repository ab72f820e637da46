"""A function in front of everything cuts /v1 off the path, and calls the bridge of the blotter."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol
from wsgiref.types import WSGIApplication

import metrics
from a2wsgi import WSGIMiddleware
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

TOKENS = {"t-alice", "t-bob"}


class Feed(Protocol):
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def quote(self, symbol: str, /) -> str: ...


class Order(BaseModel):
    symbol: str
    quantity: int


class TokenCheck:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = scope["type"] != "http" or scope["path"] == "/metrics/ping"
        if is_open or Headers(scope=scope).get("x-trader-token") in TOKENS:
            await self.app(scope, receive, send)
            return
        await JSONResponse({"detail": "unknown token"}, 401)(scope, receive, send)


def create_app(blotter: WSGIApplication, feed: Feed) -> ASGIApp:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        await feed.start()
        yield
        await feed.stop()

    app = FastAPI(lifespan=lifespan)

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": await feed.quote(symbol)}

    @app.post("/orders", status_code=201)
    async def take_order(order: Order) -> Order:
        return order

    app.mount("/metrics", Starlette(routes=[Route("/ping", metrics.ping), Route("/gauges/{name}", metrics.gauge)]))
    bridge = WSGIMiddleware(blotter)

    async def desk(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path.startswith("/v1/"):
            await bridge({**scope, "path": path.removeprefix("/v1")}, receive, send)
        else:
            await app(scope, receive, send)

    return TokenCheck(desk)
