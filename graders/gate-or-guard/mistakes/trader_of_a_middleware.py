"""A middleware notes the trader in request.state, where endpoints look for it."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from desk import Desk, Order, Ticket, Trader
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.responses import JSONResponse

LONGEST_BODY = 1024
ORDERS_PER_TRADER = 3

Next = Callable[[Request], Awaitable[Response]]


def trader_of(request: Request) -> Trader:
    if request.state.trader is None:
        raise HTTPException(401, "unknown token")
    return request.state.trader


async def current_trader(request: Request) -> Trader:
    return trader_of(request)


async def order_limit(request: Request) -> None:
    if len(request.app.state.desk.orders_of(trader_of(request))) >= ORDERS_PER_TRADER:
        raise HTTPException(429, "too many orders")


async def order_of_trader(order_id: str, request: Request) -> Order:
    order: Order | None = request.app.state.desk.orders.get(order_id)
    if order is None:
        raise HTTPException(404, "no such order")
    if order.owner != trader_of(request).name:
        raise HTTPException(403, "somebody else's order")
    return order


def create_app(desk: Desk) -> FastAPI:
    app = FastAPI()
    app.state.desk = desk

    @app.get("/hours")
    async def hours() -> dict[str, str]:
        return {"opens": "09:30", "closes": "16:00"}

    @app.get("/me")
    async def me(request: Request) -> Trader:
        return trader_of(request)

    @app.get("/orders")
    async def own_orders(request: Request) -> list[Order]:
        return desk.orders_of(trader_of(request))

    @app.post("/orders", status_code=201, max_body_size=LONGEST_BODY, dependencies=[Depends(order_limit)])
    async def place_order(ticket: Ticket, request: Request) -> Order:
        return desk.place(trader_of(request), ticket)

    @app.get("/orders/{order_id}")
    async def one_order(order: Annotated[Order, Depends(order_of_trader)]) -> Order:
        return order

    @app.middleware("http")
    async def find_trader(request: Request, call_next: Next) -> Response:
        request.state.trader = desk.traders.get(request.headers.get("X-Trader-Token", ""))
        return await call_next(request)

    @app.middleware("http")
    async def maintenance(request: Request, call_next: Next) -> Response:
        if desk.maintenance:
            return JSONResponse({"detail": "closed for maintenance"}, 503)
        return await call_next(request)

    @app.middleware("http")
    async def timing(request: Request, call_next: Next) -> Response:
        arrived = desk.clock()
        response = await call_next(request)
        response.headers["X-Process-Time"] = str(desk.clock() - arrived)
        return response

    return app
