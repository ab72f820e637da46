"""A table of questions, asked of the object that is found below all wrappers."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, cast

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

QUESTIONS: list[tuple[str, Callable[[object], bool]]] = [
    ("coroutine", lambda obj: isinstance(obj, Coroutine)),
    ("async generator", lambda obj: isinstance(obj, AsyncIterator) or inspect.isasyncgenfunction(obj)),
    ("coroutine function", inspect.iscoroutinefunction),
    ("function", lambda obj: isinstance(obj, FunctionType | MethodType | BuiltinFunctionType)),
]


def unwrapped(obj: object) -> object:
    if isinstance(obj, partial):
        return unwrapped(cast("partial[Any]", obj).func)
    if callable(obj) and isinstance(type(obj).__call__, FunctionType):
        return type(obj).__call__
    return obj


def classify(obj: object) -> str:
    found = unwrapped(obj)
    return next((kind for kind, question in QUESTIONS if question(found)), "other")


async def call(fn: Callable[..., Any], *args: Any) -> Any:
    if classify(fn) == "function":
        return await run_in_threadpool(fn, *args)
    return await fn(*args)


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
