"""The price of a symbol is kept, and never asked for again."""

from functools import cache
from typing import Protocol

from fastapi import FastAPI


class Legacy(Protocol):
    def price(self, symbol: str, /) -> str: ...


def create_app(legacy: Legacy) -> FastAPI:
    app = FastAPI()
    look_up = cache(legacy.price)

    @app.get("/status")
    async def status() -> dict[str, str]:
        return {"status": "open"}

    @app.get("/price/{symbol}")
    def price(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": look_up(symbol)}

    return app
