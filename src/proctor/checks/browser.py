"""What a browser would allow a script of a page to do with an application of another origin.

    page = Page(app, "https://desk.example", cookie="session=7")
    access = await page.fetch("DELETE", "/orders/7", credentials=True)
    expect("...", access.readable).is_true("its script can read the answer", access.why_not)

Written from the Fetch standard, https://fetch.spec.whatwg.org/, for what `fetch()` does in its mode "cors". Everything
but `Page` works on header lists alone. Every request that needs a preflight gets one, however long the last one may be
kept; redirects are not followed; and a page of the application's own origin would need none of this.
"""

import json as json_module
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from proctor.wording import spell

if TYPE_CHECKING:
    from proctor.checks.application import Application

__all__ = [
    "Access",
    "Answer",
    "Cache",
    "Page",
    "Request",
    "cors_check",
    "fetch",
    "header",
    "header_list_values",
    "is_forbidden_request_header",
    "is_safelisted_request_header",
    "max_age",
    "may_be_reused",
    "needs_preflight",
    "normalize_method",
    "preflight_check",
    "preflight_request_headers",
    "request_headers",
    "unsafe_request_header_names",
    "visible_headers",
]

Headers = Sequence[tuple[str, str]]
"""A header list: names in any case, values as they were sent, each character standing for one byte."""

SAFELISTED_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
FORBIDDEN_METHODS: Final = frozenset({"CONNECT", "TRACE", "TRACK"})
NORMALIZED_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})

SAFELISTED_RESPONSE_HEADERS: Final = frozenset(
    {
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    }
)
FORBIDDEN_RESPONSE_HEADERS: Final = frozenset({"set-cookie", "set-cookie2"})

