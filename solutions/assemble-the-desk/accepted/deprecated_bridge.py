"""The bridge that FastAPI still has, although it is deprecated, and a decorated middleware."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol
from wsgiref.types import WSGIApplication

import metrics
from fastapi import FastAPI, Request, Response
from fastapi.middleware.wsgi import WSGIMiddleware
from fastapi.responses import JSONResponse
from pydantic import BaseModel

TOKENS = {"t-alice", "t-bob"}


class Feed(Protocol):
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def quote(self, symbol: str, /) -> str: ...


class Order(BaseModel):
    symbol: str
    quantity: int


def create_app(blotter: WSGIApplication, feed: Feed) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        await feed.start()
        yield
        await feed.stop()

    app = FastAPI(lifespan=lifespan)

    @app.middleware("http")
    async def check_token(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.url.path != "/metrics/ping" and request.headers.get("x-trader-token") not in TOKENS:
            return JSONResponse({"detail": "unknown token"}, 401)
        return await call_next(request)

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": await feed.quote(symbol)}

    @app.post("/orders", status_code=201)
    async def take_order(order: Order) -> Order:
        return order

    app.add_api_route("/metrics/ping", metrics.ping, include_in_schema=False)
    app.add_api_route("/metrics/gauges/{name}", metrics.gauge, include_in_schema=False)
    app.mount("/v1", WSGIMiddleware(blotter))
    return app
