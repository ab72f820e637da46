"""Flags of the code object instead of questions to `inspect`, and an application without a framework."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE
from types import AsyncGeneratorType, CodeType, CoroutineType
from typing import Any, cast

from starlette.types import ASGIApp, Receive, Scope, Send


def classify(obj: object) -> str:
    match obj:
        case CoroutineType():
            return "coroutine"
        case AsyncGeneratorType():
            return "async generator"
        case partial():
            return classify(cast("partial[Any]", obj).func)
        case _ if not callable(obj):
            return "other"
        case _:
            code = getattr(obj, "__code__", None) or getattr(type(obj).__call__, "__code__", None)
    flags = code.co_flags if isinstance(code, CodeType) else 0  # builtins have none
    if flags & CO_ASYNC_GENERATOR:
        return "async generator"
    return "coroutine function" if flags & CO_COROUTINE else "function"


async def call(fn: Callable[..., Any], *args: Any) -> Any:
    if classify(fn) == "coroutine function":
        return await fn(*args)
    return await asyncio.to_thread(fn, *args)


def lazy(fn: Callable[[], Coroutine[Any, Any, Any]]) -> Coroutine[Any, Any, Any]:
    return fn()


async def run_log(steps: list[Callable[[], Awaitable[Any]]]) -> list[Any]:
    return [await step() for step in steps]


def create_app(fetch: Callable[[str], Any]) -> ASGIApp:
    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        symbol = scope["path"].removeprefix("/quotes/")
        content = json.dumps({"symbol": symbol, "price": await call(fetch, symbol)}).encode()
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return app
