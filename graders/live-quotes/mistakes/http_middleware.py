"""Looks at token and origin in a middleware for HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError


class Feed(Protocol):
    def subscribe(self, symbol: str, /) -> AbstractAsyncContextManager[AsyncIterator[str]]: ...


class Choice(BaseModel):
    symbol: str


def create_app(feed: Feed, tokens: Collection[str], origin: str) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def let_in(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.cookies.get("token") not in tokens or request.headers.get("origin", origin) != origin:
            return Response(status_code=403)
        return await call_next(request)

    async def quote(socket: WebSocket, symbol: str) -> None:
        async with feed.subscribe(symbol) as prices:
            async for price in prices:
                await socket.send_json({"symbol": symbol, "price": price})
        await socket.close(1001)

    async def converse(socket: WebSocket, symbol: str) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                quoting = group.create_task(quote(socket, symbol))
                symbol = Choice.model_validate_json(await socket.receive_text()).symbol
                quoting.cancel()

    @app.websocket("/quotes/{symbol}")
    async def quotes(socket: WebSocket, symbol: str) -> None:
        await socket.accept()
        try:
            await converse(socket, symbol)
        except* WebSocketDisconnect:
            pass
        except* ValidationError:
            await socket.close(1007)

    return app
