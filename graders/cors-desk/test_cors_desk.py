"""CORS at the desk: what a browser lets scripts of this page and that one do with the API."""

import json
from typing import Any

import pytest

from proctor.checks import Answer, Application, Cache, Draw, Page, Stage, expect
from shared_checks.pages import (
    ALLOWED,
    DASHBOARD,
    DEVELOPER,
    expect_none,
    expect_not_sent,
    expect_origin_kept,
    expect_readable,
    origins_elsewhere,
)

# Cookies come in where a check is about them, so that forgetting them costs no other check its points.

JSON = ("Content-Type", "application/json")
"""On a GET as well: many scripts send it with everything, and then the GET needs a preflight."""

QUOTES = {"AAPL": "101.50", "MSFT": "402.10"}


def open_page(app: Application, origin: str, cache: Cache | None = None) -> Page:
    """Open a page in a browser that has a cookie for the API."""
    return Page(app, origin, cookie="session=trader", cache=cache)


def expect_body(what: str, content: bytes, body: dict[str, Any]) -> None:
    """The route answers what it answered before."""
    try:
        seen = json.loads(content)
    except ValueError:
        seen = content
    expect(f"the body of the answer to {what}", seen).equals(body)


async def expect_no_preflights(app: Application) -> None:
    """What is no preflight gets what its route answers."""
    own, asking = ("Origin", DASHBOARD), ("Access-Control-Request-Method", "GET")
    for what, headers in (("without an Origin", []), ("without Access-Control-Request-Method", [own])):
        answer = await app.request("OPTIONS", "/quotes", headers).answered()
        expect(f"the status of OPTIONS /quotes {what}", answer.status).equals(405)
    for what, headers in (
        ("without an Origin", []),
        ("with Access-Control-Request-Method", [asking]),
        ("with Access-Control-Request-Method and an Origin", [asking, own]),
    ):
        answer = await app.request("GET", "/quotes", headers).answered()
        expect(f"the status of GET /quotes {what}", answer.status).equals(200)
        expect_body(f"GET /quotes {what}", answer.content, QUOTES)


@pytest.mark.points(25)
@pytest.mark.public
async def test_pages_of_the_desk_can_read(stage: Stage) -> None:
    """Scripts of both pages can read what the API answers, with cookies and without; other requests work as before"""
    app = await stage.app("create_app")
    for origin in ALLOWED:
        page = open_page(app, origin)
        expect_readable("GET /quotes with cookies", origin, await page.fetch("GET", "/quotes", credentials=True))
        access = await page.fetch("GET", "/quotes")
        expect_readable("GET /quotes without cookies", origin, access)
        expect("the status that the script can read", access.status).equals(200)
        expect_body("GET /quotes", access.content, QUOTES)
    await expect_no_preflights(app)


@pytest.mark.points(30)
async def test_pages_elsewhere_read_nothing(stage: Stage, draw: Draw) -> None:
    """Pages of any other origin, however similar, read nothing, and none of their preflights succeeds"""
    app = await stage.app("create_app")
    access = await open_page(app, DASHBOARD).fetch("GET", "/quotes")
    expect_readable("GET /quotes without cookies", DASHBOARD, access)

    elsewhere = origins_elsewhere(draw)
    readers: list[str] = []
    senders: list[str] = []
    for origin in (origin for origins in elsewhere.values() for origin in origins):
        page = open_page(app, origin)
        accesses = [await page.fetch("GET", "/quotes", credentials=credentials) for credentials in (True, False)]
        if any(access.readable for access in accesses):
            readers.append(origin)
        if (await page.fetch("DELETE", "/orders/7")).sent:
            senders.append(origin)
    expect_none("other origins whose pages can read GET /quotes", elsewhere, readers)
    expect_none("other origins whose preflight for DELETE /orders/7 succeeds", elsewhere, senders)
    asking = [("Origin", elsewhere["another site"][0]), ("Access-Control-Request-Method", "DELETE")]
    status = (await app.request("OPTIONS", "/orders/7", asking).answered()).status or 0
    expect("the status of a preflight that fails", status < 500).is_true("below 500", str(status))


