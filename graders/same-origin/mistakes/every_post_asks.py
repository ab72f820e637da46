"""Asks before everything but a GET."""

from typing import Literal
from urllib.parse import urlsplit

from desk_request import Application, Request, send

Verdict = Literal["ok", "blocked-before", "sent-but-unreadable"]
Pairs = list[tuple[str, str]]

DEFAULT_PORTS = {"http": 80, "https": 443}
SIMPLE_METHODS = {"GET", "HEAD", "POST"}
SIMPLE_HEADERS = {"accept", "accept-language", "content-language"}
SIMPLE_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}


def origin_of(url: str) -> str | None:
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS or parts.hostname is None:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port in {None, DEFAULT_PORTS[parts.scheme]} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def same_origin(a: str, b: str) -> bool:
    return origin_of(a) is not None and origin_of(a) == origin_of(b)


def names_to_ask_for(headers: dict[str, str], body_type: str | None) -> list[str]:
    names = {name.lower() for name in headers} - SIMPLE_HEADERS
    if body_type is not None and body_type.partition(";")[0].lower() not in SIMPLE_TYPES:
        names.add("content-type")
    return sorted(names)


def needs_preflight(method: str, headers: dict[str, str], body_type: str | None) -> bool:
    return method != "GET"


def values(headers: Pairs, name: str) -> list[str]:
    return [value for each, value in headers if each.lower() == name]


def may_read(response_headers: Pairs, page_origin: str, credentials: bool) -> bool:
    allowed = values(response_headers, "access-control-allow-origin")
    if credentials:
        return allowed == [page_origin] and values(response_headers, "access-control-allow-credentials") == ["true"]
    return allowed in (["*"], [page_origin])


def items(headers: Pairs, name: str) -> list[str]:
    by_name = {each.lower(): value for each, value in headers}  # each of the two lists comes at most once
    return by_name.get(name, "").replace(" ", "").split(",")


def preflight_headers(origin: str, method: str, names: list[str]) -> Pairs:
    headers = [("Origin", origin), ("Access-Control-Request-Method", method)]
    return [*headers, ("Access-Control-Request-Headers", ",".join(names))] if names else headers


async def passes_preflight(app: Application, origin: str, request: Request, credentials: bool) -> bool:
    method, names = request["method"], names_to_ask_for(request["headers"], request["body_type"])
    answer = await send(app, "OPTIONS", request["url"], preflight_headers(origin, method, names))
    return (
        str(answer.status).startswith("2")
        and may_read(answer.headers, origin, credentials)
        and method in {*SIMPLE_METHODS, *items(answer.headers, "access-control-allow-methods")}
        and set(names) <= set(map(str.lower, items(answer.headers, "access-control-allow-headers")))
    )


async def verdict(app: Application, page_url: str, request: Request, credentials: bool) -> Verdict:
    method, url, origin = request["method"], request["url"], origin_of(page_url) or "null"
    headers = [*request["headers"].items(), ("Origin", origin)]
    if request["body_type"] is not None:
        headers.append(("Content-Type", request["body_type"]))
    is_own = same_origin(page_url, url)
    must_ask = not is_own and needs_preflight(method, request["headers"], request["body_type"])
    if must_ask and not await passes_preflight(app, origin, request, credentials):
        return "blocked-before"
    answer = await send(app, method, url, headers, request["body"])
    return "ok" if is_own or may_read(answer.headers, origin, credentials) else "sent-but-unreadable"
