"""The number of threads of the framework is reduced to the number of workers."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, HTTPException


class Engine(Protocol):
    def risk(self, position: str, /) -> str: ...


def create_app(engine: Engine, workers: int = 2) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        current_default_thread_limiter().total_tokens = workers
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
