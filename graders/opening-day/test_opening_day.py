"""Opening day: what five chapters ask for, of one application."""

from dataclasses import dataclass
from typing import Any

import pytest

from proctor.checks import Application, Collaborator, Draw, Exchange, Mismatch, Page, Stage, expect
from shared_checks.after_the_answer import Receipts, expect_answer_then_ledger_then_mail
from shared_checks.openapi_documents import bounds_of, described, elements, expanded, members, schema_of
from shared_checks.pages import (
    ALLOWED,
    DASHBOARD,
    expect_none,
    expect_not_sent,
    expect_origin_kept,
    expect_readable,
    origins_elsewhere,
)
from shared_checks.request_ids import expect_id, expect_ids_kept_apart, request_id

ALICE = ("X-Trader-Token", "t-alice")
BOB = ("X-Trader-Token", "t-bob")
HALTED = "XYZ"
LARGEST = 10_000

SAFELISTED = (
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
)
"""Headers that a script may read by itself. Source: https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name"""

Headers = list[tuple[str, str]]


@dataclass
class Desk(Receipts):
    """The learner's application, with everything of the desk that it works with."""

    app: Application
    audit: Collaborator
    price: Collaborator
    opened: Collaborator
    closed: Collaborator
    account: Collaborator

    def quote(self, symbol: str, headers: Headers) -> Exchange:
        """Ask for a price and do not wait."""
        return self.app.request("GET", f"/quotes/{symbol}", headers)

    def order(self, order: dict[str, Any], headers: Headers, *, gated: bool = False) -> Exchange:
        """Send an order and do not wait."""
        return self.app.request("POST", "/orders", headers, json=order, gated=gated)

    async def until_begun(self, answer: Exchange, what: str) -> None:
        """Wait until an answer begins."""
        await self.stage.until(lambda: bool(answer.messages) or answer.ended, f"the answer to {what} begins")


async def open_desk(
    stage: Stage, accounts: dict[str, dict[str, Any]], *, prices: dict[str, str] | None = None, parked: bool = False
) -> Desk:
    """Return the learner's desk, with these accounts by trader and these prices by symbol; others have none.

    ``parked`` holds ledger and mailer back.
    """
    price = stage.collaborator("desk.price", does=(prices or {}).__getitem__)
    account = stage.collaborator("session.account", does=accounts.__getitem__)
    session, opened, closed = stage.context("desk.session", stage.object("Session", account=account), is_async=True)
    ledger = stage.collaborator("ledger.record", "sync", parked=parked)
    mailer = stage.collaborator("mailer.send", parked=parked)
    audit = stage.list("desk.audit")
    desk = stage.object(
        "Desk",
        price=price,
        session=session,
        ledger=stage.object("Ledger", record=ledger),
        mailer=stage.object("Mailer", send=mailer),
        audit=audit,
    )
    app = await stage.app("create_app", desk)
    return Desk(stage, ledger, mailer, app, audit, price, opened, closed, account)


def account_of(draw: Draw, *, may_trade: bool = True) -> dict[str, Any]:
    """Return an account that nobody can guess."""
    return {"number": f"A-{draw.identifier()}", "may_trade": may_trade, "limit": draw.number(100, 999)}


def order_of(draw: Draw, **changes: Any) -> dict[str, Any]:
    """Return an order that every account is good for, but for the changes."""
    return {"id": draw.identifier(), "symbol": draw.symbol(), "quantity": draw.number(1, 99), **changes}


@dataclass
class Question:
    """A request, and the status of its answer."""

    what: str
    status: int
    method: str
    target: str
    token: tuple[str, str]
    json: Any = None


def every_kind(draw: Draw, symbol: str) -> list[Question]:
    """Return one request of every kind of answer: Alice has an account, and this symbol alone has a price."""
    stranger = ("X-Trader-Token", draw.word())
    return [
        Question("a quote", 200, "GET", f"/quotes/{symbol}", ALICE),
        Question("a quote with a bad token", 401, "GET", f"/quotes/{symbol}", stranger),
        Question("a path that does not exist", 404, "GET", f"/{draw.word()}", ALICE),
        Question("an order above the limit", 409, "POST", "/orders", ALICE, order_of(draw, quantity=LARGEST)),
        Question("an order for no shares", 422, "POST", "/orders", ALICE, order_of(draw, quantity=0)),
        Question("a quote whose price cannot be found", 500, "GET", f"/quotes/{draw.word()}", ALICE),
    ]


