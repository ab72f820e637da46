"""Real uvicorn on three ports of this machine: the application of another origin, and two origins with pages."""

import json
import socket
import threading
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from queue import Queue
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.real_browser.cases import BEHAVIOURS, Case

__all__ = ["Log", "Stand", "stand"]

Seen = tuple[str, dict[str, str]]
"""A request as the server has it: its method, and its headers by names in lower case."""


@dataclass
class Log:
    """What the application of another origin has seen, by who asked and the number of the case."""

    seen: dict[tuple[str, int], list[Seen]] = field(default_factory=dict[tuple[str, int], list[Seen]])
    cases: Sequence[Case] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write down a request to ``/<who>/<number>``, and answer as that case wants it."""
        who, _, number = scope["path"].strip("/").partition("/")
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        self.seen.setdefault((who, int(number)), []).append((scope["method"], headers))
        await BEHAVIOURS[self.cases[int(number)].behaviour](scope, receive, send)


@dataclass(frozen=True)
class Stand:
    """Everything that listens: the address of the application, the origins of pages, and what their scripts report."""

    api: str
    pages: tuple[str, str]
    log: Log
    reports: Queue[list[dict[str, Any]]]

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins of all pages; that of a sandboxed frame is opaque."""
        return (*self.pages, "null")


@contextmanager
def stand() -> Generator[Stand]:
    """Start three servers, and stop them at the end."""
    log, reports = Log(), Queue[list[dict[str, Any]]]()
    with ExitStack() as stack:
        api = stack.enter_context(_serving(_without_lifespan(log)))
        desk, other = (stack.enter_context(_serving(_pages(log, reports, api))) for _ in range(2))
        yield Stand(api, (desk, other), log, reports)


@contextmanager
def _serving(app: ASGIApp) -> Generator[str]:
    """Serve an application on a free port; hand out its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", date_header=False, server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def _without_lifespan(app: ASGIApp) -> ASGIApp:
    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await app(scope, receive, send)

    return served


def _pages(log: Log, reports: Queue[list[dict[str, Any]]], api: str) -> Starlette:
    """Return the pages: one that shows a frame of each origin, the frame, its cases, and where reports go."""
    folder = files("tests.real_browser")

    async def page(name: str) -> Response:
        return HTMLResponse(folder.joinpath(name).read_text(encoding="utf-8"), headers={"Set-Cookie": "session=7"})

    def document(name: str) -> Callable[[Request], Awaitable[Response]]:
        async def answer(_: Request) -> Response:
            return await page(name)

        return answer

    async def cases(request: Request) -> Response:
        """Give each origin its own cases; what is opaque can read this only because anybody may."""
        origin = request.query_params["origin"]
        own = [
            {
                "number": case.number,
                "url": f"{api}/browser/{case.number}",
                "method": case.asked.method,
                "headers": case.asked.headers,
                "credentials": case.asked.credentials,
                "body": case.asked.body,
            }
            for case in log.cases
            if case.origin == origin
        ]
        return JSONResponse(own, headers={"Access-Control-Allow-Origin": "*"})

    async def report(request: Request) -> Response:
        reports.put(json.loads(await request.body()))
        return Response()

    routes = [
        Route("/", document("page.html")),
        Route("/frame", document("frame.html")),
        Route("/cases", cases),
        Route("/report", report, methods=["POST"]),
    ]
    return Starlette(routes=routes)
