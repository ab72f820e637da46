"""The ASGI application calls the WSGI one in a thread, as adapters between the two do."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

PRICES = {"AAPL": "101.50", "MSFT": "402.10", "NESTLÉ": "98.76"}

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

JSON = ("Content-Type", "application/json")


def wsgi_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    path = bytes(environ["PATH_INFO"], "latin-1").decode()
    if path == "/orders":
        return take_order(environ, start_response)
    if path.startswith("/quotes/"):
        return quote(path[len("/quotes/") :], environ, start_response)
    start_response("404 Not Found", [JSON])
    return [json.dumps({"detail": "Not Found"}).encode()]


def take_order(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] != "POST":
        return not_allowed("POST", start_response)
    write = start_response("201 Created", [JSON])
    write(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    return []


def quote(symbol: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] != "GET":
        return not_allowed("GET", start_response)
    price = PRICES.get(symbol)
    if price is None:
        start_response("404 Not Found", [JSON])
        return [json.dumps({"detail": "Not Found"}).encode()]
    start_response("200 OK", [JSON])
    return [json.dumps({"symbol": symbol, "price": price}).encode()]


def not_allowed(method: str, start_response: StartResponse) -> Iterable[bytes]:
    start_response("405 Method Not Allowed", [JSON, ("Allow", method)])
    return [json.dumps({"detail": "Method Not Allowed"}).encode()]


async def asgi_app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["path"] == "/ticks":
        await send_ticks(send)
        return
    body, more = b"", True
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]
    environ = {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    status, headers, content = await asyncio.to_thread(call_wsgi, environ)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def call_wsgi(environ: WSGIEnvironment) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    started: list[tuple[int, list[tuple[bytes, bytes]]]] = []
    parts: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], _: object = None, /) -> Callable[[bytes], object]:
        encoded = [(name.lower().encode(), value.encode()) for name, value in headers]
        started.append((int(status.partition(" ")[0]), encoded))
        return parts.append

    parts.extend(wsgi_app(environ, start_response))
    [(status, headers)], [content] = started, parts
    return status, headers, content


async def send_ticks(send: Send) -> None:
    start = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain; charset=utf-8")]}
    await send(start)
    for line in [f"{symbol} {price}\n" for symbol, price in PRICES.items()]:
        await send({"type": "http.response.body", "body": line.encode(), "more_body": True})
    await send({"type": "http.response.body"})
