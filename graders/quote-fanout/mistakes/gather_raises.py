"""Uses gather without return_exceptions."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

Fetch = Callable[[str], Awaitable[str]]
BestQuotes = dict[str, Any]


async def best_quotes(venues: dict[str, Fetch], symbol: str, *, limit: int) -> BestQuotes:
    semaphore = asyncio.Semaphore(limit)

    async def ask(fetch: Fetch) -> str:
        async with semaphore:
            return await fetch(symbol)

    results = await asyncio.gather(*[ask(fetch) for fetch in venues.values()])
    return {
        "quotes": {name: result for name, result in zip(venues, results, strict=True) if isinstance(result, str)},
        "failed": [name for name, result in zip(venues, results, strict=True) if not isinstance(result, str)],
    }


def create_app(venues: dict[str, Fetch], limit: int) -> FastAPI:
    app = FastAPI()

    @app.get("/best/{symbol}")
    async def best(symbol: str) -> BestQuotes:
        return await best_quotes(venues, symbol, limit=limit)

    return app
