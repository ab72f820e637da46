"""Stand-ins for the desk's servers and for other hosts, to try this exercise by hand. They print what they are asked.

The reverse proxy has two servers behind it, which answer in turn and show what they were told of you:
    curl -i localhost:8000/desk/quotes
    curl -i localhost:8000/desk/quotes
Both of them raise an exception for this path, and you get 502:
    curl -i localhost:8000/desk/fails
The forward proxy may ask quotes.example, which never learns of your session:
    curl -i localhost:8000/staff/quotes.example/AAPL -H Cookie:desk_session=secret
It may not ask any other host, and answers with 403:
    curl -i localhost:8000/staff/other.example/AAPL

Under /staff/ stands a browser that sends whole URLs, as any does that is told to use a proxy. You can send them as
well: add `-x localhost:8000` to a curl of http://quotes.example/AAPL.
"""

from fastapi import FastAPI
from main import forward_proxy, reverse_proxy
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class Server:
    """A server of the desk, which shows what it is told."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        print(f"{self.name}: {scope['method']} {scope['path']}")
        if scope["path"].endswith("/fails"):
            raise ConnectionError("the market data is gone")
        seen = {"server": self.name, "headers": Headers(scope=scope).items()}
        await JSONResponse(seen)(scope, receive, send)


async def fetch(
    method: str, url: str, headers: list[tuple[str, str]], body: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    print(f"fetch: {method} {url} with {len(body)} bytes")
    for name, value in headers:
        print(f"fetch:   {name}: {value}")
    return 200, [("Content-Type", "text/plain"), ("Connection", "close")], b"101.50\n"


class Browser:
    """Sends whole URLs: /staff/quotes.example/AAPL becomes http://quotes.example/AAPL."""

    def __init__(self, proxy: ASGIApp) -> None:
        self.proxy = proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"].removeprefix("/staff/")
        raw_path: bytes = scope["raw_path"].removeprefix(b"/staff/")
        await self.proxy({**scope, "path": f"http://{path}", "raw_path": b"http://" + raw_path}, receive, send)


staff = forward_proxy(fetch, {"quotes.example"})
desk = FastAPI(title="Two proxies")
desk.mount("/staff", Browser(staff))
desk.mount("/desk", reverse_proxy([Server("server 1"), Server("server 2")]))


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Have the forward proxy take what is for another host."""
    is_for_us = scope["type"] != "http" or scope["path"].startswith("/")
    await (desk if is_for_us else staff)(scope, receive, send)
