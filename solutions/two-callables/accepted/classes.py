"""The WSGI application is a class whose instances are the answers, as in PEP 3333; the ASGI one is an object."""

import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

PRICES = {"AAPL": "101.50", "MSFT": "402.10", "NESTLÉ": "98.76"}

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Refusal(Exception):
    """Its arguments are a status and the headers that belong to it."""


def find_price(method: str, symbol: str) -> dict[str, str]:
    if method != "GET":
        raise Refusal("405 Method Not Allowed", {"allow": "GET"})
    if symbol not in PRICES:
        raise Refusal("404 Not Found", {})
    return {"symbol": symbol, "price": PRICES[symbol]}


def serve(method: str, path: str, body: bytes) -> tuple[str, object]:
    if path == "/orders":
        if method != "POST":
            raise Refusal("405 Method Not Allowed", {"allow": "POST"})
        return "201 Created", json.loads(body)
    match path.split("/"):
        case ["", "quotes", symbol]:
            return "200 OK", find_price(method, symbol)
        case _:
            raise Refusal("404 Not Found", {})


def answer(method: str, path: str, body: bytes) -> tuple[str, dict[str, str], bytes]:
    headers = {"content-type": "application/json"}
    try:
        status, content = serve(method, path, body)
    except Refusal as refusal:
        status, more = refusal.args
        content = {"detail": status.partition(" ")[2]}
        headers |= more
    return status, headers, json.dumps(content).encode()


class wsgi_app:  # noqa: N801 - the task gives the name
    def __init__(self, environ: WSGIEnvironment, start_response: StartResponse) -> None:
        self.environ = environ
        self.start_response = start_response

    def __iter__(self) -> Iterator[bytes]:
        body = self.environ["wsgi.input"].read()
        path = self.environ["PATH_INFO"].encode("iso-8859-1").decode()
        status, headers, content = answer(self.environ["REQUEST_METHOD"], path, body)
        self.start_response(status, [*headers.items(), ("Content-Length", str(len(content)))])
        yield content


class AsgiApplication:
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            for event in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{event}.complete"})
        elif scope["path"] == "/ticks":
            await self.start(send, 200, {"content-type": "text/plain; charset=utf-8"})
            for symbol, price in PRICES.items():
                await self.send_part(send, f"{symbol} {price}\n".encode(), more=True)
            await self.send_part(send, b"", more=False)
        else:
            body = await self.read(receive)
            status, headers, content = answer(scope["method"], scope["path"], body)
            await self.start(send, int(status.partition(" ")[0]), headers)
            await self.send_part(send, content, more=False)

    async def read(self, receive: Receive) -> bytes:
        message = await receive()
        rest = await self.read(receive) if message["more_body"] else b""
        return message["body"] + rest

    async def start(self, send: Send, status: int, headers: dict[str, str]) -> None:
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": encoded})

    async def send_part(self, send: Send, part: bytes, *, more: bool) -> None:
        await send({"type": "http.response.body", "body": part, "more_body": more})


asgi_app = AsgiApplication()
