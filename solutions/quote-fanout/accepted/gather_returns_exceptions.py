"""`gather` collects results and exceptions alike; which is which is told apart afterwards."""

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

    results = await asyncio.gather(*[ask(fetch) for fetch in venues.values()], return_exceptions=True)
    answers = dict(zip(venues, results, strict=True))
    return {
        "quotes": {name: answer for name, answer in answers.items() if isinstance(answer, str)},
        "failed": [name for name, answer in answers.items() if not isinstance(answer, str)],
    }


def create_app(venues: dict[str, Fetch], limit: int) -> FastAPI:
    app = FastAPI()

    @app.get("/best/{symbol}")
    async def best(symbol: str) -> BestQuotes:
        return await best_quotes(venues, symbol, limit=limit)

    return app
