"""The upstream runs in a task of its own, and what it sends comes through a queue."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping

import httpx
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
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

WRITTEN = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}


def passed_on(headers: list[tuple[bytes, bytes]], also_dropped: set[str]) -> Headers:
    given = httpx.Headers(headers)
    named = {name.lower() for name in given.get_list("connection", split_commas=True)}
    return [each for each in given.multi_items() if each[0] not in HOP_BY_HOP | named | also_dropped]


def encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


class Conversation:
    """One request at an upstream. Its messages arrive in a queue; the last one is its exception, or None."""

    def __init__(self, upstream: ASGIApp, scope: Scope, receive: Receive) -> None:
        self.queue: asyncio.Queue[Message | Exception | None] = asyncio.Queue()
        self.task = asyncio.create_task(self.run(upstream, scope, receive))

    async def run(self, upstream: ASGIApp, scope: Scope, receive: Receive) -> None:
        try:
            await upstream(scope, receive, self.queue.put)
        except Exception as error:  # noqa: BLE001 - it is raised where the queue is read
            await self.queue.put(error)
        else:
            await self.queue.put(None)

    async def answer(self) -> Response:
        start = await self.queue.get()
        if not isinstance(start, MutableMapping):
            return Response(status_code=502)
        response = StreamingResponse(self.parts(), start["status"])
        response.raw_headers = encoded(passed_on(start["headers"], set()))
        return response

    async def parts(self) -> AsyncIterator[bytes]:
        while (message := await self.queue.get()) is not None:
            if isinstance(message, Exception):
                raise message
            yield message["body"]


def reverse_proxy(upstreams: list[ASGIApp]) -> ASGIApp:
    waiting = list(upstreams)

    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith("/"):
            await Response(status_code=400)(scope, receive, send)
            return
        waiting.append(upstream := waiting.pop(0))
        conversation = Conversation(upstream, {**scope, "headers": introduced(scope)}, receive)
        try:
            response = await conversation.answer()
            await response(scope, receive, send)
        finally:
            conversation.task.cancel()

    return proxy


def introduced(scope: Scope) -> list[tuple[bytes, bytes]]:
    all_of_them = passed_on(scope["headers"], set())
    headers = [each for each in all_of_them if each[0] not in WRITTEN]
    hops = [value for name, value in all_of_them if name == "x-forwarded-for"]
    headers += [("x-forwarded-for", value) for value in (*hops, scope["client"][0])]
    headers += [("x-forwarded-proto", scope["scheme"]), ("x-forwarded-host", httpx.Headers(scope["headers"])["host"])]
    return encoded(headers)


def host_of(url: httpx.URL) -> tuple[str, int | None]:
    return url.host, url.port


def forward_proxy(fetch: Fetch, allow: set[str]) -> ASGIApp:
    allowed = {host_of(httpx.URL(f"http://{host}")) for host in allow}

    async def proxy(scope: Scope, receive: Receive, send: Send) -> None:
        response = await answer(Request(scope, receive))
        await response(scope, receive, send)

    async def answer(request: Request) -> Response:
        target, query = request.scope["raw_path"].decode(), request.scope["query_string"].decode()
        if request.method == "CONNECT":
            return Response(status_code=501)
        if target.startswith("/"):
            return Response(status_code=400)
        url = httpx.URL(target)
        if host_of(url) not in allowed:
            return Response(status_code=403)
        others = passed_on(request.scope["headers"], TELLTALES | {"host", "cookie"})
        headers = [("host", url.netloc.decode()), *others]
        if cookies := [each for each in cookies_of(request) if each.split("=")[0] != SESSION_COOKIE]:
            headers.append(("cookie", "; ".join(cookies)))
        whole = f"{target}?{query}" if query else target
        status, answered, content = await fetch(request.method, whole, headers, await request.body())
        response = Response(content, status)
        response.raw_headers = encoded(passed_on(encoded(answered), set()))
        return response

    return proxy


def cookies_of(request: Request) -> list[str]:
    return [each.strip() for line in request.headers.getlist("cookie") for each in line.split(";")]
