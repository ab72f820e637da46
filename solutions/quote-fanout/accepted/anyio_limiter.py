"""AnyIO's task group and capacity limiter; places for all quotes are laid out beforehand."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from anyio import CapacityLimiter, create_task_group
from fastapi import FastAPI

Fetch = Callable[[str], Awaitable[str]]
BestQuotes = dict[str, Any]


async def best_quotes(venues: dict[str, Fetch], symbol: str, *, limit: int) -> BestQuotes:
    limiter = CapacityLimiter(limit)
    quotes: dict[str, str | None] = dict.fromkeys(venues)

    async def ask(name: str, fetch: Fetch) -> None:
        async with limiter:
            with suppress(Exception):
                quotes[name] = await fetch(symbol)

    async with create_task_group() as group:
        for name, fetch in venues.items():
            group.start_soon(ask, name, fetch)
    return {
        "quotes": {name: quote for name, quote in quotes.items() if quote is not None},
        "failed": [name for name, quote in quotes.items() if quote is None],
    }


def create_app(venues: dict[str, Fetch], limit: int) -> FastAPI:
    app = FastAPI()

    @app.get("/best/{symbol}")
    async def best(symbol: str) -> BestQuotes:
        return await best_quotes(venues, symbol, limit=limit)

    return app
