"""Every call has a thread of its own, which hands its price over to the event loop."""

import asyncio
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
        found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def look_up() -> None:
            price = legacy.price(symbol)
            found.get_loop().call_soon_threadsafe(found.set_result, price)

        threading.Thread(target=look_up).start()
        return {"symbol": symbol, "price": await found}

    return app
