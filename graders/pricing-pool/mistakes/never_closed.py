"""The pool is opened with the application and never closed."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from fastapi import FastAPI, HTTPException


class Engine(Protocol):
    def risk(self, position: str, /) -> str: ...


def create_app(engine: Engine, workers: int = 2) -> FastAPI:
    app = FastAPI()
    pool = ThreadPoolExecutor(workers)

    @app.get("/ping")
    def ping() -> dict[str, str]:
        return {"ping": "pong"}

    @app.get("/risk/{position}")
    async def risk(position: str) -> dict[str, str]:
        try:
            found = await asyncio.get_running_loop().run_in_executor(pool, engine.risk, position)
        except Exception as error:
            raise HTTPException(502) from error
        return {"position": position, "risk": found}

    return app
