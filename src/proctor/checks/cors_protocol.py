"""What a server's answer allows a script, by the CORS protocol's rules on header lists.

Source: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import re
from dataclasses import dataclass
from typing import Final

from proctor.checks.fetch_request import SAFELISTED_METHODS, Request, unsafe_request_header_names
from proctor.checks.header_list import TAB_OR_SPACE, Headers, header, header_list_values
from proctor.wording import spell

__all__ = [
    "REDIRECT_STATUSES",
    "Answer",
    "cors_check",
    "max_age",
    "may_be_reused",
    "preflight_check",
    "visible_headers",
]

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
NON_WILDCARD_REQUEST_HEADER: Final = "authorization"
REDIRECT_STATUSES: Final = frozenset({301, 302, 303, 307, 308})
DEFAULT_MAX_AGE: Final = 5
LARGEST_DELTA_SECONDS: Final = 2**31
"""What RFC 9111 (1.2.2) takes for a number of seconds that is too large to keep."""


@dataclass(frozen=True)
class Answer:
    """What came back over the network."""

    status: int
    headers: Headers = ()
    content: bytes = b""


def max_age(headers: Headers) -> int:
    """Return for how many seconds the answer to a preflight may be kept, before any limit of the browser's.

    Source: https://fetch.spec.whatwg.org/#http-access-control-max-age
    """
    value = header(headers, "access-control-max-age")
    if value is None or not re.fullmatch(r"[0-9]+", value):  # two of them are joined by a comma, so no number either
        return DEFAULT_MAX_AGE
    digits = value.lstrip("0") or "0"
    return LARGEST_DELTA_SECONDS if len(digits) > len(str(LARGEST_DELTA_SECONDS)) else int(digits)


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
    directives = {item.strip(TAB_OR_SPACE).lower() for item in (header(headers, "cache-control") or "").split(",")}
    if directives & {"no-store", "no-cache"}:
        return False
    varying = [item.strip(TAB_OR_SPACE) for item in (header(headers, "vary") or "").split(",")]
    return "*" not in varying and all(header(first, name) == header(second, name) for name in varying if name)
