"""A regular expression for URLs, and one dict of lists for the headers of an answer."""

import re
from typing import Literal

from desk_request import Application, Request, send

Verdict = Literal["ok", "blocked-before", "sent-but-unreadable"]

URL = re.compile(r"(https?)://(?:[^/?#]*@)?(\[[^]]*]|[^/?#:]+)(?::(\d+))?(?:[/?#]|$)", re.IGNORECASE)
SIMPLE_TYPE = re.compile(r"(application/x-www-form-urlencoded|multipart/form-data|text/plain)(;.*)?", re.IGNORECASE)
SIMPLE_METHODS = ("GET", "HEAD", "POST")
SIMPLE_HEADERS = ("accept", "accept-language", "content-language")


def origin_of(url: str) -> str | None:
    match = URL.match(url)
    if match is None:
        return None
    origin = f"{match[1]}://{match[2]}".lower()
    if match[3] and (match[1].lower(), match[3]) not in {("http", "80"), ("https", "443")}:
        return f"{origin}:{match[3]}"
    return origin


def same_origin(a: str, b: str) -> bool:
    one = origin_of(a)
    return one is not None and one == origin_of(b)


def unusual_names(headers: dict[str, str], body_type: str | None) -> list[str]:
    names = set(map(str.lower, headers)).difference(SIMPLE_HEADERS)
    if body_type is not None and not SIMPLE_TYPE.fullmatch(body_type):
        names.add("content-type")
    return sorted(names)


def needs_preflight(method: str, headers: dict[str, str], body_type: str | None) -> bool:
    return method not in SIMPLE_METHODS or len(unusual_names(headers, body_type)) > 0


def by_name(headers: list[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value)
    return values


def may_read(response_headers: list[tuple[str, str]], page_origin: str, credentials: bool) -> bool:
    values = by_name(response_headers)
    origins = values.get("access-control-allow-origin")
    if origins == ["*"]:
        return not credentials
    return origins == [page_origin] and (not credentials or values.get("access-control-allow-credentials") == ["true"])


def listed(headers: list[tuple[str, str]], name: str) -> list[str]:
    return re.split(r"\s*,\s*", {each.lower(): value for each, value in headers}.get(name, ""))


async def verdict(app: Application, page_url: str, request: Request, credentials: bool) -> Verdict:
    origin = origin_of(page_url) or "null"
    names = unusual_names(request["headers"], request["body_type"])
    stays_home = same_origin(page_url, request["url"])
    if not stays_home and needs_preflight(request["method"], request["headers"], request["body_type"]):
        asking = [("Origin", origin), ("Access-Control-Request-Method", request["method"])]
        if names:
            asking.append(("Access-Control-Request-Headers", ",".join(names)))
        permission = await send(app, "OPTIONS", request["url"], asking)
        methods = listed(permission.headers, "access-control-allow-methods")
        allowed = map(str.lower, listed(permission.headers, "access-control-allow-headers"))
        if (
            not re.match("2", str(permission.status))
            or not may_read(permission.headers, origin, credentials)
            or request["method"] not in (*SIMPLE_METHODS, *methods)
            or not set(names).issubset(allowed)
        ):
            return "blocked-before"
    sent = {"Origin": origin, **request["headers"]}
    if request["body_type"] is not None:
        sent["Content-Type"] = request["body_type"]
    answer = await send(app, request["method"], request["url"], sent.items(), request["body"])
    if stays_home or may_read(answer.headers, origin, credentials):
        return "ok"
    return "sent-but-unreadable"