# Middleware and CORS


@pytest.mark.points(15)
@pytest.mark.public
async def test_every_answer_has_its_id_and_its_line(stage: Stage, draw: Draw) -> None:
    """Every answer carries the id of its request and stands in the audit, refusals and crashes included"""
    symbol = draw.symbol()
    desk = await open_desk(stage, {"alice": account_of(draw)}, prices={symbol: "101.50"})
    life = await desk.app.started()
    for number, asked in enumerate(every_kind(draw, symbol)):
        identifier = draw.identifier()
        headers = [asked.token, request_id(identifier)]
        answer = await desk.app.request(asked.method, asked.target, headers, json=asked.json).answered()
        expect(f"the status of {asked.what}", answer.status).equals(asked.status)
        expect_id(answer, identifier)
        await stage.settled()
        line = (identifier, asked.target, asked.status)
        expect(f"the lines in the audit for {asked.what}", desk.audit.arguments[number:]).equals([line])

    unnamed = await desk.app.request("GET", f"/quotes/{symbol}", [ALICE]).answered()
    drawn = expect("X-Request-ID of a request that named none", unnamed.header("x-request-id")).is_a_text()
    other = await desk.app.request("GET", f"/quotes/{symbol}", [BOB]).answered()
    expect("X-Request-ID of the next request that named none", other.header("x-request-id")).differs_from(drawn)

    life.feed({"type": "lifespan.shutdown"})
    await life.finished()
    if life.error is not None:
        raise life.error
    expect("what the lifespan sends", life.types).equals(["lifespan.startup.complete", "lifespan.shutdown.complete"])


@pytest.mark.points(10)
async def test_answers_under_way_keep_their_ids(stage: Stage, draw: Draw) -> None:
    """Two orders under way at the same time keep their own ids and their own accounts"""
    accounts = {"alice": account_of(draw), "bob": account_of(draw)}
    desk = await open_desk(stage, accounts)
    slow, quick = f"slow-{draw.identifier()}", f"quick-{draw.identifier()}"
    answers = await expect_ids_kept_apart(stage, desk.app, (ALICE, slow), (BOB, quick), order_of(draw))
    for what, trader, answer in zip(("longer", "shorter"), ("alice", "bob"), answers, strict=True):
        account = members(answer.json).get("account")
        expect(f"the account of the order that was under way {what}", account).equals(accounts[trader]["number"])
    await stage.settled()
    expect("the audit", desk.audit.arguments).equals([(quick, "/orders", 202), (slow, "/orders", 202)])


@pytest.mark.points(15)
async def test_pages_of_the_desk_can_read_everything(stage: Stage, draw: Draw) -> None:
    """Scripts of the desk's pages can read every answer and its id, refusals and crashes included"""
    symbol = draw.symbol()
    desk = await open_desk(stage, {"alice": account_of(draw)}, prices={symbol: "101.50"})
    for origin in ALLOWED:
        page = Page(desk.app, origin)
        for asked in every_kind(draw, symbol):
            access = await page.fetch(asked.method, asked.target, [asked.token], json=asked.json)
            expect_readable(asked.what, origin, access)
            expect(f"the status that the script reads of {asked.what}", access.status).equals(asked.status)
            named = [name for name in access.visible_headers if name not in SAFELISTED]
            expect(f"what the server lets a script read of the headers of {asked.what}", named).equals(["x-request-id"])
    elsewhere = Page(desk.app, f"https://{draw.word()}.example")
    await expect_origin_kept(stage, desk.app, [ALICE], order_of(draw), elsewhere)


@pytest.mark.points(10)
async def test_pages_elsewhere_get_nothing(stage: Stage, draw: Draw) -> None:
    """Pages of any other origin read nothing, not even a refusal, and none of their preflights succeeds"""
    symbol = draw.symbol()
    desk = await open_desk(stage, {"alice": account_of(draw)}, prices={symbol: "101.50"})
    expect_readable("a quote", DASHBOARD, await Page(desk.app, DASHBOARD).fetch("GET", f"/quotes/{symbol}", [ALICE]))
    elsewhere = origins_elsewhere(draw)
    readers: list[str] = []
    senders: list[str] = []
    for origin in (origin for origins in elsewhere.values() for origin in origins):
        page = Page(desk.app, origin)
        if (await page.fetch("GET", f"/quotes/{symbol}")).readable:
            readers.append(origin)
        if (await page.fetch("GET", f"/quotes/{symbol}", [ALICE])).sent:
            senders.append(origin)
    expect_none("other origins whose pages can read a 401", elsewhere, readers)
    expect_none("other origins whose preflight for a quote succeeds", elsewhere, senders)


