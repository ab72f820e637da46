"""The library has a pool of threads of its own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from fastapi import FastAPI


class Legacy(Protocol):
    def price(self, symbol: str, /) -> str: ...


def create_app(legacy: Legacy) -> FastAPI:
    app = FastAPI()
    pool = ThreadPoolExecutor()

    @app.get("/status")
    async def status() -> dict[str, str]:
        return {"status": "open"}

    @app.get("/price/{symbol}")
    async def price(symbol: str) -> dict[str, str]:
        found = await asyncio.get_running_loop().run_in_executor(pool, legacy.price, symbol)
        return {"symbol": symbol, "price": found}

    return app
