"""A function middleware sets the variable, and run_in_executor takes the jobs."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Protocol

from fastapi import BackgroundTasks, FastAPI, Request, Response

trader: ContextVar[str | None] = ContextVar("trader", default=None)
Next = Callable[[Request], Awaitable[Response]]


class Backend(Protocol):
    async def quote(self, symbol: str, /) -> str: ...

    def history(self, symbol: str, /) -> str: ...

    def risk(self, symbol: str, /) -> str: ...

    def record(self, symbol: str, /) -> None: ...

    async def notify(self, symbol: str, /) -> None: ...


def current_trader() -> str | None:
    return trader.get()


def submit_job(executor: Executor, job: Callable[[], str]) -> asyncio.Future[str]:
    return asyncio.get_running_loop().run_in_executor(executor, copy_context().run, job)


def create_app(backend: Backend, executor: Executor) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def remember_trader(request: Request, call_next: Next) -> Response:
        trader.set(request.headers.get("x-trader"))
        return await call_next(request)

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
