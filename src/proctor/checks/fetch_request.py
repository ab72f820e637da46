"""What a script asks `fetch()` for, and what the browser makes of it, by the Fetch standard's rules on requests.

Source: https://fetch.spec.whatwg.org/
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from proctor.checks.header_list import TAB_OR_SPACE, TOKEN, Headers, header
from proctor.wording import spell

__all__ = [
    "SAFELISTED_METHODS",
    "Request",
    "is_forbidden_request_header",
    "is_safelisted_request_header",
    "needs_preflight",
    "normalize_method",
    "preflight_request_headers",
    "prepared",
    "request_headers",
    "unsafe_request_header_names",
]

SAFELISTED_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
FORBIDDEN_METHODS: Final = frozenset({"CONNECT", "TRACE", "TRACK"})
NORMALIZED_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})

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
LONGEST_SAFELISTED_VALUE: Final = 128
LARGEST_SAFELISTED_SIZE: Final = 1024

_WHITESPACE: Final = "\t\n\r "
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
        yield match[0].strip(TAB_OR_SPACE)
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
    return f"{kind}/{subtype}".lower() if TOKEN.fullmatch(kind) and TOKEN.fullmatch(subtype) else None


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
    if not TOKEN.fullmatch(method) or method.upper() in FORBIDDEN_METHODS:
        raise ValueError(f"fetch() refuses the method {spell(request.method)}")
    if request.body and method in {"GET", "HEAD"}:
        raise ValueError(f"fetch() refuses a body with the method {method}")
    headers: list[tuple[str, str]] = []
    for name, given in request.headers:
        value = given.strip(_WHITESPACE)
        if not TOKEN.fullmatch(name) or _IMPOSSIBLE_VALUE.search(value):
            raise ValueError(f"fetch() refuses the header {spell(name)}: {spell(given)}")
        if not is_forbidden_request_header(name, value):
            headers.append((name, value))
    return replace(request, method=method, headers=headers)
