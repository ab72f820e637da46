"""What a browser would allow a script of a page to do with an application of another origin.

    page = Page(app, "https://desk.example", cookie="session=7")
    access = await page.fetch("DELETE", "/orders/7", credentials=True)
    expect("...", access.readable).is_true("its script can read the answer", access.why_not)

Written from the Fetch standard, https://fetch.spec.whatwg.org/, for what `fetch()` does in its mode "cors". Every
request that needs a preflight gets one, however long the last one may be kept; redirects are not followed; and a page
of the application's own origin would need none of this.
"""

import json as json_module
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from proctor.checks.cors_protocol import (
    REDIRECT_STATUSES,
    Answer,
    cors_check,
    max_age,
    may_be_reused,
    preflight_check,
    visible_headers,
)
from proctor.checks.fetch_request import Request, needs_preflight, preflight_request_headers, prepared, request_headers
from proctor.checks.header_list import Headers, header

if TYPE_CHECKING:
    from proctor.checks.application import Application

__all__ = ["Access", "Cache", "Page", "fetch"]


@dataclass(frozen=True)
class Access:
    """What the script got.

    ``sent`` tells whether its request left the browser; one that is sent but not readable has had its effect on the
    server. ``status``, ``visible_headers`` (names in lower case) and ``content`` are what the script can read.
    ``max_age`` is for how many seconds the browser may keep the permission of the preflight, or None when none was
    asked for or given; browsers cap it, Chromium at 7,200 seconds. ``why_not`` is empty when all is well.
    """

    sent: bool
    readable: bool
    why_not: str = ""
    preflighted: bool = False
    max_age: int | None = None
    status: int | None = None
    visible_headers: dict[str, str] = field(default_factory=dict[str, str])
    content: bytes = b""


# The whole of it

Send = Callable[[str, list[tuple[str, str]], bytes], Awaitable[Answer]]
"""Sends a request with this method, these headers and this body over the network."""


async def fetch(request: Request, send: Send, *, cookie: str = "") -> Access:
    """Do what `fetch()` does in a script: ask first where that is needed, then send, and say what can be read.

    Source: https://fetch.spec.whatwg.org/#http-fetch
    """
    try:
        request = prepared(request)
    except ValueError as error:
        return Access(sent=False, readable=False, why_not=str(error))
    preflighted, seconds = needs_preflight(request.method, request.headers), None
    if preflighted:
        permission = await send("OPTIONS", preflight_request_headers(request), b"")
        reasons = preflight_check(request, permission)
        if reasons:
            why_not = f"not sent, because its preflight failed: {'; '.join(reasons)}"
            return Access(sent=False, readable=False, why_not=why_not, preflighted=True)
        seconds = max_age(permission.headers)
    answer = await send(request.method, request_headers(request, cookie), request.body)
    why_not = cors_check(request, answer.headers)
    if why_not:
        why_not = f"sent, but its answer is kept from the script: {why_not}"
    elif answer.status in REDIRECT_STATUSES and header(answer.headers, "location") is not None:
        why_not = f"sent, but its answer is a redirect ({answer.status}), which is not followed here"
    if why_not:
        return Access(sent=True, readable=False, why_not=why_not, preflighted=preflighted, max_age=seconds)
    return Access(
        sent=True,
        readable=True,
        preflighted=preflighted,
        max_age=seconds,
        status=answer.status,
        visible_headers=visible_headers(request, answer.headers),
        content=answer.content,
    )


class Cache:
    """A cache between browsers and the application: it keeps every answer to GET, and gives it out wherever it may."""

    def __init__(self) -> None:
        self._kept: list[tuple[str, Headers, Answer]] = []

    def keep(self, target: str, headers: Headers, answer: Answer) -> None:
        """Keep the answer to a GET for this target that came with these headers."""
        self._kept.append((target, headers, answer))

    def find(self, target: str, headers: Headers) -> Answer | None:
        """Return a kept answer that may be given to this GET."""
        suiting = (
            answer
            for kept_target, kept_headers, answer in self._kept
            if kept_target == target and may_be_reused(answer.headers, kept_headers, headers)
        )
        return next(suiting, None)


class Page:
    """A page in a browser; its scripts talk to an application that lives elsewhere.

    ``origin`` is the page's origin as browsers write it: ``https://desk.example``, or ``null`` for a sandboxed frame.
    ``cookie`` is what the browser keeps for the application; it goes along where a script asks for credentials.
    """

    def __init__(
        self,
        app: "Application",
        origin: str,
        *,
        cookie: str = "",
        cache: Cache | None = None,
        host: str = "api.example",
    ) -> None:
        self.origin = origin
        self._app, self._cookie, self._cache, self._host = app, cookie, cache, host

    async def fetch(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]] = (),
        *,
        body: bytes = b"",
        json: Any = None,
        credentials: bool = False,
    ) -> Access:
        """Do what `fetch()` does; ``json`` is sent as such, ``body`` with no content type but that of ``headers``."""
        own = list(headers)
        if json is not None:
            body = json_module.dumps(json).encode()
            own.append(("Content-Type", "application/json"))

        async def send(actual_method: str, sent: list[tuple[str, str]], data: bytes) -> Answer:
            return await self._send(actual_method, target, sent, data)

        return await fetch(Request(self.origin, method, own, credentials, body), send, cookie=self._cookie)

    async def _send(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> Answer:
        cache = self._cache if method == "GET" else None
        kept = cache.find(target, headers) if cache else None
        if kept is not None:
            return kept
        exchange = await self._app.request(method, target, headers, body=body, host=self._host).answered()
        answer = Answer(exchange.status or 0, exchange.headers, exchange.content)
        if cache:
            cache.keep(target, headers, answer)
        return answer
