"""Whose request is being served, in whatever thread? See README.md beside this file."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Protocol

from fastapi import BackgroundTasks, FastAPI


class Backend(Protocol):
    """The desk's old library. All of its functions call `current_trader()`, and none is handed a request."""

    async def quote(self, symbol: str, /) -> str:
        """Find a price. It may take its time."""
        ...

    def history(self, symbol: str, /) -> str:
        """Look up the trades of a trader. It is an ordinary function, and blocks its thread."""
        ...

    def risk(self, symbol: str, /) -> str:
        """Compute a risk. It is an ordinary function, and blocks its thread for long."""
        ...

    def record(self, symbol: str, /) -> None:
        """Enter an order. It is an ordinary function, and blocks its thread."""

    async def notify(self, symbol: str, /) -> None:
        """Tell the trader. It may take its time."""


def current_trader() -> str | None:
    """Return the trader whose request is being served, or None. It may be called anywhere, in any thread."""
    # TODO: a thread cannot say whose request this is; what can?
    return None


def submit_job(executor: Executor, job: Callable[[], str]) -> Future[str]:
    """Have a thread of the executor call `job()`, in which `current_trader()` is the same as here."""
    # TODO: the job runs, but its thread knows no trader
    return executor.submit(job)


def create_app(backend: Backend, executor: Executor) -> FastAPI:
    """Return the desk."""
    app = FastAPI()
    # TODO: note for every request whom its header X-Trader names

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
