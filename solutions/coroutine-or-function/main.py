"""Look at what is called before calling it, and let `call` do the rest."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine
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
    if classify(fn) == "coroutine function":
        return await fn(*args)
    return await asyncio.to_thread(fn, *args)


def lazy(fn: Callable[[], Coroutine[Any, Any, Any]]) -> Coroutine[Any, Any, Any]:
    return fn()


async def run_log(steps: list[Callable[[], Awaitable[Any]]]) -> list[Any]:
    return [await step() for step in steps]


def create_app(fetch: Callable[[str], Any]) -> FastAPI:
    app = FastAPI()

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, Any]:
        return {"symbol": symbol, "price": await call(fetch, symbol)}

    return app
