"""What pages ask for, and how servers answer: every request of the one list meets every behaviour of the other."""

from dataclasses import dataclass
from itertools import product

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from proctor.checks.fetch_request import Request

__all__ = ["BEHAVIOURS", "CONTENT", "Asked", "Case", "all_cases"]

PLACEHOLDER = "{origin}"
CONTENT = b'{"price": "101.50"}'
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """What a script passes to `fetch()`."""

    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    credentials: bool = False
    body: str = ""


@dataclass(frozen=True)
class Case:
    """One combination; the page of ``origin`` asks the server at ``/<kind of browser>/<number>``."""

    number: int
    origin: str
    asked: Asked
    behaviour: str

    @property
    def request(self) -> Request:
        """What our own browser is given."""
        asked = self.asked
        return Request(self.origin, asked.method, asked.headers, asked.credentials, asked.body.encode())

    def __str__(self) -> str:
        return f"{self.number}: {self.origin} asks {self.asked} of {self.behaviour}"


ASKED = (
    Asked(),
    Asked(credentials=True),
    Asked("HEAD"),
    Asked("POST", body="AAPL"),
    Asked("post", (("Content-Type", "text/plain; charset=utf-8"),), body="AAPL"),
    Asked("POST", (("Content-Type", "application/json"),), credentials=True, body="{}"),
    Asked("PUT", (("X-Trader", "alice"),)),
    Asked("delete", credentials=True),
    Asked("PATCH"),
    Asked("patch"),
    Asked(headers=(("Authorization", "Bearer 7"),)),
    Asked(headers=(("X-B", "1"), ("X-A", "2"), ("Accept", "text/html")), credentials=True),
    Asked(headers=(("Accept", "text/(html)"),)),
    Asked(headers=(("Accept-Language", "de_DE"), ("Content-Language", "de, en"))),
    Asked(headers=(("Range", "bytes=0-7"),)),
    Asked(headers=(("Range", "bytes=-7"),)),
    Asked("GET", body="a body"),
    Asked("TRACE"),
    Asked(headers=(("X-Long", "x" * 200), ("Accept", "y" * 200))),
)


# Behaviours: how the preflight is answered, and how the request itself. `{origin}` becomes the origin that asks.


@dataclass(frozen=True)
class _Fixed:
    """A server that always answers the same."""

    actual: tuple[tuple[str, str], ...] = ()
    preflight: tuple[tuple[str, str], ...] = ()
    preflight_status: int = 204
    status: int = 200

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = dict(scope["headers"])
        asks = scope["method"] == "OPTIONS" and b"access-control-request-method" in headers
        content = b"" if asks or scope["method"] == "HEAD" else CONTENT
        origin = headers.get(b"origin", b"").decode()
        own = [
            (name.encode(), value.replace(PLACEHOLDER, origin).encode())
            for name, value in (self.preflight if asks else self.actual)
        ]
        length = [] if asks and self.preflight_status == 204 else [(b"content-length", str(len(content)).encode())]
        status = self.preflight_status if asks else self.status
        await send({"type": "http.response.start", "status": status, "headers": [*own, *length]})
        await send({"type": "http.response.body", "body": content})


def _both(*headers: tuple[str, str], status: int = 200, preflight_status: int = 204) -> _Fixed:
    return _Fixed(headers, headers, preflight_status, status)


