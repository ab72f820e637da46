"""Refuses clients that send no origin."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Protocol

from fastapi import Cookie, FastAPI, WebSocket, WebSocketDisconnect, WebSocketException
from pydantic import BaseModel, ValidationError


class Feed(Protocol):
    def subscribe(self, symbol: str, /) -> AbstractAsyncContextManager[AsyncIterator[str]]: ...


class Choice(BaseModel):
    symbol: str


def create_app(feed: Feed, tokens: Collection[str], origin: str) -> FastAPI:
    app = FastAPI()

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
    async def quotes(socket: WebSocket, symbol: str, token: Annotated[str, Cookie()]) -> None:
        if token not in tokens or socket.headers.get("origin") != origin:
            raise WebSocketException(1008)
        await socket.accept()
        try:
            await converse(socket, symbol)
        except* WebSocketDisconnect:
            pass
        except* ValidationError:
            await socket.close(1007)

    return app
