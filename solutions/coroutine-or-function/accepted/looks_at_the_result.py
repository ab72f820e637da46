"""Everything is called in a thread; what comes back is awaited here if it can be."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, cast

from fastapi import FastAPI


def classify(obj: object) -> str:
    if isinstance(obj, partial):
        return classify(cast("partial[Any]", obj).func)
    if inspect.iscoroutine(obj):
        return "coroutine"
    if inspect.isasyncgen(obj) or inspect.isasyncgenfunction(obj):
        return "async generator"
    if inspect.iscoroutinefunction(obj):
        return "coroutine function"
    if inspect.isroutine(obj):
        return "function"
    return classify(type(obj).__call__) if callable(obj) else "other"


async def call(fn: Callable[..., Any], *args: Any) -> Any:
    result = await asyncio.to_thread(fn, *args)  # an async function only makes a coroutine there, and runs nothing
    return await result if inspect.isawaitable(result) else result


async def lazy(fn: Callable[[], Awaitable[Any]]) -> Any:
    return await fn()


async def run_log(steps: list[Callable[[], Awaitable[Any]]]) -> list[Any]:
    waiting = [step() for step in steps]  # nothing has run by now
    return [await one for one in waiting]


def create_app(fetch: Callable[[str], Any]) -> FastAPI:
    app = FastAPI()

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, Any]:
        return {"symbol": symbol, "price": await call(fetch, symbol)}

    return app
