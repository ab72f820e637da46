"""Each rule is a layer around an application, and both proxies are built of such layers."""

from collections.abc import Awaitable, Callable
from itertools import cycle
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers as RequestHeaders
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
Layer = Callable[[ASGIApp], ASGIApp]
Change = Callable[[Scope], Headers]


def headers_of(scope_or_message: Scope | Message) -> Headers:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope_or_message["headers"]]


def with_headers(scope_or_message: Scope | Message, headers: Headers) -> Scope | Message:
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return {**scope_or_message, "headers": encoded}


def refusing(status: int, refuses: Callable[[Scope], bool]) -> Layer:
    def layer(app: ASGIApp) -> ASGIApp:
        async def layered(scope: Scope, receive: Receive, send: Send) -> None:
            await (Response(status_code=status) if refuses(scope) else app)(scope, receive, send)

        return layered

    return layer


def changing(change: Change) -> Layer:
    def layer(app: ASGIApp) -> ASGIApp:
        async def layered(scope: Scope, receive: Receive, send: Send) -> None:
            await app(with_headers(scope, change(scope)), receive, send)

        return layered

    return layer


def without_hop_by_hop(headers: Headers) -> Headers:
    dropped = set(HOP_BY_HOP)
    for name, value in headers:
        dropped |= {each.strip() for each in value.lower().split(",")} if name == "connection" else set()
    return [each for each in headers if each[0] not in dropped]


def one_connection(app: ASGIApp) -> ASGIApp:
    async def layered(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_end_to_end(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = with_headers(message, without_hop_by_hop(headers_of(message)))
            await send(message)

        await app(with_headers(scope, without_hop_by_hop(headers_of(scope))), receive, send_end_to_end)

    return layered


def bad_gateway(app: ASGIApp) -> ASGIApp:
    async def layered(scope: Scope, receive: Receive, send: Send) -> None:
        sent: list[Message] = []

        async def noting_send(message: Message) -> None:
            sent.append(message)
            await send(message)

        try:
            await app(scope, receive, noting_send)
        except Exception:
            if sent:
                raise
            await Response(status_code=502)(scope, receive, send)

    return layered


def in_turn(upstreams: list[ASGIApp]) -> ASGIApp:
    turns = cycle(upstreams)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await next(turns)(scope, receive, send)

    return application


def say_who_is_asking(scope: Scope) -> Headers:
    client, headers = scope["client"][0], headers_of(scope)
    hops = RequestHeaders(scope=scope).getlist("x-forwarded-for")
    host = RequestHeaders(scope=scope)["host"]
    news = {
        "x-forwarded-for": ",".join([*hops, client]),
        "x-forwarded-proto": scope["scheme"],
        "x-forwarded-host": host,
    }
    return [each for each in headers if each[0] not in news] + list(news.items())


def hide_who_is_asking(scope: Scope) -> Headers:
    cookies = "; ".join(RequestHeaders(scope=scope).getlist("cookie")).split("; ")
    others = [each for each in cookies if each.partition("=")[0] != SESSION_COOKIE]
    headers = [each for each in headers_of(scope) if each[0] not in {"cookie", *TELLTALES}]
    return [*headers, ("cookie", "; ".join(others))] if any(others) else headers


def target_of(scope: Scope) -> SplitResult:
    url: str = scope["raw_path"].decode()
    return urlsplit(url)


def name_the_target(scope: Scope) -> Headers:
    host = target_of(scope).netloc
    return [(name, host if name == "host" else value) for name, value in headers_of(scope)]


def fetching(fetch: Fetch) -> ASGIApp:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        url = b"?".join(filter(None, [scope["raw_path"], scope["query_string"]])).decode()
        body = await Request(scope, receive).body()
        status, headers, content = await fetch(scope["method"], url, headers_of(scope), body)
        answer = [(name.lower(), value) for name, value in headers]
        await send(with_headers({"type": "http.response.start", "status": status}, answer))
        await send({"type": "http.response.body", "body": content})

    return application


def layered(app: ASGIApp, *layers: Layer) -> ASGIApp:
    """Put layers around an application, the outermost first."""
    for layer in reversed(layers):
        app = layer(app)
    return app


def reverse_proxy(upstreams: list[ASGIApp]) -> ASGIApp:
    return layered(
        in_turn(upstreams),
        refusing(400, lambda scope: not scope["path"].startswith("/")),
        bad_gateway,
        one_connection,
        changing(say_who_is_asking),
    )


def forward_proxy(fetch: Fetch, allow: set[str]) -> ASGIApp:
    allowed = {host.lower() if ":" in host else f"{host.lower()}:80" for host in allow}

    def is_forbidden(scope: Scope) -> bool:
        target = target_of(scope)
        return f"{target.hostname}:{target.port or 80}" not in allowed

    return layered(
        fetching(fetch),
        refusing(501, lambda scope: scope["method"] == "CONNECT"),
        refusing(400, lambda scope: target_of(scope).scheme != "http"),
        refusing(403, is_forbidden),
        one_connection,
        changing(hide_who_is_asking),
        changing(name_the_target),
    )
