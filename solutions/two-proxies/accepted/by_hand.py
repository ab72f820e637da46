"""Two classes on raw ASGI, which count the turns and take the URL apart themselves."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
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
RawHeaders = list[tuple[bytes, bytes]]


async def refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status})
    await send({"type": "http.response.body"})


def values_of(headers: RawHeaders, wanted: bytes) -> list[bytes]:
    return [value for name, value in headers if name == wanted]


def further(headers: RawHeaders) -> RawHeaders:
    dropped = {name.encode() for name in HOP_BY_HOP}
    dropped |= {name.strip().lower() for line in values_of(headers, b"connection") for name in line.split(b",")}
    return [(name, value) for name, value in headers if name not in dropped]


class ReverseProxy:
    def __init__(self, upstreams: list[ASGIApp]) -> None:
        self.upstreams = upstreams
        self.taken = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"][:1] != "/":
            await refuse(send, 400)
            return
        upstream = self.upstreams[self.taken]
        self.taken = (self.taken + 1) % len(self.upstreams)
        await Passage(send).ask(upstream, {**scope, "headers": self.headers_for_upstream(scope)}, receive)

    def headers_for_upstream(self, scope: Scope) -> RawHeaders:
        headers = further(scope["headers"])
        chain = values_of(headers, b"x-forwarded-for")
        chain.append(scope["client"][0].encode())
        own = {b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"}
        return [
            (b"x-forwarded-for", b", ".join(chain)),
            (b"x-forwarded-host", dict(headers)[b"host"]),
            (b"x-forwarded-proto", scope["scheme"].encode()),
            *((name, value) for name, value in headers if name not in own),
        ]


class Passage:
    """Passes one answer on, and knows whether any of it has left."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.is_open = False

    async def ask(self, upstream: ASGIApp, scope: Scope, receive: Receive) -> None:
        try:
            await upstream(scope, receive, self.pass_on)
        except Exception:
            if self.is_open:
                raise
            await refuse(self.send, 502)

    async def pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_open = True
            message["headers"] = further(message["headers"])
        await self.send(message)


class ForwardProxy:
    def __init__(self, fetch: Fetch, allow: set[str]) -> None:
        self.fetch = fetch
        self.allow = {host.lower() for host in allow}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scheme, _, rest = scope["raw_path"].decode().partition("://")
        if scope["method"] == "CONNECT":
            await refuse(send, 501)
        elif scheme != "http":
            await refuse(send, 400)
        elif rest.partition("/")[0].lower().removesuffix(":80") not in self.allow:
            await refuse(send, 403)
        else:
            await self.pass_on(scope, receive, send, rest)

    async def pass_on(self, scope: Scope, receive: Receive, send: Send, rest: str) -> None:
        query = scope["query_string"].decode()
        url = f"http://{rest}?{query}" if query else f"http://{rest}"
        body = await Request(scope, receive).body()
        headers = self.headers_for_target(scope["headers"], rest.partition("/")[0])
        status, answered, content = await self.fetch(scope["method"], url, headers, body)
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answered]
        await send({"type": "http.response.start", "status": status, "headers": further(raw)})
        await send({"type": "http.response.body", "body": content})

    def headers_for_target(self, raw: RawHeaders, authority: str) -> Headers:
        headers: Headers = []
        for name, value in [(name.decode("latin-1"), value.decode("latin-1")) for name, value in further(raw)]:
            if name == "cookie":
                cookies = [each for each in value.split("; ") if not each.startswith(f"{SESSION_COOKIE}=")]
                if cookies:
                    headers.append((name, "; ".join(cookies)))
            elif name == "host":
                headers.append((name, authority))
            elif name not in TELLTALES:
                headers.append((name, value))
        return headers


def reverse_proxy(upstreams: list[ASGIApp]) -> ASGIApp:
    return ReverseProxy(upstreams)


def forward_proxy(fetch: Fetch, allow: set[str]) -> ASGIApp:
    return ForwardProxy(fetch, allow)
