"""The endpoint of Starlette asks for the token with Depends."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Protocol
from wsgiref.types import WSGIApplication

import metrics
from a2wsgi import WSGIMiddleware
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
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


async def require_token(x_trader_token: Annotated[str | None, Header()] = None) -> str:
    if x_trader_token not in TOKENS:
        raise HTTPException(401, "unknown token")
    return x_trader_token


def guarded(app: ASGIApp) -> ASGIApp:
    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if Headers(scope=scope).get("x-trader-token") in TOKENS:
            await app(scope, receive, send)
        else:
            await JSONResponse({"detail": "unknown token"}, 401)(scope, receive, send)

    return guard


async def gauge(request: Request, trader: str = Depends(require_token)) -> Response:
    return await metrics.gauge(request)


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

    app.mount("/metrics", Starlette(routes=[Route("/ping", metrics.ping), Route("/gauges/{name}", gauge)]))
    app.mount("/v1", guarded(WSGIMiddleware(blotter)))
    return app
