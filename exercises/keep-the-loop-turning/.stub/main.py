"""A library that blocks, on a desk that must not. See README.md beside this file."""

from typing import Protocol

from fastapi import FastAPI


class Legacy(Protocol):
    """The vendor's library. Nobody can rewrite it. It may be called in several threads at the same time."""

    def price(self, symbol: str, /) -> str:
        """Look up one price. It is an ordinary function, and blocks its thread until the vendor answers."""
        ...


def create_app(legacy: Legacy) -> FastAPI:
    """Return the desk."""
    app = FastAPI()

    @app.get("/status")
    async def status() -> dict[str, str]:
        return {"status": "open"}

    @app.get("/price/{symbol}")
    async def price(symbol: str) -> dict[str, str | None]:
        # TODO: the price is what legacy.price finds, and nobody else waits while it looks
        return {"symbol": symbol, "price": None}

    return app
