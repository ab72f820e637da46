"""A limiter of its own bounds the calls in AnyIO's threads, as long as no request is cancelled."""

from typing import Protocol

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, HTTPException


class Engine(Protocol):
    def risk(self, position: str, /) -> str: ...


def create_app(engine: Engine, workers: int = 2) -> FastAPI:
    app = FastAPI()
    limiter = CapacityLimiter(workers)

    @app.get("/ping")
    def ping() -> dict[str, str]:
        return {"ping": "pong"}

    @app.get("/risk/{position}")
    async def risk(position: str) -> dict[str, str]:
        try:
            found = await to_thread.run_sync(engine.risk, position, limiter=limiter)
        except Exception as error:
            raise HTTPException(502) from error
        return {"position": position, "risk": found}

    return app
