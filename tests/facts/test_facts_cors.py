"""CORS: what `CORSMiddleware` sends, to whom, and what it never touches."""

from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response, WebSocket
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.base import RequestResponseEndpoint
from starlette.types import ASGIApp
from tests.facts.driver import Answer, call, http_scope, run

DESK = "https://desk.example"
EVIL = "https://evil.example"
ALLOWED = "access-control-allow-origin"
CREDENTIALS = "access-control-allow-credentials"


def desk() -> FastAPI:
    """Return an application without CORS; `app.state.orders` counts what was done."""
    app = FastAPI()
    app.state.orders = 0

    @app.get("/quotes")
    async def quotes() -> None: ...

    @app.get("/boom")
    async def boom() -> None:
        raise ValueError

    @app.post("/orders")
    async def order() -> None:
        app.state.orders += 1

    @app.websocket("/feed")
    async def feed(socket: WebSocket) -> None:
        await socket.accept()

    return app


def with_cors(**options: Any) -> FastAPI:
    app = desk()
    app.add_middleware(CORSMiddleware, **options)
    return app


async def get(app: ASGIApp, origin: str | None, path: str = "/quotes") -> Answer:
    return await call(app, path, headers={} if origin is None else {"Origin": origin})


async def preflight(app: ASGIApp, origin: str, method: str = "GET", headers: str = "", path: str = "/quotes") -> Answer:
    sent = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:
        sent["Access-Control-Request-Headers"] = headers
    return await call(app, path, "OPTIONS", headers=sent)


@pytest.mark.fact("V3", "cors-desk", "cors-everywhere")
@pytest.mark.parametrize("origin", [EVIL, "null"])
async def test_any_origin_with_credentials_is_let_in(origin: str) -> None:
    """`allow_origins=["*"]` with credentials reflects every origin, "null" too, on plain requests and preflights."""
    app = with_cors(allow_origins=["*"], allow_credentials=True)
    for answer in (await get(app, origin), await preflight(app, origin)):
        assert (answer.status, answer.header(ALLOWED), answer.header(CREDENTIALS)) == (200, origin, "true")


@pytest.mark.fact("V4", "cors-desk", "cors-everywhere")
@pytest.mark.parametrize("allowed", [DESK, "*"])
@pytest.mark.parametrize("origin", [None, DESK, EVIL])
async def test_every_answer_varies_by_origin(allowed: str, origin: str | None) -> None:
    """Every answer through CORSMiddleware has `Vary: Origin`: without an origin, for refused ones, and with `*`."""
    assert (await get(with_cors(allow_origins=[allowed]), origin)).header("vary") == "Origin"


@pytest.mark.fact("V25", "cors-everywhere")
async def test_a_500_is_without_cors_unless_the_whole_application_is_wrapped() -> None:
    """A 500 has no CORS headers, nor with a handler for Exception; `CORSMiddleware(app)` around it all gives them."""
    bare, handled = with_cors(allow_origins=[DESK]), with_cors(allow_origins=[DESK])

    @handled.exception_handler(Exception)
    async def handler(_request: Request, _error: Exception) -> Response:
        return Response(status_code=500)

    wrapped = CORSMiddleware(desk(), allow_origins=[DESK])
    answers = [await get(app, DESK, "/boom") for app in (bare, handled, wrapped)]
    assert [(answer.status, answer.header(ALLOWED)) for answer in answers] == [(500, None), (500, None), (500, DESK)]


@pytest.mark.fact("V26", "cors-desk", "same-origin")
async def test_a_refused_simple_request_is_executed() -> None:
    """A simple POST of an origin that is not allowed is executed; only the headers are missing."""
    app = with_cors(allow_origins=[DESK])
    answer = await call(app, "/orders", "POST", headers={"Origin": EVIL})
    assert (answer.status, answer.header(ALLOWED), app.state.orders) == (200, None, 1)


@pytest.mark.fact("V27", "cors-desk")
async def test_a_text_of_origins_is_searched() -> None:
    """A single text as `allow_origins` lets in every origin that it contains."""
    app = with_cors(allow_origins="https://desk.example.com")
    assert (await get(app, "https://desk.example")).header(ALLOWED) == "https://desk.example"


@pytest.mark.fact("V28", "cors-desk")
@pytest.mark.parametrize(
    ("allowed", "origin"),
    [
        ("https://*.desk.example", "https://eu.desk.example"),
        (f"{DESK}/", DESK),
        ("https://Desk.example", DESK),
        (f"{DESK}:443", DESK),
        ("desk.example", DESK),
    ],
)
async def test_origins_are_compared_letter_by_letter(allowed: str, origin: str) -> None:
    """A glob, a slash at the end, capital letters, the usual port, a missing scheme in `allow_origins` never match."""
    assert (await get(with_cors(allow_origins=[allowed]), origin)).header(ALLOWED) is None


