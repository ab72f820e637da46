"""A Starlette application without FastAPI submits the call and wraps the future of the pool."""

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class Engine(Protocol):
    def risk(self, position: str, /) -> str: ...


def create_app(engine: Engine, workers: int = 2) -> Starlette:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        app.state.pool = ThreadPoolExecutor(workers)
        yield
        app.state.pool.shutdown(wait=False)

    def ping(_: Request) -> Response:
        return JSONResponse({"ping": "pong"})

    async def risk(request: Request) -> Response:
        position = request.path_params["position"]
        future = request.app.state.pool.submit(engine.risk, position)
        try:
            return JSONResponse({"position": position, "risk": await asyncio.wrap_future(future)})
        except Exception:  # noqa: BLE001 - whichever it is
            return Response(status_code=502)

    return Starlette(routes=[Route("/ping", ping), Route("/risk/{position}", risk)], lifespan=lifespan)
