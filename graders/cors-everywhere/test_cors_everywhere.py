"""CORS everywhere: what a browser lets scripts of this page and that one do with the API, its 401s and its 500s."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_lowercase, digits

import pytest

from proctor.checks import Access, Answer, Application, Cache, Collaborator, Draw, Page, Stage, expect
from shared_checks.pages import DASHBOARD, DEVELOPER, expect_readable

TOKENS = ("t-alice", "t-bob")
QUOTES = {"AAPL": "101.50", "MSFT": "402.10"}

# Cookies are how most checks send the token: a request with a header of its own needs a preflight, and what is wrong
# with preflights is to cost no other check its points.


@dataclass
class Api:
    """The learner's application, and what its routes have done."""

    app: Application
    calls: Collaborator

    def page(self, origin: str, *, token: str = TOKENS[0], cache: Cache | None = None) -> Page:
        """Open a page in a browser that keeps a token for the API in a cookie."""
        return Page(self.app, origin, cookie=f"token={token}", cache=cache)


async def open_api(stage: Stage) -> Api:
    """Return the learner's application."""
    calls = stage.list("calls")
    return Api(await stage.app("create_app", calls), calls)


def preview(name: str) -> str:
    """Return the origin of a preview."""
    return f"https://{name}.preview.desk.example"


def previews(draw: Draw) -> list[str]:
    """Return origins of previews, under names of several kinds; one has every character that a name may have."""
    everything = f"{''.join(draw.shuffled(digits))}-{''.join(draw.shuffled(ascii_lowercase))}"
    names = [f"pr-{draw.number(1, 999)}", draw.word(1), everything]
    return [preview(name) for name in names]


async def readers(api: Api, draw: Draw) -> list[str]:
    """Return the pages to try: both that are named, and the previews that can read anything at all.

    So a pattern that leaves previews out costs its points in one check, and not in each.
    """
    tried = {origin: await api.page(origin).fetch("GET", "/quotes", credentials=True) for origin in previews(draw)}
    return [DASHBOARD, DEVELOPER, *(origin for origin, access in tried.items() if access.readable)]


def pages_elsewhere(draw: Draw) -> dict[str, list[str]]:
    """Return origins that are not allowed, by what they are."""
    word, port = draw.word(), draw.number(8001, 8999)
    return {
        "another site": [f"https://{word}.example"],
        "another scheme": ["http://desk.example", "https://localhost:5173", f"http://{word}.preview.desk.example"],
        "another port": [f"https://desk.example:{port}", f"http://localhost:{port}", f"{preview(word)}:{port}"],
        "another host below desk.example": ["https://www.desk.example", "https://preview.desk.example"],
        "a host that only ends like a preview": [
            f"https://{word}-preview.desk.example",
            f"https://{word}preview.desk.example",
        ],
        "a preview with a look-alike of a dot": [
            f"https://{word}.preview-desk.example",
            f"https://{word}.previewxdesk.example",
            f"https://{word}.preview.desk-example",
        ],
        "a preview with two labels": [preview(f"{word}.{draw.word(3)}")],
        "a preview with no name, or with an underscore in it": ["https://.preview.desk.example", preview(f"{word}_1")],
        "an allowed origin with something after it": [
            f"https://desk.example.{word}.example",
            f"{preview(word)}.{word}.example",
            f"http://localhost:5173{draw.number(0, 3)}",
        ],
        "an allowed host with something before it": [f"https://{word}desk.example", f"https://{word}-desk.example"],
        "the beginning of an allowed origin": ["https://desk", "https://desk.exampl", "http://localhost", "http://l"],
        "the origin of a sandboxed frame": ["null"],
    }


def expect_status(what: str, access: Access, status: int) -> None:
    """The script has read this status."""
    expect(f"the status that the script reads of {what}", access.status).equals(status)


def expect_body(what: str, content: bytes, expected: object) -> None:
    """The answer has this JSON in it, as it had before."""
    try:
        seen: object = json.loads(content)
    except ValueError:
        seen = content
    expect(f"the body of {what}", seen).equals(expected)


