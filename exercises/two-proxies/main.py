"""Two applications that stand in the middle. See README.md beside this file."""

from collections.abc import Awaitable, Callable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

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
"""Headers for one connection, or for the next proxy, alone (RFC 9110, 7.6.1 and 11.7)."""

TELLTALES = {"forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"}
"""Headers in which proxies say who is asking."""

SESSION_COOKIE = "desk_session"
"""The cookie that the desk's own pages set."""

Headers = list[tuple[str, str]]
Fetch = Callable[[str, str, Headers, bytes], Awaitable[tuple[int, Headers, bytes]]]
"""Takes method, URL, headers and body of a request; answers with status, headers and body."""


def reverse_proxy(upstreams: list[ASGIApp]) -> ASGIApp:
    """Return the application that stands before the desk's servers, for whoever asks the desk."""
    # TODO: have the upstreams answer in turn, and tell them who is asking
    return PlainTextResponse("not built yet", 501)


def forward_proxy(fetch: Fetch, allow: set[str]) -> ASGIApp:
    """Return the application that stands before the staff, and asks the hosts of `allow` for them."""
    # TODO: fetch what is allowed, and do not say for whom
    return PlainTextResponse("not built yet", 501)
