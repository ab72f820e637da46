"""Lets a venue's exception reach the task group."""

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

    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(ask(fetch)) for name, fetch in venues.items()}
    return {"quotes": {name: task.result() for name, task in tasks.items()}, "failed": []}


def create_app(venues: dict[str, Fetch], limit: int) -> FastAPI:
    app = FastAPI()

    @app.get("/best/{symbol}")
    async def best(symbol: str) -> BestQuotes:
        return await best_quotes(venues, symbol, limit=limit)

    return app
