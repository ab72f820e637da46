"""The call is wrapped in an async function, which runs as a task of its own."""

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

    async def look_up(symbol: str) -> str:
        return legacy.price(symbol)

    @app.get("/price/{symbol}")
    async def price(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": await asyncio.create_task(look_up(symbol))}

    return app
