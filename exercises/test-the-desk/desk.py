"""The trading desk. It is complete, and it is right; `make_app` makes a new one."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import Annotated

from fastapi import Cookie, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse, StreamingResponse
from pydantic import BaseModel


class Feed:
    """A price feed for tests: it needs no network, and it can be asked whether it is open."""

    def __init__(self) -> None:
        self._prices = {"AAPL": "189.50", "MSFT": "402.10"}
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has been opened and not been closed since."""
        return self._loop is not None

    async def open(self) -> None:
        """Open it, in the event loop that runs now."""
        self._loop = asyncio.get_running_loop()

    async def price(self, symbol: str) -> str:
        """Return the price of one share. Raises RuntimeError where it is not open, or open in another event loop."""
        if self._loop is None:
            raise RuntimeError("the feed is not open")
        if self._loop is not asyncio.get_running_loop():
            raise RuntimeError("the feed is attached to a different event loop")
        return self._prices[symbol]

    async def close(self) -> None:
        """Close it."""
        self._loop = None


class Quote(BaseModel):
    """What one share costs."""

    symbol: str
    price: str


class Login(BaseModel):
    """Who wants to trade."""

    trader: str


class Order(BaseModel):
    """What somebody wants to buy."""

    symbol: str
    quantity: int


def make_app(feed: Feed) -> FastAPI:
    """Return a new desk that gets its prices from this feed."""
    sessions: dict[str, str] = {}
    orders: list[Order] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        await feed.open()
        try:
            yield
        finally:
            await feed.close()

    app = FastAPI(title="Desk", lifespan=lifespan)

    @app.get("/quotes/{symbol}")
    async def read_quote(symbol: str) -> Quote:
        return Quote(symbol=symbol, price=await feed.price(symbol))

    @app.post("/login", status_code=204)
    def log_in(login: Login, response: Response) -> None:
        session = token_hex(16)
        sessions[session] = login.trader
        response.set_cookie("session", session, httponly=True)

    @app.get("/me")
    async def read_me(session: Annotated[str | None, Cookie()] = None) -> Login:
        if session not in sessions:
            raise HTTPException(401, "log in first")
        return Login(trader=sessions[session])

    @app.get("/old/{symbol}")
    async def read_old(symbol: str) -> RedirectResponse:
        return RedirectResponse(f"/quotes/{symbol}", status_code=307)

    @app.get("/boom")
    async def crash() -> None:
        raise RuntimeError("boom")

    @app.exception_handler(Exception)
    async def answer_for_the_crashed(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "internal error"}, status_code=500)

    @app.get("/ticks")
    def read_ticks() -> StreamingResponse:
        def ticks() -> Iterator[str]:
            for number in range(1, 6):
                yield f"tick {number}\n"

        return StreamingResponse(ticks(), media_type="text/plain")

    @app.post("/orders", status_code=201)
    def place_order(order: Order) -> Order:
        orders.append(order)
        return order

    @app.get("/orders")
    async def read_orders() -> list[Order]:
        return orders

    return app
