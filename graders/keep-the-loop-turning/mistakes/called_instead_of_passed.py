"""The library is called while its price is handed to a thread."""

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
        found = await asyncio.to_thread(legacy.price(symbol))
        return {"symbol": symbol, "price": found}

    return app
