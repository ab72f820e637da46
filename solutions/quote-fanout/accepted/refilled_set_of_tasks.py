"""A set of tasks is filled up whenever `asyncio.wait` finds one done; it is cancelled by hand."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

Fetch = Callable[[str], Awaitable[str]]
BestQuotes = dict[str, Any]


async def ask(fetch: Fetch, symbol: str) -> str:
    return await fetch(symbol)


async def best_quotes(venues: dict[str, Fetch], symbol: str, *, limit: int) -> BestQuotes:
    tasks: dict[str, asyncio.Task[str]] = {}
    running: set[asyncio.Task[str]] = set()
    try:
        for name, fetch in venues.items():
            if len(running) >= limit:
                _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            tasks[name] = asyncio.create_task(ask(fetch, symbol))
            running.add(tasks[name])
        await asyncio.wait(running)
    except asyncio.CancelledError:
        for task in running:
            task.cancel()
        raise
    return {
        "quotes": {name: task.result() for name, task in tasks.items() if task.exception() is None},
        "failed": [name for name, task in tasks.items() if task.exception() is not None],
    }


def create_app(venues: dict[str, Fetch], limit: int) -> FastAPI:
    app = FastAPI()

    @app.get("/best/{symbol}")
    async def best(symbol: str) -> BestQuotes:
        return await best_quotes(venues, symbol, limit=limit)

    return app
