"""The audit comes after the permission, in the lists of the routes."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Query, Request
from pydantic import BaseModel

TOKENS = {"t-alice": "alice", "t-bob": "bob"}

Account = dict[str, Any]


class Repo(Protocol):
    async def load(self, trader: str, /) -> Account: ...


class Clock(Protocol):
    def now(self) -> str: ...


class Order(BaseModel):
    symbol: str
    quantity: int


async def current_trader(x_trader_token: Annotated[str | None, Header()] = None) -> str:
    if x_trader_token not in TOKENS:
        raise HTTPException(401, "unknown token")
    return TOKENS[x_trader_token]


async def current_page(limit: Annotated[int, Query(ge=1, le=100)] = 20, cursor: str | None = None) -> dict[str, Any]:
    return {"limit": limit, "cursor": cursor}


def create_app(repo: Repo, clock: Clock, audit: list[tuple[str, str]]) -> FastAPI:
    async def current_account(trader: Annotated[str, Depends(current_trader)]) -> Account:
        return await repo.load(trader)

    def require(permission: str) -> Callable[[Account], Awaitable[None]]:
        async def check(account: Annotated[Account, Depends(current_account)]) -> None:
            if permission not in account["permissions"]:
                raise HTTPException(403, "not permitted")

        return check

    async def now() -> str:
        return clock.now()

    async def write_audit(request: Request, account: Annotated[Account, Depends(current_account)]) -> None:
        audit.append((account["number"], request.url.path))

    app = FastAPI()
    desk = APIRouter()

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "open"}

    @desk.get("/account", dependencies=[Depends(write_audit)])
    async def show_account(
        trader: Annotated[str, Depends(current_trader)], account: Annotated[Account, Depends(current_account)]
    ) -> dict[str, Any]:
        return {"trader": trader, "number": account["number"], "cash": account["cash"]}

    @desk.get("/orders", dependencies=[Depends(write_audit)])
    async def list_orders(
        account: Annotated[Account, Depends(current_account)], page: Annotated[dict[str, Any], Depends(current_page)]
    ) -> dict[str, Any]:
        return {"number": account["number"], **page}

    @desk.get("/trades", dependencies=[Depends(require("report")), Depends(write_audit)])
    async def list_trades(
        account: Annotated[Account, Depends(current_account)], page: Annotated[dict[str, Any], Depends(current_page)]
    ) -> dict[str, Any]:
        return {"number": account["number"], **page}

    @desk.post("/orders", status_code=201, dependencies=[Depends(require("trade")), Depends(write_audit)])
    async def place_order(
        order: Order,
        account: Annotated[Account, Depends(current_account)],
        received: Annotated[str, Depends(now, use_cache=False)],
        confirmed: Annotated[str, Depends(now, use_cache=False)],
    ) -> dict[str, Any]:
        return {
            "number": account["number"],
            "symbol": order.symbol,
            "quantity": order.quantity,
            "received": received,
            "confirmed": confirmed,
        }

    app.include_router(desk)
    return app
