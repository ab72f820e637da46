"""One ASGI function finds out who answers, asks for the token, and serves the lifespan, all by hand."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast
from wsgiref.types import WSGIApplication

import metrics
from a2wsgi import WSGIMiddleware
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

TOKENS = {"t-alice", "t-bob"}


class Feed(Protocol):
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def quote(self, symbol: str, /) -> str: ...


class Order(BaseModel):
    symbol: str
    quantity: int


def create_app(blotter: WSGIApplication, feed: Feed) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    api = FastAPI()

    @api.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": await feed.quote(symbol)}

    @api.post("/orders", status_code=201)
    async def take_order(order: Order) -> Order:
        return order

    bridge: Any = WSGIMiddleware(cast("Any", blotter))  # a2wsgi has its own types for both protocols
    parts: dict[str, ASGIApp] = {
        "/metrics": Router([Route("/ping", metrics.ping), Route("/gauges/{name}", metrics.gauge)]),
        "/v1": bridge,
    }

    async def serve_lifespan(receive: Receive, send: Send) -> None:
        await receive()
        await feed.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await feed.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def desk(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await serve_lifespan(receive, send)
            return
        if scope["path"] != "/metrics/ping" and Request(scope).headers.get("x-trader-token") not in TOKENS:
            await Response(status_code=401)(scope, receive, send)
            return
        for prefix, part in parts.items():
            if scope["path"].startswith(f"{prefix}/"):
                await part({**scope, "root_path": prefix}, receive, send)
                return
        await api(scope, receive, send)

    return desk
