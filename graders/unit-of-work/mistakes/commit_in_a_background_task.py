"""The commit is a background task, the first of two."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from fastapi import BackgroundTasks, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

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


def create_app(db: Database, notify: Notify) -> FastAPI:
    app = FastAPI()

    @app.exception_handler(OverLimit)
    async def refuse(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "over the limit"}, 409)

    @app.exception_handler(ConnectionError)
    async def apologize(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "not committed"}, 503)

    async def commit(session: Session) -> None:
        try:
            await session.commit()
        except ConnectionError:
            await session.rollback()
            raise
        finally:
            await session.close()

    @app.post("/trades", status_code=201)
    async def take_trade(trade: Trade, background: BackgroundTasks) -> dict[str, str]:
        session = db.session()
        try:
            await book(session, trade)
        except BaseException:
            await session.rollback()
            await session.close()
            raise
        background.add_task(commit, session)
        background.add_task(notify, trade.id)
        return {"id": trade.id}

    return app