FORBIDDEN_REQUEST_HEADERS: Final = frozenset(
    {
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)
METHOD_OVERRIDES: Final = frozenset({"x-http-method", "x-http-method-override", "x-method-override"})

SAFELISTED_CONTENT_TYPES: Final = frozenset(
    {
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/plain",
    }
)
NON_WILDCARD_REQUEST_HEADER: Final = "authorization"
LONGEST_SAFELISTED_VALUE: Final = 128
LARGEST_SAFELISTED_SIZE: Final = 1024
REDIRECT_STATUSES: Final = frozenset({301, 302, 303, 307, 308})
DEFAULT_MAX_AGE: Final = 5
LARGEST_DELTA_SECONDS: Final = 2**31
"""What RFC 9111 (1.2.2) takes for a number of seconds that is too large to keep."""

_TAB_OR_SPACE: Final = "\t "
_WHITESPACE: Final = "\t\n\r "
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_UNSAFE_BYTE: Final = re.compile(r'[\x00-\x08\x0a-\x1f"():<>?@\[\\\]{}\x7f]')
_LANGUAGE: Final = re.compile(r"[0-9A-Za-z *,\-.;=]*")
_RANGE: Final = re.compile(r"bytes=([0-9]+)-([0-9]*)")
_QUOTED_OR_ITEM: Final = re.compile(r'(?:[^",]|"(?:\\.|[^"\\])*"?)*', re.DOTALL)
_IMPOSSIBLE_VALUE: Final = re.compile(r"[\x00\n\r]|[^\x00-\xff]")


@dataclass(frozen=True)
class Request:
    """What a script asks `fetch()` for. ``credentials`` tells whether its credentials mode is "include"."""

    origin: str
    method: str = "GET"
    headers: Headers = ()
    credentials: bool = False
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What came back over the network."""

    status: int
    headers: Headers = ()
    content: bytes = b""


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


# Header lists


def header(headers: Headers, name: str) -> str | None:
    """Return the value of a header, several joined by a comma and a space; None when it is absent.

    Source: https://fetch.spec.whatwg.org/#concept-header-list-get
    """
    values = [value.strip(_TAB_OR_SPACE) for each, value in headers if each.lower() == name.lower()]
    return ", ".join(values) if values else None


def header_list_values(headers: Headers, name: str) -> list[str] | None:
    """Return the items of a header that is a list of tokens; None when it is absent.

    Empty items are passed over, as RFC 9110 (5.6.1.2) says. Raises ValueError when an item is no token, which the
    standard calls failure.

    Source: https://fetch.spec.whatwg.org/#extract-header-list-values
    """
    value = header(headers, name)
    if value is None:
        return None
    items = [item.strip(_TAB_OR_SPACE) for item in value.split(",")]
    items = [item for item in items if item]
    for item in items:
        if not _TOKEN.fullmatch(item):
            raise ValueError(f"{_spelled(name)} is {spell(value)}, in which {spell(item)} is no name")
    return items


def max_age(headers: Headers) -> int:
    """Return for how many seconds the answer to a preflight may be kept, before any limit of the browser's.

    Source: https://fetch.spec.whatwg.org/#http-access-control-max-age
    """
    value = header(headers, "access-control-max-age")
    if value is None or not re.fullmatch(r"[0-9]+", value):  # two of them are joined by a comma, so no number either
        return DEFAULT_MAX_AGE
    digits = value.lstrip("0") or "0"
    return LARGEST_DELTA_SECONDS if len(digits) > len(str(LARGEST_DELTA_SECONDS)) else int(digits)


def _spelled(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


# What the script asks for


def normalize_method(method: str) -> str:
    """Return the method in upper case if it is one of the six that `fetch()` puts right; ``patch`` is not.

    Source: https://fetch.spec.whatwg.org/#concept-method-normalize
    """
    return method.upper() if method.upper() in NORMALIZED_METHODS else method


def is_forbidden_request_header(name: str, value: str) -> bool:
    """Tell whether a header is the browser's own: one that a script sets is passed over without a word.

    Source: https://fetch.spec.whatwg.org/#forbidden-request-header
    """
    lowered = name.lower()
    if lowered in FORBIDDEN_REQUEST_HEADERS or lowered.startswith(("proxy-", "sec-")):
        return True
    return lowered in METHOD_OVERRIDES and any(item.upper() in FORBIDDEN_METHODS for item in _decoded_items(value))


def _decoded_items(value: str) -> Iterable[str]:
    """Split at the commas that are not inside quotation marks.

    Source: https://fetch.spec.whatwg.org/#header-value-get-decode-and-split
    """
    position = 0
    while position <= len(value):
        match = _QUOTED_OR_ITEM.match(value, position)
        assert match is not None  # noqa: S101 - the pattern matches the empty text
        yield match[0].strip(_TAB_OR_SPACE)
        position = match.end() + 1


def is_safelisted_request_header(name: str, value: str) -> bool:
    """Tell whether a script may send this header without asking first.

    Source: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
    """
    if len(value) > LONGEST_SAFELISTED_VALUE:
        return False
    match name.lower():
        case "accept":
            return not _UNSAFE_BYTE.search(value)
        case "accept-language" | "content-language":
            return _LANGUAGE.fullmatch(value) is not None
        case "content-type":
            return not _UNSAFE_BYTE.search(value) and _essence(value) in SAFELISTED_CONTENT_TYPES
        case "range":
            span = _RANGE.fullmatch(value)
            return span is not None and (not span[2] or int(span[1]) <= int(span[2]))
        case _:
            return False


def _essence(value: str) -> str | None:
    """Return ``type/subtype`` in lower case, or None where there is none; parameters cannot spoil it.

    Source: https://mimesniff.spec.whatwg.org/#parsing-a-mime-type
    """
    kind, _, rest = value.strip(_WHITESPACE).partition("/")
    subtype = rest.partition(";")[0].rstrip(_WHITESPACE)
    return f"{kind}/{subtype}".lower() if _TOKEN.fullmatch(kind) and _TOKEN.fullmatch(subtype) else None


def unsafe_request_header_names(headers: Headers) -> list[str]:
    """Return the names of the headers that need a preflight: in lower case, sorted, each once.

    Source: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    """
    unsafe = [name for name, value in headers if not is_safelisted_request_header(name, value)]
    safe = [(name, value) for name, value in headers if is_safelisted_request_header(name, value)]
    if sum(len(value) for _, value in safe) > LARGEST_SAFELISTED_SIZE:
        unsafe += [name for name, _ in safe]
    return sorted({name.lower() for name in unsafe})


def needs_preflight(method: str, headers: Headers) -> bool:
    """Tell whether the browser asks the server before it sends the request; ``method`` is normalized.

    Source: https://fetch.spec.whatwg.org/#main-fetch, the switch in which the response tainting becomes "cors"
    """
    return method not in SAFELISTED_METHODS or bool(unsafe_request_header_names(headers))


def preflight_request_headers(request: Request) -> list[tuple[str, str]]:
    """Return the headers with which the browser asks; there are never credentials among them.

    Source: https://fetch.spec.whatwg.org/#cors-preflight-fetch, steps 1 to 5
    """
    headers = [("Accept", "*/*"), ("Access-Control-Request-Method", request.method)]
    names = unsafe_request_header_names(request.headers)
    if names:
        headers.append(("Access-Control-Request-Headers", ",".join(names)))
    return [*headers, ("Origin", request.origin)]


def request_headers(request: Request, cookie: str = "") -> list[tuple[str, str]]:
    """Return the headers with which the browser sends the request itself.

    Source: https://fetch.spec.whatwg.org/#append-a-request-origin-header, and for the cookie
    https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
    """
    headers = list(request.headers)
    if header(headers, "accept") is None:
        headers.append(("Accept", "*/*"))
    headers.append(("Origin", request.origin))
    if request.credentials and cookie:
        headers.append(("Cookie", cookie))
    return headers


def _prepared(request: Request) -> Request:
    """Return the request as `fetch()` understands it. Raises ValueError where it throws a TypeError.

    Source: https://fetch.spec.whatwg.org/#dom-request and https://fetch.spec.whatwg.org/#concept-headers-append
    """
    method = normalize_method(request.method)
    if not _TOKEN.fullmatch(method) or method.upper() in FORBIDDEN_METHODS:
        raise ValueError(f"fetch() refuses the method {spell(request.method)}")
    if request.body and method in {"GET", "HEAD"}:
        raise ValueError(f"fetch() refuses a body with the method {method}")
    headers: list[tuple[str, str]] = []
    for name, given in request.headers:
        value = given.strip(_WHITESPACE)
        if not _TOKEN.fullmatch(name) or _IMPOSSIBLE_VALUE.search(value):
            raise ValueError(f"fetch() refuses the header {spell(name)}: {spell(given)}")
        if not is_forbidden_request_header(name, value):
            headers.append((name, value))
    return replace(request, method=method, headers=headers)


# What the server's answer allows


def cors_check(request: Request, headers: Headers) -> str:
    """Return why an answer is not shared with the script; an empty text when it is.

    Source: https://fetch.spec.whatwg.org/#cors-check
    """
    allowed = header(headers, "access-control-allow-origin")
    if allowed is None:
        speaks_cors = any(name.lower().startswith("access-control-") for name, _ in headers)
        return "no Access-Control-Allow-Origin among its CORS headers" if speaks_cors else "it has no CORS headers"
    if allowed == "*" and not request.credentials:
        return ""
    if allowed == "*":
        return "Access-Control-Allow-Origin is '*', which does not count for a request with credentials"
    if allowed != request.origin:
        count = sum(name.lower() == "access-control-allow-origin" for name, _ in headers)
        times = f" (sent {count} times)" if count > 1 else ""
        return f"Access-Control-Allow-Origin is {spell(allowed)}{times}, not the page's origin {spell(request.origin)}"
    granted = header(headers, "access-control-allow-credentials") if request.credentials else "true"
    if granted is None:
        return "no Access-Control-Allow-Credentials, which a request with credentials needs"
    return "" if granted == "true" else f"Access-Control-Allow-Credentials is {spell(granted)}, not 'true'"


def preflight_check(request: Request, answer: Answer) -> list[str]:
    """Return everything for which a browser would not send the request after this answer to its preflight.

    Source: https://fetch.spec.whatwg.org/#cors-preflight-fetch, step 7
    """
    reasons = [reason for reason in (cors_check(request, answer.headers),) if reason]
    if not 200 <= answer.status <= 299:  # noqa: PLR2004 - https://fetch.spec.whatwg.org/#ok-status
        text = answer.content.decode("utf-8", "backslashreplace")
        reasons.append(f"status {answer.status}{f' with {spell(text)}' if text else ''}, where 200 to 299 is needed")
    try:
        methods = header_list_values(answer.headers, "access-control-allow-methods")
        names = header_list_values(answer.headers, "access-control-allow-headers")
    except ValueError as error:
        return [*reasons, str(error)]
    if request.method not in SAFELISTED_METHODS and not _covers(request, methods, request.method):
        reasons.append(_not_covered(f"the method {request.method}", "Access-Control-Allow-Methods", methods))
    lowered = None if names is None else [name.lower() for name in names]
    reasons += [
        _not_covered(f"the header {name}", "Access-Control-Allow-Headers", names)
        for name in unsafe_request_header_names(request.headers)
        if not _covers(request, lowered, name, wildcard=name != NON_WILDCARD_REQUEST_HEADER)
    ]
    return reasons


def _covers(request: Request, allowed: list[str] | None, wanted: str, *, wildcard: bool = True) -> bool:
    items = allowed or []
    return wanted in items or (wildcard and "*" in items and not request.credentials)


def _not_covered(wanted: str, name: str, items: list[str] | None) -> str:
    return f"{wanted} is not allowed ({name}: {', '.join(map(spell, items)) if items else 'none'})"


def visible_headers(request: Request, headers: Headers) -> dict[str, str]:
    """Return the headers of a readable answer that the script can see, names in lower case.

    Source: https://fetch.spec.whatwg.org/#concept-filtered-response-cors, with the list of exposed names made as in
    https://fetch.spec.whatwg.org/#main-fetch
    """
    try:
        exposed = header_list_values(headers, "access-control-expose-headers") or []
    except ValueError:
        exposed = []
    names = {name.lower() for name, _ in headers}
    if "*" not in exposed or request.credentials:
        names &= SAFELISTED_RESPONSE_HEADERS | {name.lower() for name in exposed}
    return {name: header(headers, name) or "" for name in sorted(names - FORBIDDEN_RESPONSE_HEADERS)}


def may_be_reused(headers: Headers, first: Headers, second: Headers) -> bool:
    """Tell whether a cache may give the answer to the first request to the second one, for the same URL.

    ``first`` and ``second`` are the headers of the two requests, ``headers`` those of the answer.

    Source: RFC 9111, 4.1, and https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
    """
    directives = {item.strip(_TAB_OR_SPACE).lower() for item in (header(headers, "cache-control") or "").split(",")}
    if directives & {"no-store", "no-cache"}:
        return False
    varying = [item.strip(_TAB_OR_SPACE) for item in (header(headers, "vary") or "").split(",")]
    return "*" not in varying and all(header(first, name) == header(second, name) for name in varying if name)


# The whole of it

Send = Callable[[str, list[tuple[str, str]], bytes], Awaitable[Answer]]
"""Sends a request with this method, these headers and this body over the network."""


async def fetch(request: Request, send: Send, *, cookie: str = "") -> Access:
    """Do what `fetch()` does in a script: ask first where that is needed, then send, and say what can be read.

    Source: https://fetch.spec.whatwg.org/#http-fetch
    """
    try:
        request = _prepared(request)
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
        # A server says 500 for an application that returns without an answer.
        answer = Answer(exchange.status or 500, exchange.headers, exchange.content)
        if cache:
            cache.keep(target, headers, answer)
        return answer
