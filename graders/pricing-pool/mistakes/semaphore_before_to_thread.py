"""A semaphore lets so many requests at a time into the threads of asyncio.to_thread."""

import asyncio
from typing import Protocol

from fastapi import FastAPI, HTTPException


class Engine(Protocol):
    def risk(self, position: str, /) -> str: ...


def create_app(engine: Engine, workers: int = 2) -> FastAPI:
    app = FastAPI()
    places = asyncio.Semaphore(workers)

    @app.get("/ping")
    def ping() -> dict[str, str]:
        return {"ping": "pong"}

    @app.get("/risk/{position}")
    async def risk(position: str) -> dict[str, str]:
        try:
            async with places:
                found = await asyncio.to_thread(engine.risk, position)
        except Exception as error:
            raise HTTPException(502) from error
        return {"position": position, "risk": found}

    return app
