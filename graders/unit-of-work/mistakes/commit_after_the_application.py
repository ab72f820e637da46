"""A middleware commits once the application has come to its end without an exception."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from fastapi import BackgroundTasks, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.types import ASGIApp, Receive, Scope, Send

LIMIT = 1000


class Session(Protocol):
    async def add(self, trade_id: str, symbol: str, quantity: int, /) -> int: ...
    async def commit(self) -> None: ...
    async def rollback(self) -> None: ...
    async def close(self) -> None: ...


class Database(Protocol):
    def session(self) -> Session: ...


Notify = Callable[[str], Awaitable[None]]


class Trade(BaseModel):
    id: str
    symbol: str
    quantity: int = Field(gt=0)


class OverLimit(Exception):
    pass


async def book(session: Session, trade: Trade) -> None:
    if await session.add(trade.id, trade.symbol, trade.quantity) > LIMIT:
        raise OverLimit(trade.symbol)


class UnitOfWork:
    def __init__(self, app: ASGIApp, db: Database) -> None:
        self.app = app
        self.db = db

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        session = scope.setdefault("state", {})["session"] = self.db.session()
        try:
            await self.app(scope, receive, send)
            await session.commit()
        except BaseException:
            await session.rollback()
            raise
        finally:
            await session.close()


def create_app(db: Database, notify: Notify) -> FastAPI:
    app = FastAPI()

    @app.exception_handler(OverLimit)
    async def refuse(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "over the limit"}, 409)

    @app.exception_handler(ConnectionError)
    async def apologize(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "not committed"}, 503)

    @app.post("/trades", status_code=201)
    async def take_trade(trade: Trade, request: Request, background: BackgroundTasks) -> dict[str, str]:
        await book(request.state.session, trade)
        background.add_task(notify, trade.id)
        return {"id": trade.id}

    app.add_middleware(UnitOfWork, db=db)
    return app
