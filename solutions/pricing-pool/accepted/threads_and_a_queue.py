"""Threads of its own take the calls from a queue, without any executor."""

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from fastapi import FastAPI, HTTPException


class Engine(Protocol):
    def risk(self, position: str, /) -> str: ...


def create_app(engine: Engine, workers: int = 2) -> FastAPI:
    calls: SimpleQueue[tuple[str, Future[str]] | None] = SimpleQueue()

    def work() -> None:
        while call := calls.get():
            position, future = call
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(engine.risk(position))
                except Exception as error:  # noqa: BLE001 - whichever it is
                    future.set_exception(error)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        for _number in range(workers):
            Thread(target=work).start()
        yield
        for _number in range(workers):
            calls.put(None)

    app = FastAPI(lifespan=lifespan)

    @app.get("/ping")
    def ping() -> dict[str, str]:
        return {"ping": "pong"}

    @app.get("/risk/{position}")
    async def risk(position: str) -> dict[str, str]:
        future: Future[str] = Future()
        calls.put((position, future))
        try:
            return {"position": position, "risk": await asyncio.wrap_future(future)}
        except Exception as error:
            raise HTTPException(502) from error

    return app
