"""The parser of http.client and the handler of wsgiref do what they can; every response closes its connection."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from http.client import parse_headers
from io import BytesIO
from typing import Any
from urllib.parse import unquote, unquote_to_bytes
from wsgiref.handlers import SimpleHandler
from wsgiref.types import WSGIApplication

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApplication = Callable[[Scope, Receive, Send], Awaitable[None]]

logger = logging.getLogger(__name__)

INTERNAL_SERVER_ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"


class Request:
    def __init__(self, raw: bytes) -> None:
        stream = BytesIO(raw)
        self.method, target, _ = stream.readline().decode().split(" ")
        self.path, _, self.query = target.partition("?")
        self.headers = [(name, value.strip()) for name, value in parse_headers(stream).items()]
        self.rest = stream


class Run:
    """One call of an ASGI application."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.head = self.body = b""
        self.is_asked = False
        self.is_over = asyncio.Event()
        self.is_started = False

    @property
    def scope(self) -> Scope:
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": self.request.method,
            "path": unquote(self.request.path),
            "raw_path": self.request.path.encode(),
            "query_string": self.request.query.encode(),
            "headers": [[name.lower().encode(), value.encode("latin-1")] for name, value in self.request.headers],
        }

    async def receive(self) -> Message:
        if self.is_asked:
            await self.is_over.wait()
            return {"type": "http.disconnect"}
        self.is_asked = True
        return {"type": "http.request", "body": self.request.rest.read()}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            lines = [b"HTTP/1.1 %d " % message["status"], b"Connection: close"]
            lines += [name + b": " + value for name, value in message.get("headers", ())]
            self.head = b"\r\n".join([*lines, b"", b""])
            return
        self.is_started = True
        self.body += message.get("body", b"")
        if not message.get("more_body", False):
            self.is_over.set()


async def serve_asgi(app: ASGIApplication, raw: bytes) -> bytes:
    run = Run(Request(raw))
    try:
        await app(run.scope, run.receive, run.send)
    except Exception:
        logger.exception("the application failed")
    if not run.is_started:
        return INTERNAL_SERVER_ERROR
    return run.head if run.request.method == "HEAD" else run.head + run.body


def serve_wsgi(app: WSGIApplication, raw: bytes) -> bytes:
    request = Request(raw)
    environ = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
    }
    for name, value in request.headers:
        key = "HTTP_" + name.replace("-", "_").upper()
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ["CONTENT_LENGTH"] = environ.pop("HTTP_CONTENT_LENGTH", "")
    response = BytesIO()
    handler = SimpleHandler(request.rest, response, sys.stderr, environ)
    handler.http_version = "1.1"
    handler.os_environ = {}  # or the application would be told of ours
    handler.run(app)
    head, _, body = response.getvalue().partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    if status.split(b" ")[1] in {b"204", b"304"}:
        lines.remove(b"Content-Length: 0")
    if request.method == "HEAD":
        body = b""
    return b"\r\n".join([status, b"Connection: close", *lines, b"", body])