@pytest.mark.points(10)
async def test_preflights_need_no_token(stage: Stage, draw: Draw) -> None:
    """Preflights of the desk's pages succeed without a token, for what the pages may send and for nothing else"""
    symbol = draw.symbol()
    desk = await open_desk(stage, {"alice": account_of(draw)}, prices={symbol: "101.50"})
    for origin in ALLOWED:
        page, identifier = Page(desk.app, origin), draw.identifier()
        placed = await page.fetch("POST", "/orders", [ALICE, request_id(identifier)], json=order_of(draw))
        expect_readable("an order with JSON, token and id", origin, placed)
        expect("the status that the script reads of it", placed.status).equals(202)
        await stage.settled()
        expect("the last line of the audit", desk.audit.arguments[-1:]).equals([(identifier, "/orders", 202)])
        for method in ("PUT", "DELETE"):
            expect_not_sent(f"{method} /orders", origin, await page.fetch(method, "/orders", [ALICE]))
        made_up = ("X-" + draw.word(), draw.word())
        expect_not_sent(f"an order with {made_up[0]}", origin, await page.fetch("POST", "/orders", [ALICE, made_up]))

    asking = ("Access-Control-Request-Method", "GET")
    options = await desk.app.request("OPTIONS", f"/quotes/{symbol}", [("Origin", DASHBOARD)]).answered()
    expect(f"the status of {options.title} without {asking[0]}", options.status).equals(405)
    quote = await desk.quote(symbol, [ALICE, asking]).answered()
    expect(f"the status of {quote.title} with {asking[0]}", quote.status).equals(200)
    expect(f"the body of the answer to {quote.title} with {asking[0]}", quote.json).equals(
        {"symbol": symbol, "price": "101.50"}
    )


# Dependencies


@pytest.mark.points(10)
async def test_one_session_is_closed_before_the_answer(stage: Stage, draw: Draw) -> None:
    """An order has one session, which is closed when its answer begins; strangers and quotes have none"""
    symbol = draw.symbol()
    desk = await open_desk(stage, {"alice": account_of(draw)}, prices={symbol: "101.50"}, parked=True)
    await desk.order(order_of(draw), [("X-Trader-Token", draw.word())]).answered()
    await desk.quote(symbol, [ALICE]).answered()
    expect("the sessions opened by a stranger's order and a quote", len(desk.opened.calls)).equals(0)
    for number, (what, quantity) in enumerate((("an order above the limit", LARGEST), ("an order", 1))):
        answer = desk.order(order_of(draw, quantity=quantity), [ALICE], gated=True)
        await desk.until_begun(answer, what)
        expect(f"the sessions that {what} has opened", len(desk.opened.calls) - number).equals(1)
        expect(f"the sessions closed when the answer to {what} begins", len(desk.closed.calls) - number).equals(1)
        expect(f"the accounts that {what} has asked for", desk.account.arguments[number:]).equals(["alice"])
        answer.permit(100)
        await answer.response_complete()


# The contract


