"""One dependency, in the decorator of each route, does everything and keeps what it finds with the request."""

from typing import Annotated, Any, Protocol

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request
from pydantic import BaseModel

TOKENS = {"t-alice": "alice", "t-bob": "bob"}
PERMISSIONS = {("GET", "/trades"): "report", ("POST", "/orders"): "trade"}

Account = dict[str, Any]


class Repo(Protocol):
    async def load(self, trader: str, /) -> Account: ...


class Clock(Protocol):
    def now(self) -> str: ...


class Order(BaseModel):
    symbol: str
    quantity: int


def create_app(repo: Repo, clock: Clock, audit: list[tuple[str, str]]) -> FastAPI:
    async def admit(request: Request, x_trader_token: Annotated[str | None, Header()] = None) -> None:
        if x_trader_token not in TOKENS:
            raise HTTPException(401, "unknown token")
        request.state.account = {**await repo.load(TOKENS[x_trader_token]), "trader": TOKENS[x_trader_token]}
        audit.append((request.state.account["number"], request.url.path))
        permission = PERMISSIONS.get((request.method, request.url.path))
        if permission is not None and permission not in request.state.account["permissions"]:
            raise HTTPException(403, "not permitted")

    admitted = [Depends(admit)]
    app = FastAPI()

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "open"}

    @app.get("/account", dependencies=admitted)
    async def show_account(request: Request) -> dict[str, Any]:
        return {key: request.state.account[key] for key in ("trader", "number", "cash")}

    @app.get("/orders", dependencies=admitted)
    @app.get("/trades", dependencies=admitted)
    async def list_page(
        request: Request, limit: int = Query(20, gt=0, lt=101), cursor: str | None = None
    ) -> dict[str, Any]:
        return {"number": request.state.account["number"], "limit": limit, "cursor": cursor}

    @app.post("/orders", status_code=201, dependencies=admitted)
    async def place_order(request: Request, order: Order) -> dict[str, Any]:
        times = {"received": clock.now(), "confirmed": clock.now()}
        return {"number": request.state.account["number"], **order.model_dump(), **times}

    return app
