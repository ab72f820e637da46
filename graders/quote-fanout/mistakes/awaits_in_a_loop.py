"""Awaits one venue after the other."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

Fetch = Callable[[str], Awaitable[str]]
BestQuotes = dict[str, Any]


async def best_quotes(venues: dict[str, Fetch], symbol: str, *, limit: int) -> BestQuotes:
    result: BestQuotes = {"quotes": {}, "failed": []}
    for name, fetch in venues.items():
        try:
            result["quotes"][name] = await fetch(symbol)
        except Exception:
            result["failed"].append(name)
    return result


def create_app(venues: dict[str, Fetch], limit: int) -> FastAPI:
    app = FastAPI()

    @app.get("/best/{symbol}")
    async def best(symbol: str) -> BestQuotes:
        return await best_quotes(venues, symbol, limit=limit)

    return app