@pytest.mark.points(10)
async def test_answers_keep_the_contract(stage: Stage, draw: Draw) -> None:
    """Quotes and orders are answered as promised, and refused as promised, strangers first of all"""
    symbol, price, account = draw.symbol(), f"{draw.number(10, 99)}.50", account_of(draw)
    accounts = {"alice": account, "bob": account_of(draw, may_trade=False)}
    desk = await open_desk(stage, accounts, prices={symbol: price})
    quote = await desk.quote(symbol, [ALICE]).answered()
    expect("the body of the answer to a quote", quote.json).equals({"symbol": symbol, "price": price})
    order = order_of(draw, quantity=account["limit"])
    placed = await desk.order(order, [ALICE]).answered()
    expect("the status of an order up to the limit", placed.status).equals(202)
    expect("the body of the answer to an order", placed.json).equals({"id": order["id"], "account": account["number"]})

    stranger = ("X-Trader-Token", draw.word())
    for what, changes, token, status in (
        ("an order of somebody who may not trade", {}, BOB, 403),
        ("an order for a halted symbol", {"symbol": HALTED}, ALICE, 409),
        ("an order above the limit", {"quantity": account["limit"] + 1}, ALICE, 409),
        ("an order for no shares", {"quantity": 0}, ALICE, 422),
        ("an order for too many shares", {"quantity": LARGEST + 1}, ALICE, 422),
        ("an order whose quantity is a word", {"quantity": draw.word()}, ALICE, 422),
        ("an order of a stranger", {}, stranger, 401),
        ("an order for no shares of a stranger", {"quantity": 0}, stranger, 401),
    ):
        refused = await desk.order(order_of(draw, **changes), [token]).answered()
        expect(f"the status of {what}", refused.status).equals(status)
        if status == 422:
            problems = elements(members(refused.json).get("detail"))
            named = {".".join(map(str, elements(members(problem).get("loc")))) for problem in problems}
            expect(f"what the answer to {what} says is wrong", sorted(named)).equals(["body.quantity"])
    await stage.settled()
    expect("the orders in the ledger after one good order and the refused ones", desk.ledger.arguments).equals(
        [order["id"]]
    )
    expect("the orders that were mailed", desk.mailer.arguments).equals([order["id"]])


@pytest.mark.points(5)
async def test_the_document_says_what_is_refused(stage: Stage) -> None:
    """/openapi.json names the token, the statuses and the bounds of the quantity"""
    desk = await open_desk(stage, {})
    answer = await desk.app.request("GET", "/openapi.json").answered()
    expect("the status of GET /openapi.json without a token", answer.status).equals(200)
    if not members(answer.json):
        raise Mismatch("what GET /openapi.json returns", "an OpenAPI document", repr(answer.content[:300]))
    document = expanded(members(answer.json))
    for title, statuses in (
        ("GET /quotes/{symbol}", ["200", "401"]),
        ("POST /orders", ["202", "401", "403", "409", "422"]),
    ):
        operation = described(document, title)
        for status in statuses:
            expect(f"the statuses of {title} in /openapi.json", list(operation.responses)).contains(status)
        expect(f"who may call {title}, by /openapi.json", operation.callers).equals([["apiKey header x-trader-token"]])
    properties = members(schema_of(described(document, "POST /orders").body).get("properties"))
    bounds = bounds_of(members(properties.get("quantity")))
    expect("the bounds of the quantity in /openapi.json", bounds).equals({"minimum": 1, "maximum": LARGEST})


# Background work


@pytest.mark.points(10)
async def test_the_answer_leaves_then_the_ledger_then_the_mail(stage: Stage, draw: Draw) -> None:
    """First the whole answer leaves, then the ledger records the order, then the mail is sent"""
    account = account_of(draw)
    desk, order = await open_desk(stage, {"alice": account}, parked=True), order_of(draw)
    body = {"id": order["id"], "account": account["number"]}
    await expect_answer_then_ledger_then_mail(desk, desk.order(order, [ALICE], gated=True), body)
    expect("the orders in the ledger", desk.ledger.arguments).equals([order["id"]])
    expect("the orders that were mailed", desk.mailer.arguments).equals([order["id"]])

    desk.mailer.parked = True
    answer = desk.order(order_of(draw), [ALICE])
    await desk.until(answer, lambda: bool(desk.mailer.waiting), "the mail is sent")
    sent = len(answer.types)
    desk.mailer.waiting[0].fail(ConnectionError("the mail server is gone"))
    await answer.finished()
    expect("what was sent when the mail had failed, after the answer", answer.types[sent:]).is_empty()


@pytest.mark.points(5)
async def test_the_ledger_holds_nobody_up(stage: Stage, draw: Draw) -> None:
    """While the ledger writes, the desk answers other requests"""
    symbol = draw.symbol()
    desk = await open_desk(stage, {"alice": account_of(draw)}, prices={symbol: "101.50"}, parked=True)
    order = desk.order(order_of(draw), [ALICE])
    await desk.until(order, lambda: bool(desk.ledger.calls), "the ledger records the order")
    quote = await desk.quote(symbol, [BOB]).response_complete()
    expect(f"the status of {quote.title} while the ledger writes", quote.status).equals(200)
