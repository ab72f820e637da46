"""A Starlette application without FastAPI calls run_in_threadpool."""

from typing import Protocol

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


class Legacy(Protocol):
    def price(self, symbol: str, /) -> str: ...


def create_app(legacy: Legacy) -> Starlette:
    async def status(_: Request) -> JSONResponse:
        return JSONResponse({"status": "open"})

    async def price(request: Request) -> JSONResponse:
        symbol = request.path_params["symbol"]
        return JSONResponse({"symbol": symbol, "price": await run_in_threadpool(legacy.price, symbol)})

    return Starlette(routes=[Route("/status", status), Route("/price/{symbol}", price)])
