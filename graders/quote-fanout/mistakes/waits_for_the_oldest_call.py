"""Starts the next call when the oldest one has ended."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

Fetch = Callable[[str], Awaitable[str]]
BestQuotes = dict[str, Any]


async def best_quotes(venues: dict[str, Fetch], symbol: str, *, limit: int) -> BestQuotes:
    async def ask(fetch: Fetch) -> str | None:
        try:
            return await fetch(symbol)
        except Exception:
            return None

    result: BestQuotes = {"quotes": {}, "failed": []}
    waiting = deque(venues.items())
    async with asyncio.TaskGroup() as group:
        in_flight: deque[tuple[str, asyncio.Task[str | None]]] = deque()
        while waiting or in_flight:
            while waiting and len(in_flight) < limit:
                name, fetch = waiting.popleft()
                in_flight.append((name, group.create_task(ask(fetch))))
            name, task = in_flight.popleft()
            quote = await task
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
