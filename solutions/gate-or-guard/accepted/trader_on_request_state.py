"""A middleware notes the trader in request.state, a dependency gives it on, and a class of routes reads the bodies."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any

from desk import Desk, Order, Ticket, Trader
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader
from starlette.types import Message

LONGEST_BODY = 1024
ORDERS_PER_TRADER = 3


class ShortBodies(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_short_body(request: Request) -> Response:
            if int(request.headers.get("content-length", "0")) > LONGEST_BODY:
                raise HTTPException(413)
            body = b""
            async for part in request.stream():
                body += part
                if len(body) > LONGEST_BODY:
                    raise HTTPException(413)

            async def receive() -> Message:
                return {"type": "http.request", "body": body}

            return await handle(Request(request.scope, receive))

        return handle_short_body


token = APIKeyHeader(name="X-Trader-Token")


async def current_trader(request: Request, _: Annotated[str, Depends(token)]) -> Trader:
    if request.state.trader is None:
        raise HTTPException(401)
    return request.state.trader


CurrentTrader = Annotated[Trader, Depends(current_trader)]


async def order_limit(request: Request, trader: CurrentTrader) -> None:
    if request.app.state.desk.orders_of(trader)[ORDERS_PER_TRADER - 1 :]:
        raise HTTPException(429)


def create_app(desk: Desk) -> FastAPI:
    app = FastAPI()
    app.state.desk = desk
    router = APIRouter(route_class=ShortBodies)

    @router.get("/hours")
    async def hours() -> dict[str, str]:
        return {"opens": "09:30", "closes": "16:00"}

    @router.get("/me")
    async def me(trader: CurrentTrader) -> Trader:
        return trader

    @router.get("/orders")
    async def own_orders(trader: CurrentTrader) -> list[Order]:
        return desk.orders_of(trader)

    @router.post("/orders", status_code=201, dependencies=[Depends(order_limit)])
    async def place_order(ticket: Ticket, trader: CurrentTrader) -> Order:
        return desk.place(trader, ticket)

    @router.get("/orders/{order_id}")
    async def one_order(order_id: str, trader: CurrentTrader) -> Order:
        order = desk.orders.get(order_id)
        if order is None:
            raise HTTPException(404)
        if order.owner != trader.name:
            raise HTTPException(403)
        return order

    app.include_router(router)

    @app.middleware("http")
    async def gate(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        arrived = desk.clock()
        request.state.trader = desk.traders.get(request.headers.get("x-trader-token", ""))
        closed = JSONResponse({"detail": "closed for maintenance"}, 503)
        response = closed if desk.maintenance else await call_next(request)
        response.headers["X-Process-Time"] = str(desk.clock() - arrived)
        return response

    return app
