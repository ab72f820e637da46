"""Starlette's MutableHeaders are changed in place, and a deque of upstreams is turned."""

from collections import deque
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
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


def drop(headers: MutableHeaders, *names: str) -> None:
    for name in names:
        del headers[name]


def drop_hop_by_hop(headers: MutableHeaders) -> None:
    named = {name.strip() for line in headers.getlist("connection") for name in line.split(",")}
    drop(headers, *HOP_BY_HOP, *named)


def reverse_proxy(upstreams: list[ASGIApp]) -> ASGIApp:
    queue = deque(upstreams)

    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith("/"):
            await Response(status_code=400)(scope, receive, send)
            return
        upstream = queue[0]
        queue.rotate(-1)
        asked = dict(scope)
        introduce(MutableHeaders(scope=asked), scope)
        start: Message = {}

        async def pass_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                drop_hop_by_hop(MutableHeaders(scope=start))
                message = start
            await send(message)

        try:
            await upstream(asked, receive, pass_on)
        except Exception:  # noqa: BLE001 - whatever an upstream raises, the client is answered
            if not start:
                await Response(status_code=502)(scope, receive, send)

    return proxy


def introduce(headers: MutableHeaders, scope: Scope) -> None:
    drop_hop_by_hop(headers)
    hops = headers.getlist("x-forwarded-for")
    headers["x-forwarded-for"] = ", ".join([*hops, scope["client"][0]])
    headers["x-forwarded-proto"] = scope["scheme"]
    headers["x-forwarded-host"] = headers["host"]


def forward_proxy(fetch: Fetch, allow: set[str]) -> ASGIApp:
    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        status = refusal(scope, {entry.lower() for entry in allow})
        response = Response(status_code=status) if status else await fetched(request)
        await response(scope, receive, send)

    async def fetched(request: Request) -> Response:
        url: str = request.scope["raw_path"].decode()
        headers = MutableHeaders(scope=dict(request.scope))
        drop_hop_by_hop(headers)
        drop(headers, *TELLTALES)
        headers["host"] = urlsplit(url).netloc
        cookies = [pair for line in headers.getlist("cookie") for pair in line.split("; ")]
        drop(headers, "cookie")
        for pair in cookies:
            if pair.split("=")[0] != SESSION_COOKIE:
                headers.append("cookie", pair)
        if query := request.scope["query_string"].decode():
            url = f"{url}?{query}"
        status, answered, content = await fetch(request.method, url, headers.items(), await request.body())
        response = Response(status_code=status, content=content)
        drop(response.headers, "content-length")
        for name, value in answered:
            response.headers.append(name, value)
        drop_hop_by_hop(response.headers)
        return response

    return proxy


def refusal(scope: Scope, allow: set[str]) -> int | None:
    """Return the status of a refusal, or None where there is none."""
    if scope["method"] == "CONNECT":
        return 501
    url: str = scope["raw_path"].decode()
    target = urlsplit(url)
    if target.scheme != "http":
        return 400
    host = target.hostname if target.port in {None, 80} else f"{target.hostname}:{target.port}"
    return None if host in allow else 403
