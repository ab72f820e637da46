"""An ordinary dependency makes the call, and FastAPI calls it in a thread."""

from typing import Annotated, Protocol

from fastapi import Depends, FastAPI


class Legacy(Protocol):
    def price(self, symbol: str, /) -> str: ...


def create_app(legacy: Legacy) -> FastAPI:
    app = FastAPI()

    @app.get("/status")
    async def status() -> dict[str, str]:
        return {"status": "open"}

    def look_up(symbol: str) -> str:
        return legacy.price(symbol)

    @app.get("/price/{symbol}")
    async def price(symbol: str, found: Annotated[str, Depends(look_up)]) -> dict[str, str]:
        return {"symbol": symbol, "price": found}

    return app
