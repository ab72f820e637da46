"""Live quotes over a WebSocket. See README.md beside this file."""

from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from fastapi import FastAPI, WebSocket


class Feed(Protocol):
    """Knows the prices of all symbols."""

    def subscribe(self, symbol: str, /) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Subscribe to one symbol: `async with` begins and ends it, and `async for` waits for its prices."""
        ...


def create_app(feed: Feed, tokens: Collection[str], origin: str) -> FastAPI:
    """Return the desk. `tokens` are those of the traders, and `origin` is that of the desk's own page."""
    app = FastAPI()

    @app.websocket("/quotes/{symbol}")
    async def quotes(socket: WebSocket, symbol: str) -> None:
        # TODO: let in whom README.md wants to be let in, send quotes, and listen to the client at the same time
        await socket.close()

    return app
