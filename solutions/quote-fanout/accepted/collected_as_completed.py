"""Results are taken as they complete, put in order at the end, and what is left is always cancelled."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI

Fetch = Callable[[str], Awaitable[str]]
BestQuotes = dict[str, Any]


async def best_quotes(venues: dict[str, Fetch], symbol: str, *, limit: int) -> BestQuotes:
    semaphore = asyncio.Semaphore(limit)
    result: BestQuotes = {"quotes": {}, "failed": []}

    async def ask(name: str, fetch: Fetch) -> tuple[str, str | Exception]:
        async with semaphore:
            try:
                return name, await fetch(symbol)
            except Exception as error:  # noqa: BLE001 - whatever a venue raises, it has failed
                return name, error

    tasks = [asyncio.ensure_future(ask(name, fetch)) for name, fetch in venues.items()]
    try:
        for completed in asyncio.as_completed(tasks):
            name, answer = await completed
            if isinstance(answer, str):
                result["quotes"][name] = answer
            else:
                result["failed"].append(name)
    finally:
        for task in tasks:
            task.cancel()
    result["quotes"] = {name: result["quotes"][name] for name in venues if name in result["quotes"]}
    return result


def create_app(venues: dict[str, Fetch], limit: int) -> FastAPI:
    app = FastAPI()

    @app.get("/best/{symbol}")
    async def best(symbol: str) -> BestQuotes:
        return await best_quotes(venues, symbol, limit=limit)

    return app
