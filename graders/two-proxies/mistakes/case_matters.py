"""Compares hosts as they are written."""

from collections.abc import Awaitable, Callable, Iterable
from itertools import cycle
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
}
TELLTALES = {"forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"}
SESSION_COOKIE = "desk_session"

Headers = list[tuple[str, str]]
Fetch = Callable[[str, str, Headers, bytes], Awaitable[tuple[int, Headers, bytes]]]
RawHeaders = Iterable[tuple[bytes, bytes]]


def decoded(headers: RawHeaders) -> Headers:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def end_to_end(headers: Headers) -> Headers:
    lines = [value for name, value in headers if name.lower() == "connection"]
    named = {name.strip().lower() for line in lines for name in line.split(",")}
    return [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP | named]


def forwarded(scope: Scope) -> Headers:
    headers = end_to_end(decoded(scope["headers"]))
    hops = [value for name, value in headers if name == "x-forwarded-for"]
    written = {
        "x-forwarded-for": ", ".join([*hops, scope["client"][0]]),
        "x-forwarded-proto": scope["scheme"],
        "x-forwarded-host": dict(headers)["host"],
    }
    return [*((name, value) for name, value in headers if name not in written), *written.items()]


def reverse_proxy(upstreams: list[ASGIApp]) -> ASGIApp:
    turns = cycle(upstreams)

    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith("/"):
            await Response(status_code=400)(scope, receive, send)
            return
        has_started = False

        async def pass_on(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                message = {**message, "headers": encoded(end_to_end(decoded(message["headers"])))}
            await send(message)

        upstream = next(turns)
        try:
            await upstream({**scope, "headers": encoded(forwarded(scope))}, receive, pass_on)
        except Exception:
            if has_started:
                raise
            await Response(status_code=502)(scope, receive, send)

    return proxy


def host_of(url: str) -> str:
    host = urlsplit(url).netloc.rpartition("@")[2]
    return host if ":" in host else f"{host}:80"


def without_session(cookies: str) -> str:
    pairs = [pair.strip() for pair in cookies.split(";")]
    return "; ".join(pair for pair in pairs if pair.partition("=")[0] != SESSION_COOKIE)


def anonymous(headers: Headers, url: str) -> Headers:
    kept = [("host", urlsplit(url).netloc)]
    for name, value in end_to_end(headers):
        shown = without_session(value) if name == "cookie" else value
        if name != "host" and name not in TELLTALES and (shown or not value):
            kept.append((name, shown))
    return kept


def forward_proxy(fetch: Fetch, allow: set[str]) -> ASGIApp:
    allowed = {host_of(f"http://{host}") for host in allow}

    async def answer(request: Request) -> Response:
        if request.method == "CONNECT":
            return Response(status_code=501)
        url = request.scope["raw_path"].decode("ascii")
        if not url.startswith("http://"):
            return Response(status_code=400)
        if host_of(url) not in allowed:
            return Response(status_code=403)
        if request.scope["query_string"]:
            url += "?" + request.scope["query_string"].decode("ascii")
        headers = anonymous(decoded(request.scope["headers"]), url)
        status, answered, body = await fetch(request.method, url, headers, await request.body())
        response = Response(body, status)
        response.raw_headers = encoded(end_to_end(answered))
        return response

    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        response = await answer(Request(scope, receive))
        await response(scope, receive, send)

    return proxy
