"""The call runs in a pool, and the endpoint waits for its result without await."""

from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from fastapi import FastAPI


class Legacy(Protocol):
    def price(self, symbol: str, /) -> str: ...


def create_app(legacy: Legacy) -> FastAPI:
    app = FastAPI()
    pool = ThreadPoolExecutor(max_workers=8)

    @app.get("/status")
    async def status() -> dict[str, str]:
        return {"status": "open"}

    @app.get("/price/{symbol}")
    async def price(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": pool.submit(legacy.price, symbol).result()}

    return app