def _framework(**options: object) -> ASGIApp:
    """Return an application behind the middleware that learners use."""
    app = FastAPI()

    async def desk() -> dict[str, str]:
        return {"price": "101.50"}

    app.add_api_route("/{rest:path}", desk, methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
    app.add_middleware(CORSMiddleware, **options)  # pyright: ignore[reportArgumentType] - options of many kinds
    return app


ORIGIN, STAR = ("Access-Control-Allow-Origin", PLACEHOLDER), ("Access-Control-Allow-Origin", "*")
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")
METHODS = ("Access-Control-Allow-Methods", "GET, PUT, PATCH, DELETE")
NAMES = ("Access-Control-Allow-Headers", "x-trader, X-A, x-b, content-type, Range, accept, accept-language, x-long")
ANY_METHOD, ANY_NAME = ("Access-Control-Allow-Methods", "*"), ("Access-Control-Allow-Headers", "*")
EXPOSED = ("Access-Control-Expose-Headers", "X-Request-ID, etag")
OTHERS = (("X-Request-ID", "7"), ("ETag", '"7"'), ("X-Hidden", "1"), ("Content-Type", "application/json"))

BEHAVIOURS: dict[str, ASGIApp] = {
    "no CORS": _both(*OTHERS),
    "everything": _both(ORIGIN, CREDENTIALS, METHODS, NAMES, EXPOSED, *OTHERS),
    "everything, without credentials": _both(ORIGIN, METHODS, NAMES, EXPOSED, *OTHERS),
    "wildcards": _both(STAR, ANY_METHOD, ANY_NAME, ("Access-Control-Expose-Headers", "*"), *OTHERS),
    "wildcards with credentials": _both(STAR, CREDENTIALS, ANY_METHOD, ANY_NAME, EXPOSED, *OTHERS),
    "the origin, with other wildcards": _both(ORIGIN, CREDENTIALS, ANY_METHOD, ANY_NAME, *OTHERS),
    "credentials in capitals": _both(ORIGIN, ("Access-Control-Allow-Credentials", "True"), METHODS, NAMES),
    "the origin twice": _both(ORIGIN, ORIGIN, CREDENTIALS, METHODS, NAMES),
    "another origin": _both(("Access-Control-Allow-Origin", "https://other.example"), CREDENTIALS, METHODS, NAMES),
    "the origin with a slash": _both(("Access-Control-Allow-Origin", f"{PLACEHOLDER}/"), CREDENTIALS, METHODS, NAMES),
    "null": _both(("Access-Control-Allow-Origin", "null"), CREDENTIALS, METHODS, NAMES),
    "the preflight alone": _Fixed((), (ORIGIN, CREDENTIALS, METHODS, NAMES)),
    "the answer alone": _Fixed((ORIGIN, CREDENTIALS, EXPOSED, *OTHERS), ()),
    "no list of headers": _both(ORIGIN, CREDENTIALS, METHODS),
    "no list of methods": _both(ORIGIN, CREDENTIALS, NAMES),
    "methods in small letters": _both(ORIGIN, CREDENTIALS, ("Access-Control-Allow-Methods", "put, delete"), NAMES),
    "methods in two headers": _both(
        ORIGIN, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Methods", "PATCH"), NAMES
    ),
    "a list that is none": _both(ORIGIN, CREDENTIALS, ("Access-Control-Allow-Methods", "PUT DELETE"), NAMES),
    "a preflight with 200": _both(ORIGIN, CREDENTIALS, METHODS, NAMES, preflight_status=200),
    "a preflight with 404": _both(ORIGIN, CREDENTIALS, METHODS, NAMES, preflight_status=404),
    "a preflight with 401": _both(ORIGIN, CREDENTIALS, METHODS, NAMES, preflight_status=401),
    "a preflight that redirects": _both(ORIGIN, CREDENTIALS, METHODS, NAMES, ("Location", "/"), preflight_status=307),
    "a 500 with CORS": _both(ORIGIN, CREDENTIALS, METHODS, NAMES, status=500),
    "a 401 without CORS": _Fixed((), (ORIGIN, CREDENTIALS, METHODS, NAMES), status=401),
    "Starlette, any origin": _framework(allow_origins=["*"], allow_methods=["*"], allow_headers=["*"]),
    "Starlette, any origin, credentials": _framework(allow_origins=["*"], allow_credentials=True),
    "Starlette, a pattern": _framework(
        allow_origin_regex=r"http://127\.0\.0\.1:\d+",
        allow_credentials=True,
        allow_methods=["PUT", "DELETE"],
        allow_headers=["X-Trader", "X-A", "X-B"],
        expose_headers=["X-Request-ID"],
    ),
}


def all_cases(origins: tuple[str, ...]) -> list[Case]:
    """Return every combination of origin, request and behaviour."""
    return [Case(number, *combination) for number, combination in enumerate(product(origins, ASKED, BEHAVIOURS))]