def expect_none(about: str, elsewhere: dict[str, list[str]], found: Iterable[str]) -> None:
    """None of the origins elsewhere was found to be let in; those that were are told by what they are."""
    wrong = set(found)
    parts: list[str] = []
    for kind, origins in elsewhere.items():
        some = [origin for origin in origins if origin in wrong]
        if some:
            parts.append(f"{kind} ({some[0]}{f' and {len(some) - 1} more' if len(some) > 1 else ''})")
    if wrong and len(parts) == len(elsewhere):
        parts = [f"pages of every kind that was tried, for example {next(iter(elsewhere.values()))[0]}"]
    expect(about, not wrong).is_true("none", "; ".join(parts))


@pytest.mark.points(15)
@pytest.mark.public
async def test_pages_and_previews_can_read(stage: Stage, draw: Draw) -> None:
    """Scripts of the dashboard, its developer and every preview can read what the API answers"""
    api = await open_api(stage)
    for origin in (DASHBOARD, DEVELOPER, *previews(draw)):
        access = await api.page(origin, token=draw.one_of(TOKENS)).fetch("GET", "/quotes", credentials=True)
        expect_readable("GET /quotes with a token in its cookie", origin, access)
        expect_status("GET /quotes with a token in its cookie", access, 200)
        expect_body("GET /quotes with a token in its cookie", access.content, QUOTES)
    cookie = ("Cookie", f"token={TOKENS[0]}")
    plain = await api.app.request("GET", "/quotes", [cookie]).answered()
    expect("the status of GET /quotes with a token and without an Origin", plain.status).equals(200)

    order = {"symbol": draw.symbol()}
    held = api.app.request("POST", "/orders", [("Origin", DASHBOARD), cookie], json=order, hold_body=True)
    await stage.settled()  # every layer has seen it; the route waits for the body
    await api.page(f"https://{draw.word()}.example").fetch("GET", "/quotes", credentials=True)
    held.body(json.dumps(order).encode())
    allowed = (await held.answered()).header("access-control-allow-origin")
    about = f"Access-Control-Allow-Origin for {DASHBOARD}, whose POST /orders was under way while another page asked"
    expect(about, allowed).equals(DASHBOARD)


@pytest.mark.points(25)
async def test_pages_elsewhere_get_nothing(stage: Stage, draw: Draw) -> None:
    """Pages of any other origin, however similar, read nothing, and none of their preflights succeeds"""
    api = await open_api(stage)
    access = await api.page(DASHBOARD).fetch("GET", "/quotes", credentials=True)
    expect_readable("GET /quotes with a token in its cookie", DASHBOARD, access)

    elsewhere = pages_elsewhere(draw)
    readers: list[str] = []
    senders: list[str] = []
    readers_of_refusals: list[str] = []
    readers_of_crashes: list[str] = []
    for origin in (origin for origins in elsewhere.values() for origin in origins):
        page = api.page(origin)
        if (await page.fetch("GET", "/quotes", credentials=True)).readable:
            readers.append(origin)
        if (await page.fetch("DELETE", f"/orders/{draw.number(1, 999)}", credentials=True)).sent:
            senders.append(origin)
        if (await page.fetch("GET", "/quotes")).readable:
            readers_of_refusals.append(origin)
        if (await page.fetch("GET", "/boom", credentials=True)).readable:
            readers_of_crashes.append(origin)
    expect_none("other origins whose pages can read GET /quotes", elsewhere, readers)
    expect_none("other origins whose preflight for a DELETE succeeds", elsewhere, senders)
    expect_none("other origins whose pages can read a 401", elsewhere, readers_of_refusals)
    expect_none("other origins whose pages can read the 500 of GET /boom", elsewhere, readers_of_crashes)
    expect("what the routes have done for other origins", api.calls.arguments).equals([])


