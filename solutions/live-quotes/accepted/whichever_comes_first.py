"""One loop waits for a price or a message, whichever comes first, and a middleware refuses strangers."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from fastapi import FastAPI, WebSocket
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Feed(Protocol):
    def subscribe(self, symbol: str, /) -> AbstractAsyncContextManager[AsyncIterator[str]]: ...


def symbol_of(message: Message) -> str | None:
    try:
        symbol = json.loads(message["text"])["symbol"]
    except (ValueError, TypeError, KeyError):
        return None
    return symbol if isinstance(symbol, str) else None


def create_app(feed: Feed, tokens: Collection[str], origin: str) -> ASGIApp:
    app = FastAPI()

    async def quote_until_message(socket: WebSocket, symbol: str, message: asyncio.Task[Message]) -> None:
        async with feed.subscribe(symbol) as prices:
            while True:
                price = asyncio.ensure_future(anext(prices, None))
                await asyncio.wait({price, message}, return_when=asyncio.FIRST_COMPLETED)
                if message.done():
                    price.cancel()
                    return
                if price.result() is None:
                    await socket.close(1001)
                    return
                await socket.send_json({"symbol": symbol, "price": price.result()})

    @app.websocket("/quotes/{symbol}")
    async def quotes(socket: WebSocket, symbol: str | None) -> None:
        await socket.accept()
        while symbol is not None:
            message = asyncio.create_task(socket.receive())
            await quote_until_message(socket, symbol, message)
            if (await message)["type"] == "websocket.disconnect":
                return
            symbol = symbol_of(await message)
        await socket.close(1007)

    async def desk(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            connection = HTTPConnection(scope)
            if connection.cookies.get("token") not in tokens or connection.headers.get("origin", origin) != origin:
                await send({"type": "websocket.close"})
                return
        await app(scope, receive, send)

    return desk
