"""A lock lets one request at a time call the library."""

import asyncio
from typing import Protocol

from fastapi import FastAPI


class Legacy(Protocol):
    def price(self, symbol: str, /) -> str: ...


def create_app(legacy: Legacy) -> FastAPI:
    app = FastAPI()
    lock = asyncio.Lock()

    @app.get("/status")
    async def status() -> dict[str, str]:
        return {"status": "open"}

    @app.get("/price/{symbol}")
    async def price(symbol: str) -> dict[str, str]:
        async with lock:
            return {"symbol": symbol, "price": await asyncio.to_thread(legacy.price, symbol)}

    return app
