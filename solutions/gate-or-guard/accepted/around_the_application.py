"""A wrapper around the application is the gate, so that even the limit of the whole application lies inside it."""

from typing import Annotated

from desk import Desk, Order, Ticket, Trader
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

LONGEST_BODY = 1024
ORDERS_PER_TRADER = 3


class Gate:
    def __init__(self, app: FastAPI, desk: Desk) -> None:
        self.app, self.desk = app, desk
        self.dependency_overrides = app.dependency_overrides

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrived = self.desk.clock()

        async def send_timed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("X-Process-Time", str(self.desk.clock() - arrived))
            await send(message)

        if scope["type"] == "http" and self.desk.maintenance:
            await JSONResponse({"detail": "closed for maintenance"}, 503)(scope, receive, send_timed)
        else:
            await self.app(scope, receive, send_timed)


def current_trader(request: Request, token: Annotated[str | None, Header(alias="X-Trader-Token")] = None) -> Trader:
    if token not in request.app.state.desk.traders:
        raise HTTPException(401)
    return request.app.state.desk.traders[token]


CurrentTrader = Annotated[Trader, Depends(current_trader)]


def order_limit(request: Request, trader: CurrentTrader) -> None:
    if len(request.app.state.desk.orders_of(trader)) >= ORDERS_PER_TRADER:
        raise HTTPException(429)


def create_app(desk: Desk) -> Gate:
    app = FastAPI(max_body_size=LONGEST_BODY)
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

    @app.post("/orders", status_code=201, dependencies=[Depends(order_limit)])
    async def place_order(ticket: Ticket, trader: CurrentTrader) -> Order:
        return desk.place(trader, ticket)

    @app.get("/orders/{order_id}")
    async def one_order(order_id: str, trader: CurrentTrader) -> Order:
        order = desk.orders.get(order_id)
        if order is None or order.owner != trader.name:
            raise HTTPException(403 if order else 404)
        return order

    return Gate(app, desk)
