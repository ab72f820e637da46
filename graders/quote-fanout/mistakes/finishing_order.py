"""Lists the quotes in the order in which the venues answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

Fetch = Callable[[str], Awaitable[str]]
BestQuotes = dict[str, Any]


async def best_quotes(venues: dict[str, Fetch], symbol: str, *, limit: int) -> BestQuotes:
    semaphore = asyncio.Semaphore(limit)
    result: BestQuotes = {"quotes": {}, "failed": []}

    async def ask(name: str, fetch: Fetch) -> None:
        async with semaphore:
            try:
                result["quotes"][name] = await fetch(symbol)
            except Exception:
                result["failed"].append(name)

    async with asyncio.TaskGroup() as group:
        for name, fetch in venues.items():
            group.create_task(ask(name, fetch))
    return result


def create_app(venues: dict[str, Fetch], limit: int) -> FastAPI:
    app = FastAPI()

    @app.get("/best/{symbol}")
    async def best(symbol: str) -> BestQuotes:
        return await best_quotes(venues, symbol, limit=limit)

    return app
