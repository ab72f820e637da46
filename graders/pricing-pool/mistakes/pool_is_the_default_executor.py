"""The pool of the lifespan becomes the executor of the event loop, for asyncio.to_thread."""

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import FastAPI, HTTPException


class Engine(Protocol):
    def risk(self, position: str, /) -> str: ...


def create_app(engine: Engine, workers: int = 2) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        pool = ThreadPoolExecutor(workers)
        asyncio.get_running_loop().set_default_executor(pool)
        yield
        pool.shutdown(wait=False)

    app = FastAPI(lifespan=lifespan)

    @app.get("/ping")
    def ping() -> dict[str, str]:
        return {"ping": "pong"}

    @app.get("/risk/{position}")
    async def risk(position: str) -> dict[str, str]:
        try:
            found = await asyncio.to_thread(engine.risk, position)
        except Exception as error:
            raise HTTPException(502) from error
        return {"position": position, "risk": found}

    return app
