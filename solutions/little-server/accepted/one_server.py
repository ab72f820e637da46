"""There is one server, for ASGI; a WSGI application is wrapped into an ASGI one, and served in a loop of its own."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from wsgiref.types import WSGIApplication

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApplication = Callable[[Scope, Receive, Send], Awaitable[None]]

FAILED = "HTTP/1.1 500 Internal Server Error", "Content-Length: 0"


def scope_of(head: bytes) -> Scope:
    request_line, *lines = head.split(b"\r\n")
    method, target, _ = request_line.split(b" ")
    path, _, query = target.partition(b"?")
    headers: list[tuple[bytes, bytes]] = []
    for line in lines:
        colon = line.index(b":")
        headers.append((line[:colon].lower(), line[colon + 1 :].strip(b" \t")))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method.decode(),
        "path": unquote(path.decode()),
        "raw_path": path,
        "query_string": query,
        "headers": headers,
    }


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def serve_asgi(app: ASGIApplication, raw: bytes) -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    scope = scope_of(head)
    sent: list[Message] = []
    complete = asyncio.Event()
    pieces = [body[:1], body[1:]]

    async def receive() -> Message:
        if not pieces:
            await complete.wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent[:] = [message]
        elif message["type"] == "http.response.body":
            sent.append(message)
            if not message.get("more_body"):
                complete.set()

    try:
        await app(scope, receive, send)
    except Exception:
        logging.getLogger("little-server").exception("the application failed")
    return response_of(scope["method"], sent if complete.is_set() else [])


def response_of(method: str, sent: list[Message]) -> bytes:
    """Return the response that an application has sent, in the parts in which it came."""
    if not sent:
        return "\r\n".join([*FAILED, "", ""]).encode()
    start, *parts = sent
    lines = [b"HTTP/1.1 %d " % start["status"]]
    lines += [name + b": " + value for name, value in start.get("headers", ())]
    body = b"".join(part.get("body", b"") for part in parts)
    if method == "HEAD" or start["status"] in {204, 304}:
        body = b""
    elif b"content-length" not in {name.lower() for name, _ in start.get("headers", ())}:
        lines.append(b"Transfer-Encoding: chunked")
        body = b"".join(chunk(part["body"]) for part in parts if part.get("body")) + chunk(b"")
    return b"\r\n".join([*lines, b"", body])


def environ_of(scope: Scope, body: bytes) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode(),
        "SERVER_NAME": "desk.example",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode().upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        environ[key] = f"{environ[key]}, {value.decode('latin-1')}" if key in environ else value.decode("latin-1")
    return environ


def as_asgi(app: WSGIApplication) -> ASGIApplication:
    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message["more_body"]
        start: Message = {"type": "http.response.start"}
        parts: list[bytes] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> Callable[[bytes], None]:
            encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            start.update(status=int(status.partition(" ")[0]), headers=encoded)
            return parts.append

        returned: Any = app(environ_of(scope, body), start_response)
        try:
            parts.extend(returned)
        finally:
            close = getattr(returned, "close", None)
            if close:
                close()
        if "status" not in start:
            return
        await send(start)
        await send({"type": "http.response.body", "body": b"".join(parts)})

    return wrapped


def serve_wsgi(app: WSGIApplication, raw: bytes) -> bytes:
    return asyncio.run(serve_asgi(as_asgi(app), raw))
