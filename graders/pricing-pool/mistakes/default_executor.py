"""A plain endpoint makes the call, and the event loop is given an executor of this size."""

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
        with ThreadPoolExecutor(workers) as pool:
            asyncio.get_running_loop().set_default_executor(pool)
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/ping")
    def ping() -> dict[str, str]:
        return {"ping": "pong"}

    @app.get("/risk/{position}")
    def risk(position: str) -> dict[str, str]:
        try:
            return {"position": position, "risk": engine.risk(position)}
        except Exception as error:
            raise HTTPException(502) from error

    return app
