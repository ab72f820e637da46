"""An endpoint class of Starlette, which is called for each event, and keeps a task that sends quotes."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket


class Feed(Protocol):
    def subscribe(self, symbol: str, /) -> AbstractAsyncContextManager[AsyncIterator[str]]: ...


class Choice(BaseModel):
    symbol: str


def create_app(feed: Feed, tokens: Collection[str], origin: str) -> Starlette:
    async def quote(socket: WebSocket, symbol: str) -> None:
        async with feed.subscribe(symbol) as prices:
            async for price in prices:
                await socket.send_json({"symbol": symbol, "price": price})
        await socket.close(1001)

    class Quotes(WebSocketEndpoint):
        quoting: asyncio.Task[None] | None = None

        async def on_connect(self, websocket: WebSocket) -> None:
            if websocket.cookies.get("token") in tokens and websocket.headers.get("origin") in {None, origin}:
                await websocket.accept()
                self.start(websocket, websocket.path_params["symbol"])
            else:
                await websocket.close()

        async def on_receive(self, websocket: WebSocket, data: str) -> None:
            try:
                self.start(websocket, Choice.model_validate_json(data).symbol)
            except ValidationError:
                await websocket.close(1007)

        async def on_disconnect(self, websocket: WebSocket, close_code: int) -> None:  # noqa: ARG002
            self.stop()

        def start(self, websocket: WebSocket, symbol: str) -> None:
            self.stop()
            self.quoting = asyncio.create_task(quote(websocket, symbol))

        def stop(self) -> None:
            if self.quoting:
                self.quoting.cancel()

    return Starlette(routes=[WebSocketRoute("/quotes/{symbol}", Quotes)])
