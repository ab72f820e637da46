"""A route class has the session around everything that the route does, validation included."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from fastapi import BackgroundTasks, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
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

    class Transactional(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handle_in_transaction(request: Request) -> Response:
                session = request.state.session = db.session()
                try:
                    response = await handle(request)
                    await session.commit()
                except BaseException:
                    await session.rollback()
                    raise
                finally:
                    await session.close()
                return response

            return handle_in_transaction

    app.router.route_class = Transactional

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

    return app
