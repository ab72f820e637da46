"""Applications for the learner's servers, real ones and scripted ones. They tell what they see, and judge nothing."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from importlib import import_module
from typing import Any, Final

from fastapi import BackgroundTasks, FastAPI
from flask import Flask, jsonify
from flask import Response as FlaskResponse
from flask import request as flask_request
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

Step = tuple[str, Any]
"""What a scripted application does, and with what."""

Tell = Callable[[str, Any], None]
Facts = dict[str, Any]

STREAMS: Final = {
    "wsgi.input": ("read", "readline", "readlines", "__iter__"),
    "wsgi.errors": ("write", "writelines", "flush"),
}


# Scripted


def asgi_app(script: list[Step], tell: Tell, pause: Callable[[], Awaitable[None]]) -> object:
    """Return an ASGI application that does this for every request."""

    async def app(scope: Facts, receive: Callable[[], Awaitable[Facts]], send: Callable[[Facts], Any]) -> None:
        async def listen() -> None:
            tell("heard", await receive())

        tell("scope", {**scope, "headers": list(scope.get("headers", ()))})
        listening: list[asyncio.Task[None]] = []
        for verb, given in script:
            match verb:
                case "read":
                    while (message := await receive()).get("more_body"):
                        tell("body", message)
                    tell("body", message)
                case "listen":
                    listening.append(asyncio.create_task(listen()))
                case "pause":
                    await pause()
                case "send":
                    await send(given)
                case _:
                    raise RuntimeError(given)
        await asyncio.gather(*listening)

    return app


class Body:
    """What a WSGI application returns. Iterating over it gives another object than itself."""

    def __init__(self, steps: Iterator[bytes], tell: Tell) -> None:
        self._steps, self._tell = steps, tell

    def __iter__(self) -> Iterator[bytes]:
        yield from self._steps
        self._tell("the end of the body", None)

    def close(self) -> None:
        """Tell of it."""
        self._tell("close()", None)


def wsgi_app(
    called: list[Step], iterated: list[Step], tell: Tell, pause: Callable[[], None], *, is_list: bool = False
) -> object:
    """Return a WSGI application that does the one when it is called, and the other when its answer is iterated."""

    def app(environ: Facts, start_response: Callable[..., Callable[[bytes], object]]) -> object:
        write: list[Callable[[bytes], object]] = []

        def perform(script: list[Step]) -> Iterator[bytes]:
            for verb, given in script:
                match verb:
                    case "read":
                        tell("input", environ["wsgi.input"].read(given))
                    case "lines":
                        tell("input", list(environ["wsgi.input"]))
                    case "start":
                        status, headers = given
                        write.append(start_response(status, list(headers)))
                    case "start again":
                        start_again(*given)
                    case "write":
                        write[-1](given)
                    case "part":
                        tell("a part of the body", given)
                        yield given
                    case "pause":
                        pause()
                    case _:
                        raise RuntimeError(given)

        def start_again(status: str, headers: list[tuple[str, str]]) -> None:
            try:
                [].pop()
            except IndexError:
                start_response(status, list(headers), sys.exc_info())

        tell("environ", described(environ))
        for _ in perform(called):
            pass
        return list(perform(iterated)) if is_list else Body(perform(iterated), tell)

    return app


def described(environ: Facts) -> Facts:
    """Return what can be told of an environ: its type, its values, and which methods its streams lack."""
    lacking = {
        name: [method for method in methods if not hasattr(environ.get(name), method)]
        for name, methods in STREAMS.items()
    }
    values = {name: value for name, value in environ.items() if name not in STREAMS}
    return {"type": type(environ).__name__, "values": values, "lacking": lacking}


# Real


def starlette_app(secret: str, parts: list[bytes]) -> object:
    """Return a Starlette application: it tells what it is asked, and streams."""

    async def quote(request: Request) -> JSONResponse:
        seen = {
            "secret": secret,
            "path": request.path_params,
            "query": request.query_params.multi_items(),
            "traders": request.headers.getlist("x-trader"),
            "cookies": request.cookies,
        }
        answer = JSONResponse(seen, 203)
        answer.set_cookie("first", secret)
        answer.set_cookie("second", secret)
        return answer

    async def ticks(_: Request) -> StreamingResponse:
        async def body() -> AsyncIterator[bytes]:
            for part in parts:
                await asyncio.sleep(0)
                yield part

        return StreamingResponse(body(), 200, media_type="text/plain")

    return Starlette(routes=[Route("/desks/{desk}/quotes/{symbol}", quote), Route("/ticks", ticks)])


class Order(BaseModel):
    """What FastAPI validates."""

    symbol: str
    qty: int


def fastapi_app(secret: str, book: Callable[[str], Awaitable[None]]) -> object:
    """Return a FastAPI application: it validates orders, and books them in the background."""
    app = FastAPI()

    @app.post("/desks/{desk}/orders", status_code=201)
    async def create(desk: str, order: Order, limit: int, background: BackgroundTasks) -> Facts:
        background.add_task(book, order.symbol)
        return {"secret": secret, "desk": desk, "limit": limit, **order.model_dump()}

    _ = create
    return app


def flask_app(secret: str, parts: list[bytes]) -> object:
    """Return a Flask application: it tells what it is asked, and streams."""
    app = Flask("desk", root_path="/", instance_path="/instance", static_folder=None)

    @app.post("/desks/<desk>/orders")
    def create(desk: str) -> tuple[FlaskResponse, int]:
        answer = jsonify(
            secret=secret,
            desk=desk,
            query=flask_request.args.to_dict(flat=False),
            traders=flask_request.headers["X-Trader"],
            order=flask_request.get_json(),
        )
        answer.set_cookie("first", secret)
        answer.set_cookie("second", secret)
        return answer, 201

    @app.get("/ticks")
    def ticks() -> FlaskResponse:
        return FlaskResponse(iter(parts), mimetype="text/plain")

    _ = create, ticks
    return app


def django_app(secret: str) -> object:
    """Return a Django application with one view, which tells what it is asked, also where it is a form."""
    conf, http, urls, wsgi = map(
        import_module, ("django.conf", "django.http", "django.urls", "django.core.handlers.wsgi")
    )  # Django says nothing of its types

    def create(request: Any, desk: str) -> Any:
        seen = {
            "secret": secret,
            "desk": desk,
            "query": dict(request.GET.lists()),
            "form": dict(request.POST.lists()),
            "traders": request.headers["X-Trader"],
            "address": f"{request.scheme}://{request.get_host()}",
        }
        answer = http.JsonResponse(seen, status=202)
        answer.set_cookie("first", secret)
        answer.set_cookie("second", secret)
        return answer

    routes = (urls.path("desks/<str:desk>/orders", create),)
    conf.settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=routes, SECRET_KEY=secret)
    return wsgi.WSGIHandler()
