"""serve_asgi returns as soon as the response is complete, and keeps the task in which the application goes on."""

import asyncio
import io
import logging
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import ExitStack
from typing import Any, NamedTuple
from urllib.parse import unquote
from wsgiref.types import WSGIApplication

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApplication = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[str, str]]

logger = logging.getLogger(__name__)
running: set[asyncio.Future[None]] = set()


class Request(NamedTuple):
    method: str
    path: str
    query: str
    headers: Headers
    body: bytes


class Response(NamedTuple):
    status: str
    headers: Headers
    body: bytes


SERVER_ERROR = Response("500 Internal Server Error", [], b"")


def read(raw: bytes) -> Request:
    end = raw.index(b"\r\n\r\n")
    first, *rest = raw[:end].decode("latin-1").split("\r\n")
    method, target, _ = first.split()
    headers = [(name, value.strip()) for name, value in (line.split(":", 1) for line in rest)]
    path, _, query = target.partition("?")
    return Request(method, path, query, headers, raw[end + 4 :])


def write(request: Request, response: Response) -> bytes:
    status, headers, body = response
    is_empty = request.method == "HEAD" or status.startswith(("204", "304"))
    told = {name.lower() for name, _ in headers}
    if not is_empty and "content-length" not in told:
        headers = [*headers, ("Content-Length", str(len(body)))]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + (b"" if is_empty else body)


async def serve_asgi(app: ASGIApplication, raw: bytes) -> bytes:
    request = read(raw)
    response: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

    async def messages() -> AsyncGenerator[Message]:
        yield {"type": "http.request", "body": request.body}
        await asyncio.wait([response])
        while True:
            yield {"type": "http.disconnect"}

    start: Message = {}
    body = b""

    async def send(message: Message) -> None:
        nonlocal body
        if message["type"] == "http.response.start":
            start.update(message)
            return
        body += message.get("body", b"")
        if not message.get("more_body", False):
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start.get("headers", ())]
            response.set_result(Response(f"{start['status']} ", headers, body))

    receive = messages().__anext__
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "path": unquote(request.path),
        "raw_path": request.path.encode(),
        "query_string": request.query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in request.headers],
    }
    task = asyncio.ensure_future(app(scope, receive, send))  # asyncio logs what it raises
    running.add(task)
    task.add_done_callback(running.discard)
    await asyncio.wait([response, task], return_when=asyncio.FIRST_COMPLETED)
    return write(request, response.result() if response.done() else SERVER_ERROR)


def serve_wsgi(app: WSGIApplication, raw: bytes) -> bytes:
    request = read(raw)
    try:
        return write(request, call_wsgi(app, request))
    except Exception:
        logger.exception("the application failed")
        return write(request, SERVER_ERROR)


def call_wsgi(app: WSGIApplication, request: Request) -> Response:
    started: list[tuple[str, Headers]] = []
    body = io.BytesIO()

    def start_response(status: str, headers: Headers, _: Any = None) -> Callable[[bytes], object]:
        started.append((status, headers))
        return body.write

    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": unquote(request.path, "latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": "desk",
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
    for name in {name.upper() for name, _ in request.headers}:
        values = [value for each, value in request.headers if each.upper() == name]
        key = name.replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = ", ".join(values)

    with ExitStack() as stack:
        parts: Iterable[bytes] = app(environ, start_response)
        if (close := getattr(parts, "close", None)) is not None:
            stack.callback(close)
        body.writelines(parts)
    status, headers = started[-1]
    return Response(status, headers, body.getvalue())
