"""Makes desks that ask the grader for every answer, and runs the learner's checks on them. It judges nothing.

In this process all desks are alike: nothing but its answers tells one that is in order from one that is broken.
"""

import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import desk
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

Answer = dict[str, Any]
Ask = Callable[..., Awaitable[Any]]
AskInThread = Callable[..., Any]


def given_maker() -> Callable[[desk.Feed], FastAPI]:
    """Return what makes the desk of `desk.py`."""
    return desk.make_app


def maker(opened: Callable[[], int], ask: Ask, ask_in_thread: AskInThread) -> Callable[[desk.Feed], FastAPI]:
    """Return what makes desks; each is numbered by ``opened``, and then asks what it is to do."""

    def make_app(feed: desk.Feed) -> FastAPI:
        number = opened()
        app = FastAPI(title="Desk", lifespan=lifespan_of(partial(ask, number), feed))
        add_market(app, partial(ask, number), feed)
        add_trade(app, partial(ask, number), partial(ask_in_thread, number))
        return app

    return make_app


def lifespan_of(ask: Ask, feed: desk.Feed) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Return the lifespan of a desk with this feed."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        if await ask("starts"):
            await feed.open()
        try:
            yield
        finally:  # a test that enters the lifespan by hand throws its own failure in here
            if await ask("shuts down"):
                await feed.close()

    return lifespan


def add_market(app: FastAPI, ask: Ask, feed: desk.Feed) -> None:
    """Add what everybody may ask for."""

    @app.get("/quotes/{symbol}")
    async def read_quote(symbol: str) -> Response:
        return response_of(await ask("quotes", symbol, await feed.price(symbol)))

    @app.get("/old/{symbol}")
    async def read_old(symbol: str) -> Response:
        return response_of(await ask("redirects", symbol))

    @app.get("/ticks")
    async def read_ticks() -> Response:
        return response_of(await ask("ticks"))

    @app.get("/boom")
    async def crash() -> Response:
        message = await ask("crashes")
        if message is None:
            return response_of(await ask("has crashed"))
        raise RuntimeError(message)

    @app.exception_handler(Exception)
    async def answer_for_the_crashed(_request: Request, _error: Exception) -> Response:
        return response_of(await ask("has crashed"))


def add_trade(app: FastAPI, ask: Ask, ask_in_thread: AskInThread) -> None:
    """Add what traders do."""

    @app.post("/login")
    def log_in(login: dict[str, Any]) -> Response:
        return response_of(ask_in_thread("logs in", login))

    @app.get("/me")
    async def read_me(request: Request) -> Response:
        return response_of(await ask("identifies", dict(request.cookies)))

    @app.post("/orders")
    def place_order(order: dict[str, Any]) -> Response:
        return response_of(ask_in_thread("takes an order", order))

    @app.get("/orders")
    async def read_orders() -> Response:
        return response_of(await ask("lists its orders"))


def response_of(answer: Answer) -> Response:
    """Build the response that the grader describes; its parts leave one after the other."""

    async def parts() -> AsyncIterator[str]:
        for part in answer["parts"]:
            yield part

    return StreamingResponse(parts(), answer["status"], answer["headers"])


def run(check: Callable[[], object]) -> bool:
    """Run one of the learner's checks; tell whether it has left something that somebody else would have to await."""
    left = check()
    if inspect.iscoroutine(left):
        left.close()  # nobody will await it, about which Python would complain
    return inspect.isawaitable(left)
