"""Layers are wrapped around the application, and the endpoint opens the session and hangs a task on its answer."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import uuid4

from fastapi import FastAPI, HTTPException, Security
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKENS = {"t-alice": "alice", "t-bob": "bob"}
HALTED = "XYZ"

Line = tuple[str, str, int]


class Order(BaseModel):
    id: str
    symbol: str
    quantity: int = Field(gt=0, le=10_000)


def named(app: ASGIApp, note: Callable[[Line], None]) -> ASGIApp:
    async def layer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
            return
        identifier = Headers(scope=scope).get("x-request-id", uuid4().hex)

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-request-id"] = identifier
                note((identifier, scope["path"], message["status"]))
            await send(message)

        await app(scope, receive, send_named)

    return layer


def trader_of(token: Annotated[str, Security(APIKeyHeader(name="X-Trader-Token"))]) -> str:
    if trader := TOKENS.get(token):
        return trader
    raise HTTPException(401)


Trader = Annotated[str, Security(trader_of)]


def create_app(desk: Any) -> ASGIApp:
    app = FastAPI(responses={401: {}})

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str, _: Trader) -> dict[str, str]:
        return {"symbol": symbol, "price": await desk.price(symbol)}

    async def book(order_id: str) -> None:
        await run_in_threadpool(desk.ledger.record, order_id)
        await desk.mailer.send(order_id)

    @app.post("/orders", status_code=202, responses={403: {}, 409: {}})
    async def place(order: Order, trader: Trader) -> JSONResponse:
        async with desk.session() as session:
            account = await session.account(trader)
            if not account["may_trade"]:
                raise HTTPException(403)
            if order.symbol == HALTED or order.quantity > account["limit"]:
                raise HTTPException(409)
            answer = {"id": order.id, "account": account["number"]}
            return JSONResponse(answer, 202, background=BackgroundTask(book, order.id))

    return CORSMiddleware(
        named(app, desk.audit.append),
        allow_origins=("https://desk.example", "http://localhost:5173"),
        allow_methods=("GET", "POST"),
        allow_headers=("X-Trader-Token", "X-Request-ID"),
        expose_headers=("X-Request-ID",),
    )
