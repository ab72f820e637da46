"""A bridge of its own takes the headers of the blotter over in a dict."""

import asyncio
import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol
from wsgiref.types import WSGIApplication

import metrics
from fastapi import FastAPI
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


class Bridge:
    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        environ = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": scope["root_path"],
            "PATH_INFO": scope["path"].removeprefix(scope["root_path"]),
            "QUERY_STRING": request.url.query,
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": request.url.scheme,
            "wsgi.input": io.BytesIO(body),
        }
        for name, value in request.headers.items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        response = Response()

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            response.status_code = int(status[:3])
            response.headers.update(dict(headers))

        response.body = await asyncio.to_thread(lambda: b"".join(self.application(environ, start_response)))
        response.headers["content-length"] = str(len(response.body))
        await response(scope, receive, send)


class TokenCheck:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = scope["type"] != "http" or scope["path"] == "/metrics/ping"
        if is_open or Headers(scope=scope).get("x-trader-token") in TOKENS:
            await self.app(scope, receive, send)
            return
        await JSONResponse({"detail": "unknown token"}, 401)(scope, receive, send)


def create_app(blotter: WSGIApplication, feed: Feed) -> FastAPI:
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
    app.mount("/v1", Bridge(blotter))
    app.add_middleware(TokenCheck)
    return app
