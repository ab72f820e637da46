"""Treats whatever ends a call as a failure of the venue."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

Fetch = Callable[[str], Awaitable[str]]
BestQuotes = dict[str, Any]


async def best_quotes(venues: dict[str, Fetch], symbol: str, *, limit: int) -> BestQuotes:
    waiting = deque(venues.items())
    quotes: dict[str, str] = {}

    async def work() -> None:
        while waiting:
            name, fetch = waiting.popleft()
            try:
                quotes[name] = await fetch(symbol)
            except BaseException:
                continue

    await asyncio.gather(*(work() for _ in range(limit)))
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
