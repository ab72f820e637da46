"""An httpx client sends the requests, with headers of its own, and `httpx.URL` takes the URLs apart."""

from typing import Literal

import httpx
from desk_request import Application, Request

Verdict = Literal["ok", "blocked-before", "sent-but-unreadable"]

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")


def origin_of(url: str) -> str | None:
    parts = httpx.URL(url.lower())  # a default port is left out only behind a scheme in lower case
    if parts.scheme not in {"http", "https"} or not parts.host:
        return None
    return f"{parts.scheme}://{parts.netloc.decode()}"


def same_origin(a: str, b: str) -> bool:
    return origin_of(a) == origin_of(b) and origin_of(b) is not None


def to_ask_for(headers: dict[str, str], body_type: str | None) -> list[str]:
    asked = set(map(str.lower, headers))
    if body_type is not None and body_type.lower().split(";")[0] not in FORMS:
        asked.add("content-type")
    return sorted(asked.difference(["accept", "accept-language", "content-language"]))


def needs_preflight(method: str, headers: dict[str, str], body_type: str | None) -> bool:
    return bool(to_ask_for(headers, body_type)) or method not in {"GET", "HEAD", "POST"}


def may_read(response_headers: list[tuple[str, str]], page_origin: str, credentials: bool) -> bool:
    headers = httpx.Headers(response_headers)
    origins = headers.get_list("access-control-allow-origin")
    if credentials and headers.get_list("access-control-allow-credentials") != ["true"]:
        return False
    return origins == [page_origin] or (origins == ["*"] and not credentials)


def is_allowed(answer: httpx.Response, method: str, names: list[str]) -> bool:
    methods = answer.headers.get("access-control-allow-methods", "").replace(",", " ").split()
    allowed = answer.headers.get("access-control-allow-headers", "").lower().replace(",", " ").split()
    return answer.is_success and method in {"GET", "HEAD", "POST", *methods} and set(names) <= set(allowed)


async def verdict(app: Application, page_url: str, request: Request, credentials: bool) -> Verdict:
    method, url, body_type = request["method"], request["url"], request["body_type"]
    origin = origin_of(page_url) or "null"
    headers = {**request["headers"], "Origin": origin}
    if body_type is not None:
        headers["Content-Type"] = body_type
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        if same_origin(page_url, url):
            await client.request(method, url, headers=headers, content=request["body"])
            return "ok"
        if needs_preflight(method, request["headers"], body_type):
            names = to_ask_for(request["headers"], body_type)
            asking = {"Origin": origin, "Access-Control-Request-Method": method}
            if names:
                asking["Access-Control-Request-Headers"] = ",".join(names)
            permission = await client.options(url, headers=asking)
            if not may_read(permission.headers.multi_items(), origin, credentials):
                return "blocked-before"
            if not is_allowed(permission, method, names):
                return "blocked-before"
        answer = await client.request(method, url, headers=headers, content=request["body"])
        return "ok" if may_read(answer.headers.multi_items(), origin, credentials) else "sent-but-unreadable"
