"""Two functions that share nothing: each asks for method and path in its own language."""

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

PRICES = {"AAPL": "101.50", "MSFT": "402.10", "NESTLÉ": "98.76"}

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def wsgi_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    method = environ["REQUEST_METHOD"]
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8")

    def answer(status: str, content: object, *headers: tuple[str, str]) -> list[bytes]:
        start_response(status, [("Content-Type", "application/json"), *headers])
        return [json.dumps(content).encode()]

    if path == "/orders":
        if method != "POST":
            return answer("405 Method Not Allowed", {"detail": "Method Not Allowed"}, ("Allow", "POST"))
        length = int(environ["CONTENT_LENGTH"])
        return answer("201 Created", json.loads(environ["wsgi.input"].read(length)))
    if path.startswith("/quotes/"):
        if method != "GET":
            return answer("405 Method Not Allowed", {"detail": "Method Not Allowed"}, ("Allow", "GET"))
        symbol = path.removeprefix("/quotes/")
        if symbol in PRICES:
            return answer("200 OK", {"symbol": symbol, "price": PRICES[symbol]})
    return answer("404 Not Found", {"detail": "Not Found"})


async def asgi_app(scope: Scope, receive: Receive, send: Send) -> None:
    async def answer(status: int, content: object, *headers: tuple[bytes, bytes]) -> None:
        start = {"status": status, "headers": [(b"content-type", b"application/json"), *headers]}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": json.dumps(content).encode()})

    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                await send({"type": "lifespan.shutdown.complete"})
                return

    method, path = scope["method"], scope["path"]
    if path == "/ticks":
        headers = [(b"content-type", b"text/plain; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        lines = [f"{symbol} {price}\n".encode() for symbol, price in PRICES.items()]
        last = len(lines) - 1
        for number, line in enumerate(lines):
            await send({"type": "http.response.body", "body": line, "more_body": number < last})
    elif path == "/orders" and method != "POST":
        await answer(405, {"detail": "Method Not Allowed"}, (b"allow", b"POST"))
    elif path == "/orders":
        message = await receive()
        parts = [message["body"]]
        while message["more_body"]:
            message = await receive()
            parts.append(message["body"])
        await answer(201, json.loads(b"".join(parts)))
    elif path.startswith("/quotes/"):
        symbol = path.removeprefix("/quotes/")
        if method != "GET":
            await answer(405, {"detail": "Method Not Allowed"}, (b"allow", b"GET"))
        elif symbol in PRICES:
            await answer(200, {"symbol": symbol, "price": PRICES[symbol]})
        else:
            await answer(404, {"detail": "Not Found"})
    else:
        await answer(404, {"detail": "Not Found"})
