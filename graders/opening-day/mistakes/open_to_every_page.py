"""Allows every origin."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import uuid4

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, Field
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKENS = {"t-alice": "alice", "t-bob": "bob"}
HALTED = "XYZ"

trader_token = APIKeyHeader(name="X-Trader-Token")


class Order(BaseModel):
    id: str
    symbol: str
    quantity: Annotated[int, Field(ge=1, le=10_000)]


class Trail:
    def __init__(self, app: ASGIApp, audit: list[tuple[str, str, int]]) -> None:
        self.app = app
        self.audit = audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = Headers(scope=scope).get("x-request-id") or uuid4().hex
        has_begun = False

        async def send_named(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                MutableHeaders(scope=message)["x-request-id"] = request_id
                self.audit.append((request_id, scope["path"], message["status"]))
            await send(message)

        try:
            await self.app(scope, receive, send_named)
        except Exception:
            if has_begun:
                raise
            await JSONResponse({"detail": "internal"}, 500)(scope, receive, send_named)


async def find_trader(token: Annotated[str, Depends(trader_token)]) -> str:
    if token not in TOKENS:
        raise HTTPException(401, "a token is needed")
    return TOKENS[token]


Trader = Annotated[str, Depends(find_trader)]


def create_app(desk: Any) -> FastAPI:
    app = FastAPI()

    async def find_account(trader: Trader) -> AsyncIterator[dict[str, Any]]:
        async with desk.session() as session:
            yield await session.account(trader)

    @app.get("/quotes/{symbol}", dependencies=[Depends(find_trader)], responses={401: {}})
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": await desk.price(symbol)}

    @app.post("/orders", status_code=202, responses={401: {}, 403: {}, 409: {}})
    async def place(
        order: Order,
        account: Annotated[dict[str, Any], Depends(find_account, scope="function")],
        tasks: BackgroundTasks,
    ) -> dict[str, str]:
        if not account["may_trade"]:
            raise HTTPException(403, "this account may not trade")
        if order.symbol == HALTED or order.quantity > account["limit"]:
            raise HTTPException(409, "halted, or above the limit")
        tasks.add_task(desk.ledger.record, order.id)
        tasks.add_task(desk.mailer.send, order.id)
        return {"id": order.id, "account": account["number"]}

    app.add_middleware(Trail, audit=desk.audit)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "POST"],
        allow_headers=["X-Trader-Token", "X-Request-ID"],
        expose_headers=["X-Request-ID"],
    )
    return app
