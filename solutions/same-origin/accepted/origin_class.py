"""A small class for origins, and one for the page that asks."""

from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from desk_request import Answer, Application, Request, send
from starlette.datastructures import Headers

Verdict = Literal["ok", "blocked-before", "sent-but-unreadable"]

PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Origin | None":
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            return None
        return cls(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme])

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def origin_of(url: str) -> str | None:
    origin = Origin.of(url)
    return None if origin is None else str(origin)


def same_origin(a: str, b: str) -> bool:
    return Origin.of(a) == Origin.of(b) is not None


def unsafe_names(headers: dict[str, str], body_type: str | None) -> list[str]:
    names = {name.lower() for name in headers} - {"accept", "accept-language", "content-language"}
    match (body_type or "text/plain").lower().split(";")[0]:
        case "text/plain" | "multipart/form-data" | "application/x-www-form-urlencoded":
            return sorted(names)
        case _:
            return sorted({*names, "content-type"})


def needs_preflight(method: str, headers: dict[str, str], body_type: str | None) -> bool:
    return method not in {"GET", "HEAD", "POST"} or unsafe_names(headers, body_type) != []


def may_read(response_headers: list[tuple[str, str]], page_origin: str, credentials: bool) -> bool:
    return Page(page_origin, credentials).may_read(response_headers)


class Page(NamedTuple):
    origin: str
    credentials: bool

    def may_read(self, pairs: list[tuple[str, str]]) -> bool:
        headers = Headers(raw=[(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in pairs])
        origins = headers.getlist("access-control-allow-origin")
        if not self.credentials and origins == ["*"]:
            return True
        trusts = not self.credentials or headers.getlist("access-control-allow-credentials") == ["true"]
        return trusts and origins == [self.origin]

    def may_send(self, request: Request, permission: Answer) -> bool:
        headers = {name.lower(): value.replace(" ", "") for name, value in permission.headers}
        methods = headers.get("access-control-allow-methods", "").split(",")
        names = headers.get("access-control-allow-headers", "").lower().split(",")
        return (
            str(permission.status).startswith("2")
            and self.may_read(permission.headers)
            and request["method"] in {"GET", "HEAD", "POST", *methods}
            and set(unsafe_names(request["headers"], request["body_type"])).issubset(names)
        )


async def verdict(app: Application, page_url: str, request: Request, credentials: bool) -> Verdict:
    method, url, body_type = request["method"], request["url"], request["body_type"]
    headers = list(request["headers"].items())
    if body_type is not None:
        headers.append(("Content-Type", body_type))
    if same_origin(page_url, url):
        await send(app, method, url, headers, request["body"])
        return "ok"
    page = Page(origin_of(page_url) or "null", credentials)
    if needs_preflight(method, request["headers"], body_type):
        question = {"Origin": page.origin, "Access-Control-Request-Method": method}
        if names := unsafe_names(request["headers"], body_type):
            question["Access-Control-Request-Headers"] = ",".join(names)
        if not page.may_send(request, await send(app, "OPTIONS", url, question.items())):
            return "blocked-before"
    answer = await send(app, method, url, [*headers, ("Origin", page.origin)], request["body"])
    return "ok" if page.may_read(answer.headers) else "sent-but-unreadable"