@pytest.mark.points(15)
async def test_orders_are_placed_and_cancelled(stage: Stage, draw: Draw) -> None:
    """Scripts of the desk can place orders in JSON and cancel them, and their browser sends no other method"""
    app = await stage.app("create_app")
    order = {"symbol": draw.symbol(), "quantity": draw.number(1, 999)}
    for origin in ALLOWED:
        page = open_page(app, origin)
        placed = await page.fetch("POST", "/orders", json=order, credentials=True)
        expect_readable("POST /orders with JSON and cookies", origin, placed)
        expect("the status of POST /orders", placed.status).equals(201)
        expect_body("POST /orders", placed.content, order)
        number = draw.number(1, 999)
        target = f"/orders/{number}"
        cancelled = await page.fetch("DELETE", target, credentials=True)
        expect_readable(f"DELETE {target} with cookies", origin, cancelled)
        expect(f"the status of DELETE {target}", cancelled.status).equals(200)
        expect_body(f"DELETE {target}", cancelled.content, {"cancelled": number})
        for method in ("PUT", "PATCH"):
            access = await page.fetch(method, target, json=order, credentials=True)
            expect_not_sent(f"{method} {target}", origin, access)

    await expect_origin_kept(stage, app, [], order, open_page(app, f"https://{draw.word()}.example"))


@pytest.mark.points(10)
async def test_the_idempotency_key_can_be_sent(stage: Stage, draw: Draw) -> None:
    """Scripts of the desk can send X-Idempotency-Key, and their browser sends no other header that needs a preflight"""
    app = await stage.app("create_app")
    for origin in ALLOWED:
        page = open_page(app, origin)
        headers = [JSON, ("X-Idempotency-Key", draw.identifier())]
        access = await page.fetch("GET", "/quotes", headers)
        expect_readable("GET /quotes with X-Idempotency-Key and the content type of JSON", origin, access)
        for name in ("Authorization", f"X-{draw.word()}"):
            access = await page.fetch("GET", "/quotes", [(name, draw.word())])
            expect_not_sent(f"GET /quotes with the header {name}", origin, access)


@pytest.mark.points(10)
async def test_the_request_id_can_be_read(stage: Stage) -> None:
    """Scripts of the desk can read X-Request-Id"""
    app = await stage.app("create_app")
    for origin in ALLOWED:
        access = await open_page(app, origin).fetch("GET", "/quotes", credentials=True)
        expect_readable("GET /quotes with cookies", origin, access)
        visible = list(access.visible_headers)
        expect(f"the headers of GET /quotes that a script of {origin} can read", visible).contains("x-request-id")


@pytest.mark.points(10)
async def test_what_is_kept_serves_the_page_that_gets_it(stage: Stage, draw: Draw) -> None:
    """A preflight's answer may be kept for 300 s, and no page gets an answer from a cache that it cannot read"""
    app = await stage.app("create_app")
    for origin in ALLOWED:
        access = await open_page(app, origin).fetch("GET", "/quotes", [JSON])
        expect_readable("GET /quotes with the content type of JSON", origin, access)
        expect("seconds for which a browser may keep the answer to a preflight", access.max_age).equals(300)

        visit = Cache()
        plain = await app.request("GET", "/quotes").answered()
        visit.keep("/quotes", [], Answer(plain.status or 500, plain.headers, plain.content))
        after: list[tuple[str, Cache]] = [("a request without an Origin", visit)]
        for other in (DEVELOPER if origin == DASHBOARD else DASHBOARD, f"https://{draw.word()}.example"):
            cache = Cache()
            await open_page(app, other, cache).fetch("GET", "/quotes")
            after.append((f"a script of {other}", cache))
        for earlier, cache in after:
            access = await open_page(app, origin, cache).fetch("GET", "/quotes")
            expect_readable(f"GET /quotes, through a cache that has seen {earlier}", origin, access)
