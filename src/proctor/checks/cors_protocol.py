"""The CORS protocol's rules on header lists, written from the Fetch standard, https://fetch.spec.whatwg.org/.

Everything here is a pure function of what a script asks for and what a server answers; `proctor.checks.browser` puts
the rules together to what a browser does.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from proctor.wording import spell

__all__ = [
    "REDIRECT_STATUSES",
    "Answer",
    "Headers",
    "Request",
    "cors_check",
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
    "prepared",
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


def prepared(request: Request) -> Request:
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
