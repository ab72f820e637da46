"""What the engine raises goes on to the framework, which answers 500."""

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import FastAPI, Request


class Engine(Protocol):
    def risk(self, position: str, /) -> str: ...


def create_app(engine: Engine, workers: int = 2) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[dict[str, ThreadPoolExecutor]]:
        pool = ThreadPoolExecutor(workers)
        yield {"pool": pool}
        pool.shutdown(wait=False)

    app = FastAPI(lifespan=lifespan)

    @app.get("/ping")
    def ping() -> dict[str, str]:
        return {"ping": "pong"}

    @app.get("/risk/{position}")
    async def risk(position: str, request: Request) -> dict[str, str]:
        found = await asyncio.get_running_loop().run_in_executor(request.state.pool, engine.risk, position)
        return {"position": position, "risk": found}

    return app
