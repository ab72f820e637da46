"""A dependency answers strangers with 403, and AnyIO's cancel scopes end what has to end."""

from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager, suppress
from typing import Protocol

from anyio import CancelScope, create_task_group
from fastapi import Depends, FastAPI, HTTPException, WebSocket, WebSocketDisconnect
from fastapi.requests import HTTPConnection
from pydantic import BaseModel, ValidationError


class Feed(Protocol):
    def subscribe(self, symbol: str, /) -> AbstractAsyncContextManager[AsyncIterator[str]]: ...


class Choice(BaseModel):
    symbol: str


def create_app(feed: Feed, tokens: Collection[str], origin: str) -> FastAPI:
    app = FastAPI()

    async def let_in(connection: HTTPConnection) -> None:
        if connection.cookies.get("token") not in tokens or connection.headers.get("origin", origin) != origin:
            raise HTTPException(403)

    async def quote(socket: WebSocket, symbol: str, scope: CancelScope) -> None:
        with scope, suppress(WebSocketDisconnect):
            async with feed.subscribe(symbol) as prices:
                async for price in prices:
                    await socket.send_json({"symbol": symbol, "price": price})
            await socket.close(1001)

    @app.websocket("/quotes/{symbol}", dependencies=[Depends(let_in)])
    async def quotes(socket: WebSocket, symbol: str) -> None:
        await socket.accept()
        async with create_task_group() as group:
            scope = CancelScope()
            group.start_soon(quote, socket, symbol, scope)
            async for text in socket.iter_text():
                scope.cancel()
                try:
                    symbol = Choice.model_validate_json(text).symbol
                except ValidationError:
                    await socket.close(1007)
                    break
                scope = CancelScope()
                group.start_soon(quote, socket, symbol, scope)
            group.cancel_scope.cancel()

    return app
