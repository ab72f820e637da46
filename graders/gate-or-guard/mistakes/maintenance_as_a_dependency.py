"""Maintenance is a dependency of the whole application."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from desk import Desk, Order, Ticket, Trader
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response

LONGEST_BODY = 1024
ORDERS_PER_TRADER = 3

Next = Callable[[Request], Awaitable[Response]]


async def maintenance(request: Request) -> None:
    if request.app.state.desk.maintenance:
        raise HTTPException(503, "closed for maintenance")


async def current_trader(request: Request, x_trader_token: Annotated[str | None, Header()] = None) -> Trader:
    trader: Trader | None = request.app.state.desk.traders.get(x_trader_token)
    if trader is None:
        raise HTTPException(401, "unknown token")
    return trader


CurrentTrader = Annotated[Trader, Depends(current_trader)]


async def order_limit(request: Request, trader: CurrentTrader) -> None:
    if len(request.app.state.desk.orders_of(trader)) >= ORDERS_PER_TRADER:
        raise HTTPException(429, "too many orders")


async def order_of_trader(order_id: str, request: Request, trader: CurrentTrader) -> Order:
    order: Order | None = request.app.state.desk.orders.get(order_id)
    if order is None:
        raise HTTPException(404, "no such order")
    if order.owner != trader.name:
        raise HTTPException(403, "somebody else's order")
    return order


def create_app(desk: Desk) -> FastAPI:
    app = FastAPI(dependencies=[Depends(maintenance)])
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

    @app.post("/orders", status_code=201, max_body_size=LONGEST_BODY, dependencies=[Depends(order_limit)])
    async def place_order(ticket: Ticket, trader: CurrentTrader) -> Order:
        return desk.place(trader, ticket)

    @app.get("/orders/{order_id}")
    async def one_order(order: Annotated[Order, Depends(order_of_trader)]) -> Order:
        return order

    @app.middleware("http")
    async def timing(request: Request, call_next: Next) -> Response:
        arrived = desk.clock()
        response = await call_next(request)
        response.headers["X-Process-Time"] = str(desk.clock() - arrived)
        return response

    return app
