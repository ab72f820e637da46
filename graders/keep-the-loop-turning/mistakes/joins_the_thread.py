"""The call runs in a thread, which the endpoint joins."""

import threading
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
        found: list[str] = []
        thread = threading.Thread(target=lambda: found.append(legacy.price(symbol)))
        thread.start()
        thread.join()
        return {"symbol": symbol, "price": found[0]}

    return app
