"""What an application raises is left to whoever calls the server."""

import asyncio
import io
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApplication = Callable[[Scope, Receive, Send], Awaitable[None]]


logger = logging.getLogger(__name__)


@dataclass
class Request:
    method: str
    path: bytes
    query: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes


def read(raw: bytes) -> Request:
    head, _, body = raw.partition(b"\r\n\r\n")
    request_line, *lines = head.split(b"\r\n")
    method, target, _ = request_line.split(b" ")
    path, _, query = target.partition(b"?")
    pairs = [line.partition(b":") for line in lines]
    headers = [(name.lower(), value.strip()) for name, _, value in pairs]
    return Request(method.decode(), path, query, headers, body)


@dataclass
class Answer:
    status: str = "500 Internal Server Error"
    headers: Iterable[tuple[bytes, bytes]] = ()
    parts: list[bytes] = field(default_factory=list[bytes])

    def write(self, method: str) -> bytes:
        body = b"".join(self.parts)
        lines = [b"HTTP/1.1 " + self.status.encode("latin-1"), *(name + b": " + value for name, value in self.headers)]
        if method == "HEAD" or self.status[:3] in {"204", "304"}:
            body = b""
        elif b"content-length" not in {name.lower() for name, _ in self.headers}:
            lines.append(b"Content-Length: %d" % len(body))
        return b"\r\n".join([*lines, b"", body])


async def serve_asgi(app: ASGIApplication, raw: bytes) -> bytes:
    request, answer = read(raw), Answer()
    messages = [{"type": "http.request", "body": request.body}]
    complete = asyncio.Event()

    async def receive() -> Message:
        if messages:
            return messages.pop()
        await complete.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = f"{message['status']} "
            answer.headers = message.get("headers", [])
            return
        answer.parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            complete.set()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "path": unquote_to_bytes(request.path).decode(),
        "raw_path": request.path,
        "query_string": request.query,
        "headers": request.headers,
    }
    await app(scope, receive, send)
    return (answer if complete.is_set() else Answer()).write(request.method)


def environ_of(request: Request) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query.decode("latin-1"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]}, {text}" if key in environ else text
    return environ


def serve_wsgi(app: WSGIApplication, raw: bytes) -> bytes:
    request, answer = read(raw), Answer()

    def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], Any]:
        answer.status = status
        answer.headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return answer.parts.append

    returned: Any = app(environ_of(request), start_response)
    try:
        for part in returned:
            answer.parts.append(part)
    finally:
        if hasattr(returned, "close"):
            returned.close()
    return answer.write(request.method)
