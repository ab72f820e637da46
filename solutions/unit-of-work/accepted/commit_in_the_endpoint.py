"""The dependency only rolls back what is left and closes; the endpoint commits, and announces with its response."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Annotated, Protocol

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask

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

    async def open_session() -> AsyncGenerator[Session]:
        session = db.session()
        try:
            yield session
        finally:
            await session.rollback()  # does nothing after a commit
            await session.close()

    @app.exception_handler(OverLimit)
    async def refuse(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "over the limit"}, 409)

    @app.exception_handler(ConnectionError)
    async def apologize(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "not committed"}, 503)

    @app.post("/trades")
    async def take_trade(
        trade: Trade, session: Annotated[Session, Depends(open_session, scope="function")]
    ) -> JSONResponse:
        await book(session, trade)
        await session.commit()
        return JSONResponse({"id": trade.id}, 201, background=BackgroundTask(notify, trade.id))

    return app
