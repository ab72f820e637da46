"""Sends quotes, and reads nothing that the client sends."""

from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Protocol

from fastapi import Cookie, FastAPI, WebSocket, WebSocketDisconnect, WebSocketException


class Feed(Protocol):
    def subscribe(self, symbol: str, /) -> AbstractAsyncContextManager[AsyncIterator[str]]: ...


def create_app(feed: Feed, tokens: Collection[str], origin: str) -> FastAPI:
    app = FastAPI()

    async def quote(socket: WebSocket, symbol: str) -> None:
        async with feed.subscribe(symbol) as prices:
            async for price in prices:
                await socket.send_json({"symbol": symbol, "price": price})
        await socket.close(1001)

    @app.websocket("/quotes/{symbol}")
    async def quotes(socket: WebSocket, symbol: str, token: Annotated[str, Cookie()]) -> None:
        if token not in tokens or socket.headers.get("origin", origin) != origin:
            raise WebSocketException(1008)
        await socket.accept()
        try:
            await quote(socket, symbol)
        except WebSocketDisconnect:
            pass

    return app
