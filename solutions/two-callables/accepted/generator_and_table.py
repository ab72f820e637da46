"""The WSGI application is a generator, which reads nothing before it is asked for its first part; ASGI has a table."""

import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

PRICES = {"AAPL": "101.50", "MSFT": "402.10", "NESTLÉ": "98.76"}

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

METHODS = {"/quotes/": "GET", "/orders": "POST"}
OK, CREATED, NOT_FOUND, NOT_ALLOWED = "200 OK", "201 Created", "404 Not Found", "405 Method Not Allowed"


def resource_of(path: str) -> str:
    """Return what METHODS calls a path, or the path itself where it knows nothing of it."""
    return "/quotes/" if path.startswith("/quotes/") else path


def symbol_of(path: str) -> str:
    return path.removeprefix("/quotes/")


def status_of(method: str, path: str) -> str:
    resource = resource_of(path)
    if resource not in METHODS:
        return NOT_FOUND
    if method != METHODS[resource]:
        return NOT_ALLOWED
    if resource == "/orders":
        return CREATED
    return OK if symbol_of(path) in PRICES else NOT_FOUND


def headers_of(status: str, path: str) -> list[tuple[str, str]]:
    headers = [("Content-Type", "application/json")]
    return [*headers, ("Allow", METHODS[resource_of(path)])] if status == NOT_ALLOWED else headers


def own_content(status: str, path: str) -> bytes:
    """Return the body of an answer that is not an order."""
    if status != OK:
        return json.dumps({"detail": status.partition(" ")[2]}).encode()
    symbol = symbol_of(path)
    return json.dumps({"symbol": symbol, "price": PRICES[symbol]}).encode()


def wsgi_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    path = environ["PATH_INFO"].encode("latin-1").decode()
    status = status_of(environ["REQUEST_METHOD"], path)
    start_response(status, headers_of(status, path))
    if status == CREATED:
        yield from environ["wsgi.input"]
    else:
        yield own_content(status, path)


async def serve_lifespan(_: Scope, receive: Receive, send: Send) -> None:
    for answer in ("lifespan.startup.complete", "lifespan.shutdown.complete"):
        await receive()
        await send({"type": answer})


async def serve_ticks(_: Scope, __: Receive, send: Send) -> None:
    headers = ((b"content-type", b"text/plain; charset=utf-8"),)
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for quote in PRICES.items():
        line = " ".join(quote) + "\n"
        await send({"type": "http.response.body", "body": line.encode(), "more_body": True})
    await send({"type": "http.response.body"})


async def serve_request(scope: Scope, receive: Receive, send: Send) -> None:
    status = status_of(scope["method"], scope["path"])
    number = int(status.partition(" ")[0])
    headers = [[name.lower().encode(), value.encode()] for name, value in headers_of(status, scope["path"])]
    await send({"type": "http.response.start", "status": number, "headers": headers})
    if status != CREATED:
        await send({"type": "http.response.body", "body": own_content(status, scope["path"])})
        return
    more = True
    while more:
        message = await receive()
        more = message["more_body"]
        await send({"type": "http.response.body", "body": message["body"], "more_body": more})


SERVE = {"lifespan": serve_lifespan, "/ticks": serve_ticks}


async def asgi_app(scope: Scope, receive: Receive, send: Send) -> None:
    serve = SERVE.get(scope.get("path", scope["type"]), serve_request)
    await serve(scope, receive, send)
