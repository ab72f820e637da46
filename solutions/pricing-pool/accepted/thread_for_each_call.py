"""Every call has a thread of its own, and frees its place when the thread is done."""

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from threading import Thread
from typing import Protocol

from fastapi import FastAPI, HTTPException, Request


class Engine(Protocol):
    def risk(self, position: str, /) -> str: ...


def create_app(engine: Engine, workers: int = 2) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[dict[str, asyncio.Semaphore]]:
        yield {"places": asyncio.Semaphore(workers)}

    app = FastAPI(lifespan=lifespan)

    @app.get("/ping")
    def ping() -> dict[str, str]:
        return {"ping": "pong"}

    def call(position: str, future: Future[str]) -> None:
        try:
            future.set_result(engine.risk(position))
        except Exception as error:  # noqa: BLE001 - whichever it is
            future.set_exception(error)

    @app.get("/risk/{position}")
    async def risk(position: str, request: Request) -> dict[str, str]:
        loop, places = asyncio.get_running_loop(), request.state.places
        await places.acquire()
        future: Future[str] = Future()
        future.set_running_or_notify_cancel()  # from now on, a cancelled request cannot cancel it
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(places.release))
        Thread(target=call, args=(position, future)).start()
        try:
            return {"position": position, "risk": await asyncio.wrap_future(future)}
        except Exception as error:
            raise HTTPException(502) from error

    return app
