"""The dependency commits at the end, come what may."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Annotated, Protocol

from fastapi import BackgroundTasks, Depends, FastAPI, Request
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

    async def unit_of_work() -> AsyncGenerator[Session]:
        session = db.session()
        try:
            yield session
        finally:
            await session.commit()
            await session.close()

    @app.exception_handler(OverLimit)
    async def refuse(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "over the limit"}, 409)

    @app.exception_handler(ConnectionError)
    async def apologize(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "not committed"}, 503)

    @app.post("/trades", status_code=201)
    async def take_trade(
        trade: Trade, session: Annotated[Session, Depends(unit_of_work, scope="function")], background: BackgroundTasks
    ) -> dict[str, str]:
        await book(session, trade)
        background.add_task(notify, trade.id)
        return {"id": trade.id}

    return app
