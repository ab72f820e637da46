"""CORS at the desk, checked by plain pytest in the submission's own process."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from tests.bench.plain.in_process import Client, Header, Response, client, submission

DASHBOARD = "https://desk.example"
DEVELOPER = "http://localhost:5173"
ALLOWED = (DASHBOARD, DEVELOPER)
COOKIE = ("Cookie", "session=trader")
JSON = ("Content-Type", "application/json")
BEGINNINGS = [origin[:length] for origin in ALLOWED for length in range(1, len(origin))]
ELSEWHERE = [
    "https://other.example",
    "http://other.example:5173",
    "http://desk.example",
    "https://localhost:5173",
    "https://desk.example:8443",
    "http://localhost:3000",
    "https://www.desk.example",
    "https://other.desk.example",
    "http://127.0.0.1:5173",
    "http://[::1]:5173",
    "https://otherdesk.example",
    "https://other-desk.example",
    "https://desk.example.other.example",
    "https://desk.exampleother",
    "http://localhost:51732",
    "https://deskxexample",
    "https://desk-example",
    *BEGINNINGS,
    "null",
]


def desk() -> AbstractAsyncContextManager[Client]:
    return client(submission("cors-desk").create_app())


async def get(api: Client, origin: str, *, cookies: bool = False, headers: Sequence[Header] = ()) -> Response:
    sent = [*headers, ("Accept", "*/*"), ("Origin", origin), *([COOKIE] if cookies else [])]
    return await api.request("GET", "/quotes", headers=sent)


async def preflight(api: Client, origin: str, method: str, target: str, names: str = "") -> Response:
    headers = [("Accept", "*/*"), ("Access-Control-Request-Method", method), ("Origin", origin)]
    if names:
        headers.append(("Access-Control-Request-Headers", names))
    return await api.request("OPTIONS", target, headers=headers)


def is_readable(answer: Response, origin: str, *, cookies: bool = False) -> bool:
    allowed = answer.headers.get("access-control-allow-origin")
    if cookies:
        return allowed == origin and answer.headers.get("access-control-allow-credentials") == "true"
    return allowed in {"*", origin}


def permits(answer: Response, origin: str, method: str = "GET", names: str = "") -> bool:
    methods = {item.strip() for item in answer.headers.get("access-control-allow-methods", "").split(",")}
    allowed = {item.strip().lower() for item in answer.headers.get("access-control-allow-headers", "").split(",")}
    if answer.status_code != 200 or not is_readable(answer, origin):
        return False
    return method in methods | {"GET", "POST"} and (not names or set(names.split(",")) <= allowed)


async def test_pages_of_the_desk_can_read() -> None:
    async with desk() as api:
        for origin in ALLOWED:
            assert is_readable(await get(api, origin, cookies=True), origin, cookies=True)
            answer = await get(api, origin)
            assert is_readable(answer, origin)
            assert answer.status_code == 200
        assert (await api.request("GET", "/quotes")).status_code == 200


async def test_pages_elsewhere_read_nothing() -> None:
    async with desk() as api:
        assert is_readable(await get(api, DASHBOARD), DASHBOARD)
        for origin in ELSEWHERE:
            assert not is_readable(await get(api, origin, cookies=True), origin, cookies=True)
            assert not is_readable(await get(api, origin), origin)
            assert not permits(await preflight(api, origin, "DELETE", "/orders/7"), origin, "DELETE")


async def test_orders_are_placed_and_cancelled() -> None:
    async with desk() as api:
        for origin in ALLOWED:
            sent = [("Accept", "*/*"), ("Origin", origin), COOKIE]
            names = "content-type"
            assert permits(await preflight(api, origin, "POST", "/orders", names), origin, "POST", names)
            placed = await api.request("POST", "/orders", headers=sent, json={"symbol": "AAPL", "quantity": 5})
            assert is_readable(placed, origin, cookies=True)
            assert placed.status_code == 201
            assert b"AAPL" in placed.content
            assert permits(await preflight(api, origin, "DELETE", "/orders/7"), origin, "DELETE")
            cancelled = await api.request("DELETE", "/orders/7", headers=sent)
            assert is_readable(cancelled, origin, cookies=True)
            assert cancelled.status_code == 200
            for method in ("PUT", "PATCH"):
                assert not permits(await preflight(api, origin, method, "/orders/7", names), origin, method, names)


async def test_the_idempotency_key_can_be_sent() -> None:
    async with desk() as api:
        for origin in ALLOWED:
            names = "content-type,x-idempotency-key"
            assert permits(await preflight(api, origin, "GET", "/quotes", names), origin, names=names)
            answer = await get(api, origin, headers=[JSON, ("X-Idempotency-Key", "abc-1")])
            assert is_readable(answer, origin)
            for name in ("authorization", "x-other"):
                assert not permits(await preflight(api, origin, "GET", "/quotes", name), origin, names=name)


async def test_the_request_id_can_be_read() -> None:
    async with desk() as api:
        for origin in ALLOWED:
            answer = await get(api, origin, cookies=True)
            assert is_readable(answer, origin, cookies=True)
            assert "x-request-id" in answer.headers
            exposed = answer.headers["access-control-expose-headers"].lower()
            assert "x-request-id" in exposed


async def test_what_is_kept_serves_the_page_that_gets_it() -> None:
    async with desk() as api:
        for origin in ALLOWED:
            permission = await preflight(api, origin, "GET", "/quotes", "content-type")
            assert permission.headers["access-control-max-age"] == "300"
            assert is_readable(await get(api, origin, headers=[JSON]), origin)
            others = [
                await api.request("GET", "/quotes"),
                await get(api, DEVELOPER if origin == DASHBOARD else DASHBOARD),
                await get(api, "https://other.example"),
            ]
            for kept in others:
                assert "origin" in kept.headers["vary"].lower()  # so a cache asks again
                assert is_readable(await get(api, origin), origin)
