"""What asyncio.to_thread returns is not awaited."""

import asyncio
from typing import Any, Protocol

from fastapi import FastAPI


class Legacy(Protocol):
    def price(self, symbol: str, /) -> str: ...


def create_app(legacy: Legacy) -> FastAPI:
    app = FastAPI()

    @app.get("/status")
    async def status() -> dict[str, str]:
        return {"status": "open"}

    @app.get("/price/{symbol}")
    async def price(symbol: str) -> dict[str, Any]:
        return {"symbol": symbol, "price": asyncio.to_thread(legacy.price, symbol)}

    return app
