"""The endpoint lets the event loop turn once, and then calls the library on it."""

import asyncio
from typing import Protocol

from fastapi import FastAPI


class Legacy(Protocol):
    def price(self, symbol: str, /) -> str: ...


def create_app(legacy: Legacy) -> FastAPI:
    app = FastAPI()

    @app.get("/status")
    async def status() -> dict[str, str]:
        return {"status": "open"}

    @app.get("/price/{symbol}")
    async def price(symbol: str) -> dict[str, str]:
        await asyncio.sleep(0)
        return {"symbol": symbol, "price": legacy.price(symbol)}

    return app
