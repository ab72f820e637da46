"""The token is a security scheme, the limit an object, and the longest body that of a router made at import."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from desk import Desk, Order, Ticket, Trader
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader

LONGEST_BODY = 1024
ORDERS_PER_TRADER = 3


def desk_of(request: Request) -> Desk:
    return request.app.state.desk


OfDesk = Annotated[Desk, Depends(desk_of)]


async def current_trader(desk: OfDesk, token: Annotated[str, Depends(APIKeyHeader(name="X-Trader-Token"))]) -> Trader:
    if token not in desk.traders:
        raise HTTPException(401)
    return desk.traders[token]


CurrentTrader = Annotated[Trader, Depends(current_trader)]


class OrderLimit:
    def __init__(self, most: int) -> None:
        self.most = most

    async def __call__(self, desk: OfDesk, trader: CurrentTrader) -> None:
        if len(desk.orders_of(trader)) >= self.most:
            raise HTTPException(429)


order_limit = OrderLimit(ORDERS_PER_TRADER)

router = APIRouter(max_body_size=LONGEST_BODY)


@router.get("/me")
async def me(trader: CurrentTrader) -> Trader:
    return trader


@router.get("/orders")
async def own_orders(desk: OfDesk, trader: CurrentTrader) -> list[Order]:
    return desk.orders_of(trader)


@router.post("/orders", status_code=201, dependencies=[Depends(order_limit)])
async def place_order(ticket: Ticket, desk: OfDesk, trader: CurrentTrader) -> Order:
    return desk.place(trader, ticket)


@router.get("/orders/{order_id}")
async def one_order(order_id: str, desk: OfDesk, trader: CurrentTrader) -> Order:
    if order_id not in desk.orders:
        raise HTTPException(404)
    if desk.orders[order_id].owner != trader.name:
        raise HTTPException(403)
    return desk.orders[order_id]


def create_app(desk: Desk) -> FastAPI:
    app = FastAPI()
    app.state.desk = desk
    app.include_router(router)

    @app.get("/hours")
    async def hours() -> dict[str, str]:
        return {"opens": "09:30", "closes": "16:00"}

    @app.middleware("http")
    async def gate(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        arrived = desk.clock()
        closed = JSONResponse({"detail": "closed for maintenance"}, 503)
        response = closed if desk.maintenance else await call_next(request)
        response.headers["X-Process-Time"] = f"{desk.clock() - arrived}"
        return response

    return app
