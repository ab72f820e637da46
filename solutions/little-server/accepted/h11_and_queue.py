"""The HTTP is left to h11, which sends bodies in chunks; messages for the application come out of a queue."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any
from urllib.parse import unquote, unquote_to_bytes
from wsgiref.types import WSGIApplication

import h11

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApplication = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

logger = logging.getLogger(__name__)

FAILED = h11.Response(status_code=500, headers=[])


class Connection:
    def __init__(self, raw: bytes) -> None:
        self.h11: Any = h11.Connection(h11.SERVER)
        self.h11.receive_data(raw)
        self.request = self.h11.next_event()
        self.path, _, self.query = self.request.target.partition(b"?")
        self.method = self.request.method.decode()
        self.body = b"".join(iter(self.read_part, b""))
        self.start = FAILED
        self.sent = b""

    def read_part(self) -> bytes:
        event = self.h11.next_event()
        return bytes(event.data) if isinstance(event, h11.Data) else b""

    def begin(self, status: int, headers: Headers) -> None:
        self.start = h11.Response(status_code=status, headers=headers)

    def write(self, data: bytes) -> None:
        """Send a part of the body, and before the first one the status and the headers."""
        if not self.sent:
            self.sent = self.h11.send(self.start)
        self.sent += self.h11.send(h11.Data(data))

    def end(self) -> None:
        self.sent += self.h11.send(h11.EndOfMessage())

    @property
    def response(self) -> bytes:
        """The response as far as it came; one that never began is a failure of the server's own."""
        if not self.sent:
            self.sent = self.h11.send(FAILED)
            self.end()
        return self.sent


async def serve_asgi(app: ASGIApplication, raw: bytes) -> bytes:
    connection = Connection(raw)
    messages: asyncio.Queue[Message] = asyncio.Queue()
    messages.put_nowait({"type": "http.request", "body": connection.body})

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            connection.begin(message["status"], message.get("headers", []))
        else:
            connection.write(message.get("body", b""))
            if not message.get("more_body"):
                connection.end()
                messages.put_nowait({"type": "http.disconnect"})

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": connection.request.http_version.decode(),
        "method": connection.method,
        "path": unquote(connection.path.decode()),
        "raw_path": connection.path,
        "query_string": connection.query,
        "headers": list(connection.request.headers),
    }
    try:
        await app(scope, messages.get, send)
    except Exception:
        logger.exception("the application failed")
    return connection.response


def serve_wsgi(app: WSGIApplication, raw: bytes) -> bytes:
    connection = Connection(raw)

    def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> Callable[[bytes], None]:
        pairs = [(name.encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]
        connection.begin(int(status.partition(" ")[0]), pairs)
        return connection.write

    environ: dict[str, Any] = {
        "REQUEST_METHOD": connection.method,
        "PATH_INFO": unquote_to_bytes(connection.path).decode("latin-1"),
        "QUERY_STRING": connection.query.decode(),
        "SERVER_NAME": "little-server",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(connection.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in connection.request.headers:
        key = name.decode().upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        environ[key] = ",".join([*([environ[key]] if key in environ else []), value.decode("latin-1")])
    try:
        returned: Any = app(environ, start_response)
        try:
            for data in returned:
                connection.write(data)
        finally:
            if hasattr(returned, "close"):
                returned.close()
        connection.write(b"")
        connection.end()
    except Exception:
        logger.exception("the application failed")
    return connection.response
