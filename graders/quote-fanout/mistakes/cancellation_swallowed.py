"""Returns what it has when it is cancelled."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

Fetch = Callable[[str], Awaitable[str]]
BestQuotes = dict[str, Any]


async def best_quotes(venues: dict[str, Fetch], symbol: str, *, limit: int) -> BestQuotes:
    semaphore = asyncio.Semaphore(limit)
    quotes: dict[str, str] = {}

    async def ask(name: str, fetch: Fetch) -> None:
        async with semaphore:
            quotes[name] = await fetch(symbol)

    try:
        await asyncio.gather(*[ask(name, fetch) for name, fetch in venues.items()], return_exceptions=True)
    except asyncio.CancelledError:
        pass
    return {
        "quotes": {name: quotes[name] for name in venues if name in quotes},
        "failed": [name for name in venues if name not in quotes],
    }


def create_app(venues: dict[str, Fetch], limit: int) -> FastAPI:
    app = FastAPI()

    @app.get("/best/{symbol}")
    async def best(symbol: str) -> BestQuotes:
        return await best_quotes(venues, symbol, limit=limit)

    return app
