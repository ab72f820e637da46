"""AnyIO's threads make the calls, and the token of a limiter is given back when the call has returned."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, HTTPException, Request


class Engine(Protocol):
    def risk(self, position: str, /) -> str: ...


def create_app(engine: Engine, workers: int = 2) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[dict[str, CapacityLimiter]]:
        yield {"tokens": CapacityLimiter(workers)}

    app = FastAPI(lifespan=lifespan)

    @app.get("/ping")
    def ping() -> dict[str, str]:
        return {"ping": "pong"}

    @app.get("/risk/{position}")
    async def risk(position: str, request: Request) -> dict[str, str]:
        tokens, borrower = request.state.tokens, object()
        await tokens.acquire_on_behalf_of(borrower)
        call = asyncio.create_task(to_thread.run_sync(engine.risk, position, limiter=CapacityLimiter(1)))
        call.add_done_callback(lambda _: tokens.release_on_behalf_of(borrower))
        try:
            return {"position": position, "risk": await asyncio.shield(call)}
        except Exception as error:
            raise HTTPException(502) from error

    return app
