"""Middleware: what becomes of exceptions, and of answers that come twice or not at all."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import BackgroundTasks, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tests.facts.driver import call

Next = Callable[[Request], Awaitable[Response]]


class Stamp:
    """A middleware of plain ASGI that adds a header to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-stamp", b"1")]
            await send(message)

        await self.app(scope, receive, stamped)


@pytest.mark.fact("V14", "middleware-onion", "request-trail")
async def test_an_http_exception_of_a_middleware_is_a_500() -> None:
    """An HTTPException that a middleware raises becomes a 500."""
    app = FastAPI()

    @app.middleware("http")
    async def guard(_request: Request, _call_next: Next) -> Response:
        raise HTTPException(401)

    assert (await call(app)).status == 500


@pytest.mark.fact("V15", "request-trail", "cors-everywhere")
async def test_the_handler_for_exception_lies_outside_all_middleware() -> None:
    """A handler for Exception answers from outside all middleware, one for any other class from inside."""
    app = FastAPI()
    app.add_middleware(Stamp)

    @app.exception_handler(Exception)
    async def everything(_request: Request, _error: Exception) -> Response:
        return JSONResponse("everything", 500)

    @app.exception_handler(KeyError)
    async def one_class(_request: Request, _error: Exception) -> Response:
        return JSONResponse("one class", 409)

    @app.get("/{name}")
    async def endpoint(name: str) -> None:
        raise KeyError if name == "key" else ValueError

    outside, inside = await call(app, "/value"), await call(app, "/key")
    assert (outside.json, outside.header("x-stamp")) == ("everything", None)
    assert (inside.json, inside.header("x-stamp")) == ("one class", "1")


@pytest.mark.fact("V16", "request-trail")
async def test_a_wrapper_comes_too_late_to_replace_a_500() -> None:
    """What wraps the whole application can add a header to a 500, but gets the exception after its body was sent."""
    app = FastAPI()

    @app.get("/")
    async def endpoint() -> None:
        raise ValueError

    answer = await call(Stamp(app))
    assert (answer.status, answer.header("x-stamp"), answer.log) == (500, "1", ["start", "body", "returned"])
    assert isinstance(answer.error, ValueError)


@pytest.mark.fact("V19", "request-trail")
async def test_call_next_works_once() -> None:
    """Calling `call_next` twice runs the endpoint twice, and ends in a 500."""
    runs: list[int] = []
    app = FastAPI()

    @app.middleware("http")
    async def twice(request: Request, call_next: Next) -> Response:
        await call_next(request)
        return await call_next(request)

    @app.get("/")
    async def endpoint() -> None:
        runs.append(1)

    assert ((await call(app)).status, runs) == (500, [1, 1])


@pytest.mark.fact("V20", "request-trail", "background-duty")
async def test_a_catch_all_answers_a_second_time() -> None:
    """Plain ASGI middleware that answers whatever is raised begins a second answer when a background task fails."""
    app = FastAPI()

    def fail() -> None:
        raise ValueError

    @app.get("/")
    async def endpoint(background: BackgroundTasks) -> None:
        background.add_task(fail)

    async def catch_all(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except ValueError:
            await JSONResponse(None, 500)(scope, receive, send)

    assert (await call(catch_all)).log == ["start", "body", "start", "body", "returned"]


@pytest.mark.fact("V24", "middleware-onion")
@pytest.mark.parametrize("answer", [JSONResponse(None), None])
async def test_a_middleware_is_async_and_returns_a_response(answer: Response | None) -> None:
    """A middleware that is no coroutine function, or that returns None, ends in a 500."""
    app = FastAPI()

    def plain(_request: Request, _call_next: Next) -> Any:
        return answer

    async def nothing(request: Request, call_next: Next) -> Any:
        await call_next(request)

    app.middleware("http")(plain if answer else nothing)
    assert (await call(app)).status == 500
