"""A tree of dependencies. See README.md beside this file."""

from typing import Any, Protocol

from fastapi import APIRouter, FastAPI, HTTPException
from pydantic import BaseModel

TOKENS = {"t-alice": "alice", "t-bob": "bob"}
"""What a trader sends as X-Trader-Token -> who that is."""

Account = dict[str, Any]
"""The keys are "number", a text; "cash", a number; and "permissions", a list of texts."""


class Repo(Protocol):
    """Where the desk keeps its accounts."""

    async def load(self, trader: str, /) -> Account:
        """Return the account of a trader, as it is now."""
        ...


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> str:
        """Return the time. It is another one at every call."""
        ...


class Order(BaseModel):
    """What a trader sends to `POST /orders`."""

    symbol: str
    quantity: int


def create_app(repo: Repo, clock: Clock, audit: list[tuple[str, str]]) -> FastAPI:
    """Return the desk."""
    app = FastAPI()
    desk = APIRouter()

    # TODO: write the dependencies (the trader, the account, a permission, a page, the time, the audit),
    #       and have each route ask for those that it needs

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "open"}

    @desk.get("/account")
    async def show_account() -> dict[str, Any]:
        raise HTTPException(501, "to be written")

    @desk.get("/orders")
    async def list_orders() -> dict[str, Any]:
        raise HTTPException(501, "to be written")

    @desk.get("/trades")
    async def list_trades() -> dict[str, Any]:
        raise HTTPException(501, "to be written")

    @desk.post("/orders", status_code=201)
    async def place_order(order: Order) -> dict[str, Any]:
        raise HTTPException(501, "to be written")

    app.include_router(desk)
    return app
