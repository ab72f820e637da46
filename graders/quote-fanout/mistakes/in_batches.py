"""Asks the venues in batches of limit."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

Fetch = Callable[[str], Awaitable[str]]
BestQuotes = dict[str, Any]


async def best_quotes(venues: dict[str, Fetch], symbol: str, *, limit: int) -> BestQuotes:
    fetches = list(venues.values())
    results: list[str | BaseException] = []
    for start in range(0, len(fetches), limit):
        batch = fetches[start : start + limit]
        results += await asyncio.gather(*[fetch(symbol) for fetch in batch], return_exceptions=True)
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