@pytest.mark.fact("V29", "cors-everywhere")
@pytest.mark.parametrize(
    ("pattern", "origin", "is_allowed"),
    [
        (r"https://[a-z]+\.desk\.example", "https://eu.desk.example", True),
        (r"https://[a-z]+\.desk\.example", "https://eu.desk.example.evil.example", False),
        (r"https://desk.example", "https://deskXexample", True),
        (r"https://.*desk\.example", "https://evil-desk.example", True),
    ],
)
async def test_a_pattern_matches_the_whole_origin(pattern: str, origin: str, is_allowed: bool) -> None:
    """`allow_origin_regex` has to match the whole origin; a dot that is not escaped still matches any letter."""
    answer = await get(with_cors(allow_origin_regex=pattern), origin)
    assert (answer.header(ALLOWED) == origin) is is_allowed


@pytest.mark.fact("V30", "cors-desk")
async def test_only_get_is_allowed_unless_said() -> None:
    """By default a preflight for POST gets 400, and the answer to a simple POST is allowed all the same."""
    app = with_cors(allow_origins=[DESK])
    assert (await preflight(app, DESK, "POST", path="/orders")).status == 400
    assert (await call(app, "/orders", "POST", headers={"Origin": DESK})).header(ALLOWED) == DESK


@pytest.mark.fact("V31", "cors-desk")
@pytest.mark.parametrize(("method", "headers"), [("DELETE", ""), ("GET", "X-Unknown")])
async def test_a_refused_preflight_names_the_origin(method: str, headers: str) -> None:
    """A preflight that is refused for its method or headers gets 400, and still says that the origin is allowed."""
    answer = await preflight(with_cors(allow_origins=[DESK]), DESK, method, headers)
    assert (answer.status, answer.header(ALLOWED)) == (400, DESK)


@pytest.mark.fact("V32", "cors-desk")
async def test_a_preflight_asks_no_route() -> None:
    """A preflight for a path that does not exist gets 200."""
    assert (await preflight(with_cors(allow_origins=[DESK]), DESK, path="/nowhere")).status == 200


@pytest.mark.fact("V33", "cors-desk")
async def test_options_alone_is_no_preflight() -> None:
    """OPTIONS with an origin but without Access-Control-Request-Method reaches the routes, and gets 405."""
    answer = await call(with_cors(allow_origins=[DESK]), "/quotes", "OPTIONS", headers={"Origin": DESK})
    assert answer.status == 405


@pytest.mark.fact("V34", "cors-desk")
async def test_of_two_the_outer_wins() -> None:
    """Of two CORSMiddlewares the outer one decides, and `Vary` names the origin twice."""
    app = with_cors(allow_origins=[DESK])
    app.add_middleware(CORSMiddleware, allow_origins=["*"])
    answer = await get(app, DESK)
    assert [value for name, value in answer.headers if name == ALLOWED] == ["*"]
    assert answer.header("vary") == "Origin, Origin"


@pytest.mark.fact("V35", "cors-everywhere")
async def test_websockets_know_no_cors() -> None:
    """A WebSocket connects from any origin."""
    scope = {**http_scope("/feed", "GET", {"Origin": EVIL}), "type": "websocket"}
    app = with_cors(allow_origins=[DESK])
    assert await run(app, scope, {"type": "websocket.connect"}) == ["websocket.accept"]


@pytest.mark.fact("V36", "cors-everywhere")
async def test_authentication_as_outer_middleware_breaks_preflights() -> None:
    """A dependency of the application never sees a preflight; a middleware outside CORS refuses it."""

    def guard(authorization: Annotated[str, Header()] = "") -> None:
        if not authorization:
            raise HTTPException(401)

    guarded = FastAPI(dependencies=[Depends(guard)])
    guarded.add_middleware(CORSMiddleware, allow_origins=[DESK], allow_headers=["authorization"])
    assert (await preflight(guarded, DESK, headers="authorization")).status == 200

    app = with_cors(allow_origins=[DESK], allow_headers=["authorization"])

    @app.middleware("http")
    async def layer(request: Request, call_next: RequestResponseEndpoint) -> Response:
        return await call_next(request) if "authorization" in request.headers else Response(status_code=401)

    assert (await preflight(app, DESK, headers="authorization")).status == 401
