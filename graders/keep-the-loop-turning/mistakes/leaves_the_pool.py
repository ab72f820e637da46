"""The call runs in a pool that the endpoint makes and leaves."""

from concurrent.futures import ThreadPoolExecutor
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
        with ThreadPoolExecutor() as pool:
            future = pool.submit(legacy.price, symbol)
        return {"symbol": symbol, "price": future.result()}

    return app
