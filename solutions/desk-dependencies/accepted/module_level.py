"""Dependencies and routes stand at module level; they find repo, clock and audit in the state of the application."""

from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Security
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, Field

TOKENS = {"t-alice": "alice", "t-bob": "bob"}

Account = dict[str, Any]


class Repo(Protocol):
    async def load(self, trader: str, /) -> Account: ...


class Clock(Protocol):
    def now(self) -> str: ...


class Order(BaseModel):
    symbol: str
    quantity: int


class Page(BaseModel):
    limit: int = Field(20, ge=1, le=100)
    cursor: str | None = None


async def current_trader(token: Annotated[str, Security(APIKeyHeader(name="X-Trader-Token"))]) -> str:
    if token not in TOKENS:
        raise HTTPException(401, "unknown token")
    return TOKENS[token]


CurrentTrader = Annotated[str, Depends(current_trader)]


async def current_account(request: Request, trader: CurrentTrader) -> Account:
    return await request.app.state.repo.load(trader)


CurrentAccount = Annotated[Account, Depends(current_account)]


async def report_permission(account: CurrentAccount) -> None:
    check(account, "report")


async def trade_permission(account: CurrentAccount) -> None:
    check(account, "trade")


def check(account: Account, permission: str) -> None:
    if permission not in account["permissions"]:
        raise HTTPException(403, "not permitted")


async def write_audit(request: Request, account: CurrentAccount) -> None:
    request.app.state.audit.append((account["number"], request.url.path))


async def current_clock(request: Request) -> Clock:
    return request.app.state.clock


desk = APIRouter(dependencies=[Depends(write_audit)])


@desk.get("/account")
async def show_account(trader: CurrentTrader, account: CurrentAccount) -> dict[str, Any]:
    return {"trader": trader, "number": account["number"], "cash": account["cash"]}


@desk.get("/orders")
@desk.get("/trades", dependencies=[Depends(report_permission)])
async def list_page(account: CurrentAccount, page: Annotated[Page, Query()]) -> dict[str, Any]:
    return {"number": account["number"], **page.model_dump()}


@desk.post("/orders", status_code=201, dependencies=[Depends(trade_permission)])
async def place_order(
    order: Order, account: CurrentAccount, clock: Annotated[Clock, Depends(current_clock)]
) -> dict[str, Any]:
    received = clock.now()
    return {"number": account["number"], **order.model_dump(), "received": received, "confirmed": clock.now()}


def create_app(repo: Repo, clock: Clock, audit: list[tuple[str, str]]) -> FastAPI:
    app = FastAPI()
    app.state.repo, app.state.clock, app.state.audit = repo, clock, audit

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "open"}

    app.include_router(desk)
    return app
