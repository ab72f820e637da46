"""A dependency asks for the token on the routes of FastAPI, and a wrapper does on what is mounted."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Protocol, cast
from wsgiref.types import WSGIApplication

import metrics
from a2wsgi import WSGIMiddleware
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

TOKENS = {"t-alice", "t-bob"}


class Feed(Protocol):
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def quote(self, symbol: str, /) -> str: ...


class Order(BaseModel):
    symbol: str
    quantity: int


async def require_token(x_trader_token: Annotated[str | None, Header()] = None) -> None:
    if x_trader_token not in TOKENS:
        raise HTTPException(401, "unknown token")


def guarded(app: ASGIApp) -> ASGIApp:
    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if Request(scope).headers.get("x-trader-token") in TOKENS:
            await app(scope, receive, send)
        else:
            await JSONResponse({"detail": "unknown token"}, 401)(scope, receive, send)

    return guard


def create_app(blotter: WSGIApplication, feed: Feed) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        await feed.start()
        yield
        await feed.stop()

    app = FastAPI(lifespan=lifespan, dependencies=[Depends(require_token)])

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": await feed.quote(symbol)}

    @app.post("/orders", status_code=201)
    async def take_order(order: Order) -> Order:
        return order

    gauges = Router([Route("/{name}", metrics.gauge)])
    app.mount("/metrics", Router([Route("/ping", metrics.ping), Mount("/gauges", guarded(gauges))]))
    bridge: Any = WSGIMiddleware(cast("Any", blotter))  # a2wsgi has its own types for both protocols
    app.mount("/v1", guarded(bridge))
    return app
