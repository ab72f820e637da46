"""The endpoint returns what calling best_quotes returns."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

Fetch = Callable[[str], Awaitable[str]]
BestQuotes = dict[str, Any]


async def best_quotes(venues: dict[str, Fetch], symbol: str, *, limit: int) -> BestQuotes:
    semaphore = asyncio.Semaphore(limit)

    async def ask(fetch: Fetch) -> str | None:
        async with semaphore:
            try:
                return await fetch(symbol)
            except Exception:
                return None

    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(ask(fetch)) for name, fetch in venues.items()}
    results = {name: task.result() for name, task in tasks.items()}
    return {
        "quotes": {name: quote for name, quote in results.items() if quote is not None},
        "failed": [name for name, quote in results.items() if quote is None],
    }


def create_app(venues: dict[str, Fetch], limit: int) -> FastAPI:
    app = FastAPI()

    @app.get("/best/{symbol}")
    async def best(symbol: str) -> Any:
        return best_quotes(venues, symbol, limit=limit)

    return app
