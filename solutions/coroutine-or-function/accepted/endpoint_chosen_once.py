"""The kind of `fetch` is asked for once; FastAPI itself runs a `def` endpoint in a thread."""

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
    match classify(fn):
        case "coroutine function":
            return await fn(*args)
        case _:
            return await asyncio.get_running_loop().run_in_executor(None, fn, *args)


def lazy(fn: Callable[[], Coroutine[Any, Any, Any]]) -> Coroutine[Any, Any, Any]:
    return fn()


async def run_log(steps: list[Callable[[], Awaitable[Any]]]) -> list[Any]:
    return [await step() for step in steps]


def create_app(fetch: Callable[[str], Any]) -> FastAPI:
    app = FastAPI()

    async def quote(symbol: str) -> dict[str, Any]:
        return {"symbol": symbol, "price": await fetch(symbol)}

    def blocking_quote(symbol: str) -> dict[str, Any]:
        return {"symbol": symbol, "price": fetch(symbol)}

    is_async = classify(fetch) == "coroutine function"
    app.get("/quotes/{symbol}")(quote if is_async else blocking_quote)
    return app
