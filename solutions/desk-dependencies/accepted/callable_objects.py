"""Dependencies are classes and objects that can be called; the permission hands on the account that it has checked."""

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


class Trader:
    def __init__(self, x_trader_token: Annotated[str | None, Header()] = None) -> None:
        if x_trader_token not in TOKENS:
            raise HTTPException(401, "unknown token")
        self.name = TOKENS[x_trader_token]


class Page:
    def __init__(self, limit: Annotated[int, Query(ge=1, le=100)] = 20, cursor: str | None = None) -> None:
        self.limit = limit
        self.cursor = cursor

    def of(self, account: Account) -> dict[str, Any]:
        return {"number": account["number"], "limit": self.limit, "cursor": self.cursor}


def create_app(repo: Repo, clock: Clock, audit: list[tuple[str, str]]) -> FastAPI:
    class LoadAccount:
        async def __call__(self, trader: Annotated[Trader, Depends()]) -> Account:
            return await repo.load(trader.name)

    load_account = LoadAccount()

    class Require:
        def __init__(self, permission: str) -> None:
            self.permission = permission

        def __call__(self, account: Annotated[Account, Depends(load_account)]) -> Account:
            if self.permission not in account["permissions"]:
                raise HTTPException(403, "not permitted")
            return account

    def write_audit(request: Request, account: Annotated[Account, Depends(load_account)]) -> None:
        audit.append((account["number"], request.url.path))

    app = FastAPI()
    desk = APIRouter()

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "open"}

    @desk.get("/account")
    async def show_account(
        trader: Annotated[Trader, Depends()], account: Annotated[Account, Depends(load_account)]
    ) -> dict[str, Any]:
        return {"trader": trader.name, "number": account["number"], "cash": account["cash"]}

    @desk.get("/orders")
    async def list_orders(
        account: Annotated[Account, Depends(load_account)], page: Annotated[Page, Depends()]
    ) -> dict[str, Any]:
        return page.of(account)

    @desk.get("/trades")
    async def list_trades(
        account: Annotated[Account, Depends(Require("report"))], page: Annotated[Page, Depends()]
    ) -> dict[str, Any]:
        return page.of(account)

    @desk.post("/orders", status_code=201)
    async def place_order(
        order: Order,
        account: Annotated[Account, Depends(Require("trade"))],
        received: Annotated[str, Depends(clock.now, use_cache=False)],
        confirmed: Annotated[str, Depends(clock.now, use_cache=False)],
    ) -> dict[str, Any]:
        times = {"received": received, "confirmed": confirmed}
        return {"number": account["number"], "symbol": order.symbol, "quantity": order.quantity, **times}

    app.include_router(desk, dependencies=[Depends(write_audit)])
    return app
