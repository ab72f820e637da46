"""Builds the application that is instrumented: a route for everything that can become of an answer."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol

from fastapi import APIRouter, BackgroundTasks, FastAPI, HTTPException, Request, WebSocket
from fastapi.responses import JSONResponse, StreamingResponse


class Witness(Protocol):
    """The grader's ear in the application."""

    def rid(self, where: str, rid: object, /) -> None:
        """Hear what `current_rid()` returned there."""

    async def enter(self, rid: object, /) -> None:
        """Do the work of the first background task."""

    def mail(self, rid: object, /) -> None:
        """Do the work of the second one, which is an ordinary function."""


def build_desk(
    current_rid: Callable[[], Any], witness: Witness, ticks: Callable[[], AsyncIterator[str]], venue: str
) -> FastAPI:
    """Return the application."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[dict[str, str]]:
        yield {"venue": venue}

    app = FastAPI(lifespan=lifespan)
    app.add_exception_handler(MarketClosed, answer_closed)
    app.include_router(troubles)

    async def enter() -> None:
        await witness.enter(current_rid())

    def mail() -> None:
        witness.mail(current_rid())

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        witness.rid("an async def endpoint", current_rid())
        return {"symbol": symbol, "price": "101.50"}

    @app.get("/positions/{symbol}")
    def position(symbol: str) -> dict[str, str]:
        witness.rid("a def endpoint", current_rid())
        return {"symbol": symbol, "quantity": "10"}

    @app.post("/orders", status_code=201)
    async def order(body: dict[str, str], tasks: BackgroundTasks) -> dict[str, str]:
        witness.rid("an async def endpoint", current_rid())
        tasks.add_task(enter)
        tasks.add_task(mail)
        return body

    @app.get("/ticks")
    async def stream() -> StreamingResponse:
        return StreamingResponse(ticks())

    @app.websocket("/feed/down")
    async def fail_to_accept(_socket: WebSocket) -> None:
        raise FeedDown

    @app.websocket("/feed")
    async def feed(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(f"{socket.state.venue} {await socket.receive_text()}")
        await socket.close()

    return app


# What goes wrong

troubles = APIRouter()


class MarketClosed(Exception):
    """An exception for which the application has a handler of its own."""


class FeedDown(Exception):
    """The stream has broken off; a name as short as this is no line of the grader in anybody's log."""


async def answer_closed(_request: Request, _error: Exception) -> JSONResponse:
    """Answer a MarketClosed."""
    return JSONResponse({"detail": "closed"}, 503)


@troubles.get("/refused")
async def refuse() -> None:
    """Refuse in the usual way."""
    raise HTTPException(409, "halted", {"Retry-After": "60"})


@troubles.get("/closed")
async def close() -> None:
    """Refuse by an exception that has a handler."""
    raise MarketClosed


@troubles.get("/crash/async")
async def crash() -> None:
    """Fail on the event loop."""
    raise RuntimeError("no price")


@troubles.get("/crash/sync")
def crash_in_thread() -> None:
    """Fail in a thread."""
    raise RuntimeError("no position")


@troubles.post("/crash/late")
async def crash_late(_body: dict[str, str]) -> None:
    """Fail once the body has arrived."""
    raise RuntimeError("no order")


@troubles.get("/ticks/{first}")
async def break_off(first: str) -> StreamingResponse:
    """Fail when the answer has begun."""

    async def ticks() -> AsyncGenerator[str]:
        yield first
        raise FeedDown

    return StreamingResponse(ticks())


@troubles.post("/receipts", status_code=201)
async def fail_later(tasks: BackgroundTasks) -> dict[str, str]:
    """Fail when the answer is complete."""

    async def fail() -> None:
        raise RuntimeError("the ledger is full")

    tasks.add_task(fail)
    return {"receipt": "sent"}
