"""The ASGI application returns its answer, and sends nothing."""

import json
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

PRICES = {"AAPL": "101.50", "MSFT": "402.10", "NESTLÉ": "98.76"}

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[HTTPStatus, list[tuple[str, str]], bytes]


def with_json(status: HTTPStatus, content: bytes, *headers: tuple[str, str]) -> Answer:
    return status, [("Content-Type", "application/json"), *headers], content


def refused(status: HTTPStatus, *headers: tuple[str, str]) -> Answer:
    return with_json(status, json.dumps({"detail": status.phrase}).encode(), *headers)


def decide(method: str, path: str, body: bytes) -> Answer:
    if path == "/orders":
        if method != "POST":
            return refused(HTTPStatus.METHOD_NOT_ALLOWED, ("Allow", "POST"))
        return with_json(HTTPStatus.CREATED, body)
    if path.startswith("/quotes/"):
        if method != "GET":
            return refused(HTTPStatus.METHOD_NOT_ALLOWED, ("Allow", "GET"))
        symbol = path.removeprefix("/quotes/")
        if symbol in PRICES:
            quote = {"symbol": symbol, "price": PRICES[symbol]}
            return with_json(HTTPStatus.OK, json.dumps(quote).encode())
    return refused(HTTPStatus.NOT_FOUND)


def wsgi_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    path = environ["PATH_INFO"].encode("latin-1").decode()
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    status, headers, content = decide(environ["REQUEST_METHOD"], path, body)
    start_response(f"{status} {status.phrase}", headers)
    return [content]


async def asgi_app(scope: Scope, receive: Receive, send: Send) -> Any:
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif scope["path"] == "/ticks":
        await send_ticks(send)
    else:
        status, headers, content = decide(scope["method"], scope["path"], await read_body(receive))
        encoded = [(name.lower().encode(), value.encode()) for name, value in headers]
        return {"status": status, "headers": encoded, "body": content}


async def live(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def read_body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]
    return body


async def send_ticks(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for symbol, price in PRICES.items():
        await send({"type": "http.response.body", "body": f"{symbol} {price}\n".encode(), "more_body": True})
    await send({"type": "http.response.body"})
