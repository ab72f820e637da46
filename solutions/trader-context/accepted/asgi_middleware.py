"""A pure ASGI middleware sets the variable, before anything of FastAPI runs."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Protocol

from fastapi import BackgroundTasks, FastAPI
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

trader: ContextVar[str | None] = ContextVar("trader", default=None)


class Backend(Protocol):
    async def quote(self, symbol: str, /) -> str: ...

    def history(self, symbol: str, /) -> str: ...

    def risk(self, symbol: str, /) -> str: ...

    def record(self, symbol: str, /) -> None: ...

    async def notify(self, symbol: str, /) -> None: ...


class RememberTrader:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        trader.set(Headers(raw=scope.get("headers", [])).get("x-trader"))
        await self.app(scope, receive, send)


def current_trader() -> str | None:
    return trader.get()


def submit_job(executor: Executor, job: Callable[[], str]) -> Future[str]:
    return executor.submit(copy_context().run, job)


def create_app(backend: Backend, executor: Executor) -> FastAPI:
    app = FastAPI()
    app.add_middleware(RememberTrader)

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