@pytest.mark.points(20)
async def test_preflights_need_no_token(stage: Stage, draw: Draw) -> None:
    """Preflights of the desk's pages succeed without a token, for what the pages may send and for nothing else"""
    api = await open_api(stage)
    done: list[str] = []
    for origin in await readers(api, draw):
        page = api.page(origin)
        token = ("Authorization", f"Bearer {draw.one_of(TOKENS)}")
        key = ("X-Idempotency-Key", draw.identifier())
        quotes = await page.fetch("GET", "/quotes", [token])
        expect_readable("GET /quotes with Authorization", origin, quotes)
        expect_status("GET /quotes with Authorization", quotes, 200)
        expect("seconds for which a browser may keep the answer to a preflight", quotes.max_age).equals(300)

        symbol, number = draw.symbol(), draw.number(1, 999)
        what = "POST /orders with JSON, Authorization and X-Idempotency-Key"
        placed = await page.fetch("POST", "/orders", [token, key], json={"symbol": symbol})
        expect_readable(what, origin, placed)
        expect_status(what, placed, 201)
        expect_body(what, placed.content, {"symbol": symbol})
        cancelled = await page.fetch("DELETE", f"/orders/{number}", credentials=True)
        expect_readable(f"DELETE /orders/{number} with a token in its cookie", origin, cancelled)
        expect_body(f"DELETE /orders/{number} with a token in its cookie", cancelled.content, {"cancelled": number})
        done += [f"placed {symbol}", f"cancelled {number}"]
        expect("what the routes have done", api.calls.arguments).equals(done)

        name = f"X-{draw.word()}"
        for refused, headers in (("PUT", [token]), ("PATCH", [token]), ("GET", [(name, draw.word())])):
            access = await page.fetch(refused, "/quotes", headers)
            about = (
                f"{refused} /quotes{f' with the header {name}' if refused == 'GET' else ''}, by a script of {origin}"
            )
            expect(about, not access.sent).is_true(
                "not sent, because its preflight fails", "sent: its preflight succeeded"
            )

    plain = await api.app.request("OPTIONS", "/quotes", [("Cookie", f"token={TOKENS[0]}")]).answered()
    expect("the status of OPTIONS /quotes with a token and without an Origin", plain.status).equals(405)


@pytest.mark.points(15)
async def test_refusals_can_be_read(stage: Stage, draw: Draw) -> None:
    """A request without a good token gets 401 and does nothing, and scripts of the desk's pages can read that"""
    api = await open_api(stage)
    order = {"symbol": draw.symbol()}
    for headers in ([], [("Authorization", f"Bearer {draw.word()}")]):
        plain = await api.app.request("POST", "/orders", headers, json=order).answered()
        expect("the status of POST /orders without a good token", plain.status).equals(401)
    expect("what the routes have done without a good token", api.calls.arguments).equals([])
    for origin in await readers(api, draw):
        page = api.page(origin, token=draw.word())
        for what, credentials in (("with no token", False), ("with a bad token in its cookie", True)):
            access = await page.fetch("GET", "/quotes", credentials=credentials)
            expect_readable(f"GET /quotes {what}", origin, access)
            expect_status(f"GET /quotes {what}", access, 401)


@pytest.mark.points(15)
async def test_crashes_can_be_read(stage: Stage, draw: Draw) -> None:
    """Scripts of the desk's pages can read the 500 of a route that raises"""
    api = await open_api(stage)
    for origin in await readers(api, draw):
        access = await api.page(origin).fetch("GET", "/boom", credentials=True)
        expect_readable("GET /boom with a token in its cookie", origin, access)
        expect_status("GET /boom with a token in its cookie", access, 500)


@pytest.mark.points(10)
async def test_what_answers_say_of_themselves(stage: Stage, draw: Draw) -> None:
    """Scripts of the desk's pages can read X-Request-Id, and no page gets an answer from a cache that it cannot read"""
    api = await open_api(stage)
    for origin in await readers(api, draw):
        access = await api.page(origin).fetch("GET", "/quotes", credentials=True)
        expect_readable("GET /quotes with a token in its cookie", origin, access)
        visible = list(access.visible_headers)
        expect(f"the headers of GET /quotes that a script of {origin} can read", visible).contains("x-request-id")

        visit = Cache()
        plain = await api.app.request("GET", "/quotes", [("Cookie", f"token={TOKENS[0]}")]).answered()
        visit.keep("/quotes", [("Cookie", f"token={TOKENS[0]}")], Answer(plain.status or 500, plain.headers))
        after: list[tuple[str, Cache]] = [("a request without an Origin", visit)]
        for other in (preview(draw.word()), f"https://{draw.word()}.example"):
            cache = Cache()
            await api.page(other, cache=cache).fetch("GET", "/quotes", credentials=True)
            after.append((f"a script of {other}", cache))
        for earlier, cache in after:
            access = await api.page(origin, cache=cache).fetch("GET", "/quotes", credentials=True)
            expect_readable(f"GET /quotes, through a cache that has seen {earlier}", origin, access)
