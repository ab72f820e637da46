"""Collects with as_completed, and keeps the order in which it gets the results."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

Fetch = Callable[[str], Awaitable[str]]
BestQuotes = dict[str, Any]


async def best_quotes(venues: dict[str, Fetch], symbol: str, *, limit: int) -> BestQuotes:
    semaphore = asyncio.Semaphore(limit)
    result: BestQuotes = {"quotes": {}, "failed": []}

    async def ask(name: str, fetch: Fetch) -> tuple[str, str | None]:
        async with semaphore:
            try:
                return name, await fetch(symbol)
            except Exception:
                return name, None

    tasks = [asyncio.create_task(ask(name, fetch)) for name, fetch in venues.items()]
    for completed in asyncio.as_completed(tasks):
        name, quote = await completed
        if quote is None:
            result["failed"].append(name)
        else:
            result["quotes"][name] = quote
    return result


def create_app(venues: dict[str, Fetch], limit: int) -> FastAPI:
    app = FastAPI()

    @app.get("/best/{symbol}")
    async def best(symbol: str) -> BestQuotes:
        return await best_quotes(venues, symbol, limit=limit)

    return app
