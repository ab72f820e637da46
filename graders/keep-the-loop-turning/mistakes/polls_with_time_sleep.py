"""The endpoint looks again and again whether the thread is done, and sleeps in between."""

import time
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
        future = pool.submit(legacy.price, symbol)
        while not future.done():
            time.sleep(0.01)
        return {"symbol": symbol, "price": future.result()}

    return app
