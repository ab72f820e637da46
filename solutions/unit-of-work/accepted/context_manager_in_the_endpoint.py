"""A context manager, entered and left in the endpoint, which turns exceptions into answers itself."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import BackgroundTasks, FastAPI, HTTPException
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


@asynccontextmanager
async def unit_of_work(db: Database) -> AsyncGenerator[Session]:
    session = db.session()
    try:
        yield session
        await session.commit()
    except BaseException:
        await session.rollback()
        raise
    finally:
        await session.close()


def create_app(db: Database, notify: Notify) -> FastAPI:
    app = FastAPI()

    @app.post("/trades", status_code=201)
    async def take_trade(trade: Trade, background: BackgroundTasks) -> dict[str, str]:
        try:
            async with unit_of_work(db) as session:
                await book(session, trade)
        except OverLimit as error:
            raise HTTPException(409, "over the limit") from error
        except ConnectionError as error:
            raise HTTPException(503, "not committed") from error
        background.add_task(notify, trade.id)
        return {"id": trade.id}

    return app
