"""A bridge of its own, which calls the blotter in a thread, and metrics as routes beside those of FastAPI."""

import asyncio
import io
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol
from wsgiref.types import WSGIApplication

import metrics
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
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
        environ = self.environ_of(request, await request.body())
        response = await asyncio.to_thread(self.call, environ)
        await response(scope, receive, send)

    def environ_of(self, request: Request, body: bytes) -> dict[str, Any]:
        mounted_at: str = request.scope["root_path"]
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": mounted_at,
            "PATH_INFO": request.scope["path"].removeprefix(mounted_at),
            "QUERY_STRING": request.url.query,
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": request.url.scheme,
            "wsgi.input": io.BytesIO(body),
        }
        for name, value in request.headers.items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        return environ

    def call(self, environ: dict[str, Any]) -> Response:
        parts: list[bytes] = []
        response = StreamingResponse(parts)

        def start_response(
            status: str, headers: list[tuple[str, str]], _exc_info: object = None, /
        ) -> Callable[[bytes], None]:
            response.status_code = int(status.partition(" ")[0])
            for name, value in headers:
                response.headers.append(name, value)
            return parts.append

        parts.extend(self.application(environ, start_response))
        return response


class TokenCheck:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] != "/metrics/ping":
            token = Headers(scope=scope).get("x-trader-token")
            if token not in TOKENS:
                await JSONResponse({"detail": "unknown token"}, 401)(scope, receive, send)
                return
        await self.app(scope, receive, send)


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

    app.add_route("/metrics/ping", metrics.ping)
    app.add_route("/metrics/gauges/{name}", metrics.gauge)
    app.mount("/v1", Bridge(blotter))
    return TokenCheck(app)
