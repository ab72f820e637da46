"""The variable holds the whole request, and a dependency with yield takes it out again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, Future
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Protocol

from fastapi import BackgroundTasks, Depends, FastAPI, Request

request_served: ContextVar[Request | None] = ContextVar("request_served", default=None)


class Backend(Protocol):
    async def quote(self, symbol: str, /) -> str: ...

    def history(self, symbol: str, /) -> str: ...

    def risk(self, symbol: str, /) -> str: ...

    def record(self, symbol: str, /) -> None: ...

    async def notify(self, symbol: str, /) -> None: ...


async def remember_request(request: Request) -> AsyncIterator[None]:
    token = request_served.set(request)
    yield
    request_served.reset(token)


def current_trader() -> str | None:
    request = request_served.get()
    return None if request is None else request.headers.get("x-trader")


def submit_job(executor: Executor, job: Callable[[], str]) -> Future[str]:
    return executor.submit(copy_context().run, job)


def create_app(backend: Backend, executor: Executor) -> FastAPI:
    app = FastAPI(dependencies=[Depends(remember_request)])

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"quote": await backend.quote(symbol)}

    @app.get("/history/{symbol}")
    def history(symbol: str) -> dict[str, str]:
        return {"history": backend.history(symbol)}

    @app.get("/risk/{symbol}")
    async def risk(symbol: str) -> dict[str, str]:
        return {"risk": await asyncio.wrap_future(submit_job(executor, partial(backend.risk, symbol)))}

    @app.post("/orders/{symbol}", status_code=202)
    async def order(symbol: str, background: BackgroundTasks) -> dict[str, str]:
        background.add_task(backend.record, symbol)
        background.add_task(backend.notify, symbol)
        return {"symbol": symbol}

    return app
