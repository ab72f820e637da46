"""Middleware: order, and what goes up and down."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from inspect import signature

import pytest
from fastapi import APIRouter, BackgroundTasks, FastAPI, Request, Response, WebSocket
from fastapi.responses import JSONResponse
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tests.facts.driver import Layer, call, http_scope, run

Next = Callable[[Request], Awaitable[Response]]
who: ContextVar[str] = ContextVar("who", default="nobody")


class See:
    """A middleware of plain ASGI that writes down what comes by."""

    def __init__(self, app: ASGIApp, seen: list[str]) -> None:
        self.app, self.seen = app, seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append(scope["type"])
        await self.app(scope, receive, send)


async def pass_on(request: Request, call_next: Next) -> Response:
    return await call_next(request)


@pytest.mark.fact("V12", "middleware-onion", "request-trail")
async def test_the_last_one_added_is_outermost() -> None:
    """The last middleware added is the outermost; the constructor's list, its first one outermost, lies inside."""
    log: list[str] = []
    app = FastAPI(middleware=[Middleware(Layer, "list 1", log), Middleware(Layer, "list 2", log)])
    app.add_middleware(Layer, "added 1", log)

    @app.middleware("http")
    async def decorated(request: Request, call_next: Next) -> Response:
        log.append("decorated>")
        return await call_next(request)

    app.add_middleware(Layer, "added 2", log)
    await call(app)
    assert [name for name in log if name.endswith(">")] == ["added 2>", "decorated>", "added 1>", "list 1>", "list 2>"]


@pytest.mark.fact("V13", "two-callables", "request-trail", "unit-of-work", "background-receipt")
async def test_after_the_application_is_later_than_after_call_next() -> None:
    """After `await self.app(...)` background tasks are over; after `call_next` the answer has not begun."""
    log: list[str] = []
    app = FastAPI()

    @app.middleware("http")
    async def inner(request: Request, call_next: Next) -> Response:
        response = await call_next(request)
        log.append("after call_next")
        return response

    app.add_middleware(Layer, "plain", log)

    @app.get("/")
    async def endpoint(background: BackgroundTasks) -> None:
        background.add_task(log.append, "task")

    await call(app, log=log)
    assert [event for event in log if event != "body"] == [
        "plain>",
        "after call_next",
        "start",
        "task",
        "<plain",
        "returned",
    ]


@pytest.mark.fact("V17", "request-trail", "trader-context")
@pytest.mark.parametrize(
    ("path", "is_wrapped", "seen"),
    [("/async", False, "endpoint"), ("/sync", False, "nobody"), ("/async", True, "nobody")],
)
async def test_a_context_variable_goes_up_through_plain_asgi_alone(path: str, is_wrapped: bool, seen: str) -> None:
    """A ContextVar set by an async endpoint reaches plain ASGI middleware, unless BaseHTTPMiddleware is between."""
    app = FastAPI()
    if is_wrapped:
        app.middleware("http")(pass_on)

    @app.get("/async")
    async def asynchronous() -> None:
        who.set("endpoint")

    @app.get("/sync")
    def synchronous() -> None:
        who.set("endpoint")

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)
        assert who.get() == seen

    assert (await call(outer, path)).error is None


@pytest.mark.fact("V18", "background-receipt", "unit-of-work")
async def test_a_replaced_response_leaves_its_background_tasks() -> None:
    """Background tasks of a response that BaseHTTPMiddleware replaces still run."""
    log: list[str] = []
    app = FastAPI()

    @app.middleware("http")
    async def replace(request: Request, call_next: Next) -> Response:
        await call_next(request)
        return JSONResponse(None, 503)

    @app.get("/")
    async def endpoint(background: BackgroundTasks) -> None:
        background.add_task(log.append, "task")

    assert (await call(app, log=log)).status == 503
    assert "task" in log


@pytest.mark.fact("V21", "request-trail")
async def test_only_base_http_middleware_may_read_the_body() -> None:
    """A body that BaseHTTPMiddleware reads is there for the endpoint; one that plain ASGI middleware reads is gone."""
    app = FastAPI()

    @app.middleware("http")
    async def read(request: Request, call_next: Next) -> Response:
        await request.body()
        return await call_next(request)

    @app.post("/")
    async def endpoint(body: dict[str, int]) -> dict[str, int]:
        return body

    assert (await call(app, "/", "POST", json={"a": 1})).json == {"a": 1}
    asks_for_more = asyncio.Event()

    async def plain(scope: Scope, receive: Receive, send: Send) -> None:
        async def nothing_is_left() -> Message:
            asks_for_more.set()
            return await asyncio.get_running_loop().create_future()

        await Request(scope, receive).body()
        await app(scope, nothing_is_left, send)

    waiting = asyncio.create_task(call(plain, "/", "POST", json={"a": 1}))
    await asks_for_more.wait()
    assert not waiting.done()
    waiting.cancel()


@pytest.mark.fact("V22", "gate-or-guard")
async def test_the_route_is_known_after_call_next() -> None:
    """Before `call_next` a middleware sees neither path parameters nor route, after it both."""
    seen: list[object] = []
    app = FastAPI()

    @app.middleware("http")
    async def look(request: Request, call_next: Next) -> Response:
        seen.append((dict(request.path_params), request.scope.get("route")))
        response = await call_next(request)
        seen.append((dict(request.path_params), request.scope["route"].path))
        return response

    @app.get("/orders/{order}")
    async def endpoint(order: str) -> None: ...

    await call(app, "/orders/7")
    assert seen == [({}, None), ({"order": "7"}, "/orders/{order}")]


@pytest.mark.fact("V23", "request-trail", "cors-everywhere")
async def test_only_plain_asgi_sees_websockets_and_lifespan() -> None:
    """`@app.middleware("http")` sees requests alone; plain ASGI middleware sees WebSockets and the lifespan, too."""
    plain: list[str] = []
    decorated: list[str] = []
    app = FastAPI()

    @app.middleware("http")
    async def note(request: Request, call_next: Next) -> Response:
        decorated.append(request.scope["type"])
        return await call_next(request)

    @app.websocket("/")
    async def endpoint(socket: WebSocket) -> None:
        await socket.accept()

    app.add_middleware(See, seen=plain)
    await run(app, {**http_scope("/", "GET", {}), "type": "websocket"}, {"type": "websocket.connect"})
    lifespan: Scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    await run(app, lifespan, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    assert (plain, decorated) == (["websocket", "lifespan"], [])


@pytest.mark.fact("N3", "middleware-onion", "gate-or-guard")
def test_middleware_belongs_to_applications() -> None:
    """A FastAPI route or router takes no middleware of its own."""
    assert "middleware" in signature(FastAPI.__init__).parameters
    assert "middleware" not in signature(FastAPI.get).parameters
    assert "middleware" not in signature(APIRouter.__init__).parameters
