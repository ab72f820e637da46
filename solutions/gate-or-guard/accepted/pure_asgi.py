"""Three pure ASGI middlewares, the last of which counts the bytes of the body as they are received."""

from typing import Annotated

from desk import Desk, Order, Ticket, Trader
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_BODY = 1024
ORDERS_PER_TRADER = 3


class Timing:
    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app, self.desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrived = self.desk.clock()

        async def send_timed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Process-Time"] = str(self.desk.clock() - arrived)
            await send(message)

        await self.app(scope, receive, send_timed)


class Maintenance:
    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app, self.desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_closed = scope["type"] == "http" and self.desk.maintenance
        app = JSONResponse({"detail": "closed for maintenance"}, 503) if is_closed else self.app
        await app(scope, receive, send)


class BodyLimit:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        announced = int(dict(scope.get("headers", [])).get(b"content-length", b"0"))
        arrived = 0

        async def receive_counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > LONGEST_BODY:
                raise HTTPException(413)
            return message

        app = JSONResponse({"detail": "too long"}, 413) if announced > LONGEST_BODY else self.app
        await app(scope, receive_counted, send)


async def current_trader(request: Request, x_trader_token: Annotated[str | None, Header()] = None) -> Trader:
    trader = request.app.state.desk.traders.get(x_trader_token)
    if trader is None:
        raise HTTPException(401)
    return trader


CurrentTrader = Annotated[Trader, Depends(current_trader)]


async def order_limit(request: Request, trader: CurrentTrader) -> None:
    if len(request.app.state.desk.orders_of(trader)) >= ORDERS_PER_TRADER:
        raise HTTPException(429)


def create_app(desk: Desk) -> FastAPI:
    layers = [Middleware(Timing, desk=desk), Middleware(Maintenance, desk=desk), Middleware(BodyLimit)]
    app = FastAPI(middleware=layers)
    app.state.desk = desk

    @app.get("/hours")
    async def hours() -> dict[str, str]:
        return {"opens": "09:30", "closes": "16:00"}

    @app.get("/me")
    async def me(trader: CurrentTrader) -> Trader:
        return trader

    @app.get("/orders")
    async def own_orders(trader: CurrentTrader) -> list[Order]:
        return desk.orders_of(trader)

    @app.post("/orders", status_code=201)
    async def place_order(ticket: Ticket, trader: CurrentTrader, _: Annotated[None, Depends(order_limit)]) -> Order:
        return desk.place(trader, ticket)

    @app.get("/orders/{order_id}")
    async def one_order(order_id: str, trader: CurrentTrader) -> Order:
        if order_id not in desk.orders:
            raise HTTPException(404)
        if desk.orders[order_id] not in desk.orders_of(trader):
            raise HTTPException(403)
        return desk.orders[order_id]

    return app
