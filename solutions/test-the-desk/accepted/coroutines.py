"""Each check runs coroutines in an event loop of its own: the lifespan by hand, and an asynchronous client."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
from desk import Feed
from fastapi import FastAPI


def client_of(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://desk")


def tests_for(make_app: Callable[[Feed], FastAPI]) -> dict[str, Callable[[], None]]:
    @asynccontextmanager
    async def running(feed: Feed) -> AsyncGenerator[tuple[FastAPI, httpx.AsyncClient]]:
        app = make_app(feed)
        async with app.router.lifespan_context(app), client_of(app) as client:
            yield app, client

    async def feed() -> None:
        prices = Feed()
        async with running(prices) as (_, client):
            assert (await client.get("/quotes/AAPL")).json()["price"] == "189.50"
        assert not prices.is_open

    async def session() -> None:
        async with running(Feed()) as (app, alice), client_of(app) as bob:
            await alice.post("/login", json={"trader": "alice"})
            assert (await bob.get("/me")).status_code == 401
            await bob.post("/login", json={"trader": "bob"})
            assert (await alice.get("/me")).json() == {"trader": "alice"}
            assert (await bob.get("/me")).json() == {"trader": "bob"}

    async def redirect() -> None:
        async with running(Feed()) as (_, client):
            response = await client.get("/old/MSFT")
            assert response.is_redirect
            assert response.headers["location"] == "/quotes/MSFT"

    async def crash() -> None:
        async with running(Feed()) as (_, client):
            response = await client.get("/boom")
            assert response.is_server_error
            assert response.json()["detail"] == "internal error"

    async def ticks() -> None:
        async with running(Feed()) as (_, client):
            assert (await client.get("/ticks")).text == "tick 1\ntick 2\ntick 3\ntick 4\ntick 5\n"

    async def orders() -> None:
        async with running(Feed()) as (_, client):
            await client.post("/orders", json={"symbol": "AAPL", "quantity": 1})
            assert (await client.get("/orders")).json() == [{"symbol": "AAPL", "quantity": 1}]

    def in_a_loop(check: Callable[[], Awaitable[None]]) -> Callable[[], None]:
        async def run() -> None:
            await check()

        return lambda: asyncio.run(run())

    checks = (feed, session, redirect, crash, ticks, orders)
    return {check.__name__: in_a_loop(check) for check in checks}
