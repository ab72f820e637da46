"""A middleware commits, and replaces the answer when that fails."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Protocol

from fastapi import BackgroundTasks, FastAPI, Request, Response
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

    @app.middleware("http")
    async def unit_of_work(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        session = request.state.session = db.session()
        try:
            response = await call_next(request)
            if response.status_code == HTTPStatus.CREATED:
                await session.commit()
        except ConnectionError:
            return JSONResponse({"detail": "not committed"}, 503)
        finally:
            await session.rollback()  # does nothing after a commit
            await session.close()
        return response

    @app.exception_handler(OverLimit)
    async def refuse(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "over the limit"}, 409)

    @app.post("/trades", status_code=201)
    async def take_trade(trade: Trade, request: Request, background: BackgroundTasks) -> dict[str, str]:
        await book(request.state.session, trade)
        background.add_task(notify, trade.id)
        return {"id": trade.id}

    return app
