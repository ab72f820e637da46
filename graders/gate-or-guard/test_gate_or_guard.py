"""Gate or guard: seven requirements of a desk, seen from outside."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

import pytest

from proctor.checks import Application, Draw, Exchange, Handle, Stage, expect
from shared_checks.openapi_documents import elements, members

LONGEST_BODY = 1024
ORDERS_PER_TRADER = 3

WITH_TOKEN = ("GET /me", "GET /orders", "POST /orders", "GET /orders/{order_id}")
"""The operations that are for traders."""

PREFIX = "/v1"
"""Where the application is mounted in another one."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Somebody:
    """A trader."""

    name: str
    account: str
    token: str

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What this trader sends."""
        return [("X-Trader-Token", self.token)]

    @property
    def json(self) -> Json:
        """What the desk says of this trader."""
        return {"name": self.name, "account": self.account}


@dataclass(frozen=True)
class House:
    """The learner's application, and the desk that it is for."""

    stage: Stage
    desk: Handle
    app: Application

    async def count_orders(self) -> int:
        """Count the orders on the desk."""
        orders: Handle = await self.desk.attribute("orders", keep=True)
        return await orders.length()

    async def everywhere(self) -> list[tuple[str, Application]]:
        """Return where the application is to be found: by itself, and mounted in another one."""
        outer = await self.stage.props("mounted", PREFIX, self.app.handle)
        return [("", self.app), (PREFIX, Application(self.stage, outer))]

    async def override(self, dependency: str, how: str, *arguments: object) -> None:
        """Have the props override a dependency of the learner's module."""
        key = await self.stage.attribute(dependency, keep=True)
        is_taken = await self.stage.props(how, self.app.handle, key, *arguments)
        expect(f"dependency_overrides[{dependency}] of what create_app returned", is_taken).is_true(
            "it can be set", "it cannot be set"
        )


async def house(stage: Stage, *traders: Somebody, orders: Sequence[Json] = (), now: int = 0) -> House:
    """Return a house with these traders and orders."""
    by_token = {each.token: [each.name, each.account] for each in traders}
    desk = await stage.props("make_desk", by_token, [list(each.values()) for each in orders], now)
    return House(stage, desk, await stage.app("create_app", desk))


def somebody(draw: Draw) -> Somebody:
    """Draw a trader."""
    return Somebody(f"trader-{draw.word(4)}", draw.identifier(), f"t-{draw.word()}")


def path_of(order_id: object) -> str:
    """Return the path of an order, whatever the application has given as its id."""
    return f"/orders/{quote(str(order_id), errors='replace')}"


def ticket(draw: Draw) -> Json:
    """Draw what a trader sends to place an order."""
    return {"symbol": draw.symbol(), "quantity": draw.number(1, 999)}


def orders_of(trader: Somebody, draw: Draw, count: int) -> list[Json]:
    """Draw orders of this trader."""
    return [{"id": draw.identifier(), "owner": trader.name, **ticket(draw)} for _ in range(count)]


def ticket_of(length: int, draw: Draw) -> bytes:
    """Draw what a trader sends to place an order, so many bytes long."""
    given = {**ticket(draw), "note": ""}
    return json.dumps({**given, "note": "n" * (length - len(json.dumps(given)))}).encode()


def place(app: Application, trader: Somebody, *parts: bytes, says: int | None, is_all: bool = True) -> Exchange:
    """Send an order whose body arrives in these parts; ``says`` is its Content-Length, if it has one."""
    length = ("Transfer-Encoding", "chunked") if says is None else ("Content-Length", str(says))
    headers = [*trader.headers, ("Content-Type", "application/json"), length]
    exchange = app.request("POST", "/orders", headers, hold_body=True)
    for left, part in zip(reversed(range(len(parts))), parts, strict=True):
        exchange.body(part, more=left > 0 or not is_all)
    return exchange


async def expect_status(about: str, exchange: Exchange, status: int) -> Exchange:
    """The answer has this status."""
    await exchange.answered()
    expect(f"the status of {about}", exchange.status).equals(status)
    return exchange


# 1


@pytest.mark.points(14)
@pytest.mark.public
async def test_every_answer_is_timed(stage: Stage, draw: Draw) -> None:
    """1. Every answer says by how many milliseconds the clock moved while it was made"""
    alice, bob = somebody(draw), somebody(draw)
    began, took, order = draw.number(1000, 9999), draw.number(1000, 9999), ticket(draw)
    one = await house(stage, alice, bob, orders=orders_of(alice, draw, ORDERS_PER_TRADER), now=began)
    app, desk = one.app, one.desk
    held = app.request("POST", "/orders", bob.headers, json=order, hold_body=True)
    await stage.settled()
    await desk.set_attribute("now", began + draw.number(1, took))
    await expect_timed("GET /hours, while an order waits for its body", app.request("GET", "/hours"), 0)
    await desk.set_attribute("now", began + took)
    held.body(json.dumps(order).encode())
    await expect_timed("an order whose body came later", held, took)

    too_long = ticket_of(LONGEST_BODY + 1, draw)
    others = [
        ("an order of a trader who has too many", app.request("POST", "/orders", alice.headers, json=order)),
        ("GET /me without a token", app.request("GET", "/me")),
        ("a path that does not exist", app.request("GET", f"/{draw.word()}")),
        ("a method that a path does not have", app.request("DELETE", "/hours")),
        ("a body that is too long by its Content-Length", place(app, bob, too_long, says=len(too_long))),
        ("a body that is too long without a Content-Length", place(app, bob, too_long, says=None)),
        ("GET /docs", app.request("GET", "/docs")),
        ("GET /openapi.json", app.request("GET", "/openapi.json")),
    ]
    for about, exchange in others:
        await expect_timed(about, exchange, 0)
    await desk.set_attribute("maintenance", True)
    await expect_timed("GET /hours in maintenance", app.request("GET", "/hours"), 0)


async def expect_timed(about: str, exchange: Exchange, milliseconds: int) -> None:
    """The answer says that it took so long."""
    await exchange.answered()
    seen = exchange.header("X-Process-Time")
    expect(f"X-Process-Time of the {exchange.status} for {about}", seen).equals(str(milliseconds))


# 2


@pytest.mark.points(14)
async def test_endpoints_are_given_their_trader(stage: Stage, draw: Draw) -> None:
    """2. Endpoints work for the trader of the token, or for the one of an override, and strangers get 401"""
    alice, bob, carol = somebody(draw), somebody(draw), somebody(draw)
    one = await house(stage, alice, bob)
    order = ticket(draw)
    first, rest = json.dumps(order)[:9].encode(), json.dumps(order)[9:].encode()
    held = place(one.app, alice, first, says=len(first + rest), is_all=False)
    await stage.settled()
    await expect_to_work_for(one.app, bob, bob, draw)
    held.body(rest)
    late = "an order whose body came in two parts, with requests of another trader between them"
    await expect_status(late, held, 201)
    hers = members(held.json).get("id")
    expect(f"the answer to {late}", held.json).equals({"id": hers, "owner": alice.name, **order})
    await expect_to_work_for(one.app, alice, alice, draw)
    for about, headers in (("without a token", []), ("with an unknown token", carol.headers)):
        await expect_status(f"GET /me {about}", one.app.request("GET", "/me", headers), 401)
        await expect_status(f"GET /orders {about}", one.app.request("GET", "/orders", headers), 401)
        await expect_status(f"POST /orders {about}", one.app.request("POST", "/orders", headers, json=order), 401)
        shown = one.app.request("GET", path_of(hers), headers)
        await expect_status(f"GET /orders/{{order_id}} {about}", shown, 401)
    expect("the orders on the desk after two traders have placed three", await one.count_orders()).equals(3)
    await one.override("current_trader", "override_by_trader", carol.name, carol.account)
    for sender in (None, alice):
        await expect_to_work_for(one.app, carol, sender, draw)


async def expect_to_work_for(app: Application, trader: Somebody, sender: Somebody | None, draw: Draw) -> None:
    """All endpoints work for a trader, whoever has sent the request."""
    headers = sender.headers if sender else []
    override = "" if sender is trader else " where current_trader is overridden"
    me = await expect_status(f"GET /me{override}", app.request("GET", "/me", headers), 200)
    expect(f"the trader of GET /me{override}", me.json).equals(trader.json)
    order = ticket(draw)
    placed = await expect_status(f"POST /orders{override}", app.request("POST", "/orders", headers, json=order), 201)
    order_id = members(placed.json).get("id")
    expected = {"id": order_id, "owner": trader.name, **order}
    expect(f"the order of POST /orders{override}", placed.json).equals(expected)
    mine = await expect_status(f"GET /orders{override}", app.request("GET", "/orders", headers), 200)
    expect(f"the orders of GET /orders{override}", mine.json).contains(expected)
    shown = app.request("GET", path_of(order_id), headers)
    await expect_status(f"GET /orders/{{order_id}} for one's own order{override}", shown, 200)
    expect(f"the order of GET /orders/{{order_id}}{override}", shown.json).equals(expected)


# 3


@pytest.mark.points(14)
async def test_orders_are_shown_to_their_owner_alone(stage: Stage, draw: Draw) -> None:
    """3. An order is shown to its owner, another trader gets 403, and an unknown id 404"""
    alice, bob = somebody(draw), somebody(draw)
    [hers], [his] = orders_of(alice, draw, 1), orders_of(bob, draw, 1)
    one = await house(stage, alice, bob, orders=[hers, his])
    for prefix, app in await one.everywhere():

        def get(order_id: str, trader: Somebody, app: Application = app, prefix: str = prefix) -> Exchange:
            return app.request("GET", f"{prefix}/orders/{order_id}", trader.headers)

        path = f"GET {prefix}/orders/{{order_id}}"
        for trader, order in ((alice, hers), (bob, his)):
            shown = await expect_status(f"{path} for one's own order", get(order["id"], trader), 200)
            expect(f"the order of {path}", shown.json).equals(order)
        for trader, order in ((alice, his), (bob, hers)):
            await expect_status(f"{path} for somebody else's order", get(order["id"], trader), 403)
        await expect_status(f"{path} for an id that no order has", get(draw.identifier(), alice), 404)


# 4


class Document:
    """What ``/openapi.json`` says."""

    def __init__(self, content: object) -> None:
        self._content = members(content)
        self.operations: dict[str, Json] = {}
        for path, item in members(self._content.get("paths")).items():
            shared = elements(members(item).get("parameters"))
            for method, operation in members(item).items():
                if isinstance(operation, dict):
                    described = members(cast("object", operation))
                    parameters = shared + elements(described.get("parameters"))
                    self.operations[f"{method.upper()} {path}"] = {**described, "parameters": parameters}

    def asks_for_token(self, operation: Json) -> bool:
        """Does an operation ask for X-Trader-Token, in either of two ways?"""
        schemes = members(members(self._content.get("components")).get("securitySchemes"))
        named = [
            schemes.get(name)
            for requirement in elements(operation.get("security", self._content.get("security")))
            for name in members(requirement)
        ]
        by_scheme = any(is_token(scheme) for scheme in named if members(scheme).get("type") == "apiKey")
        return by_scheme or any(map(is_token, operation["parameters"]))

    @staticmethod
    def other_inputs(operation: Json) -> list[str]:
        """Name what else an operation asks for."""
        parameters = [members(each) for each in operation["parameters"] if not is_token(each)]
        body = ["a body"] if "requestBody" in operation else []
        return body + [f"{each.get('name')} in the {each.get('in')}" for each in parameters]


def is_token(value: object) -> bool:
    """Is this X-Trader-Token, as a parameter or a security scheme?"""
    described = members(value)
    return described.get("in") == "header" and str(described.get("name")).lower() == "x-trader-token"


async def document(stage: Stage, draw: Draw) -> Document:
    """Return what the learner's application says about itself."""
    one = await house(stage, somebody(draw))
    answer = await expect_status("GET /openapi.json", one.app.request("GET", "/openapi.json"), 200)
    return Document(answer.json)


@pytest.mark.points(14)
async def test_the_token_is_documented(stage: Stage, draw: Draw) -> None:
    """4. OpenAPI says which operations ask for X-Trader-Token, and which do not"""
    described = await document(stage, draw)
    asking = [name for name, operation in described.operations.items() if described.asks_for_token(operation)]
    expect("the operations in /openapi.json that ask for X-Trader-Token", asking).has_items(WITH_TOKEN)


@pytest.mark.points(2)
async def test_nothing_else_is_documented(stage: Stage, draw: Draw) -> None:
    """4. Beside the token, the operations in OpenAPI ask for what they asked for before"""
    described = await document(stage, draw)
    me = described.operations.get("GET /me", {"parameters": []})
    expect("X-Trader-Token in what GET /me asks for in /openapi.json", described.asks_for_token(me)).is_true(
        "it is there", "it is not there"
    )
    inputs = {name: described.other_inputs(operation) for name, operation in described.operations.items()}
    expect("what the operations in /openapi.json ask for, beside the token", inputs).equals(
        {
            "GET /hours": [],
            "GET /me": [],
            "GET /orders": [],
            "POST /orders": ["a body"],
            "GET /orders/{order_id}": ["order_id in the path"],
        }
    )


# 5


@pytest.mark.points(14)
async def test_maintenance_closes_everything(stage: Stage, draw: Draw) -> None:
    """5. In maintenance every request is answered with 503, and afterwards as before"""
    alice = somebody(draw)
    one = await house(stage, alice)
    app, desk, too_long = one.app, one.desk, ticket_of(LONGEST_BODY + 1, draw)
    for _ in range(2):
        await expect_hours("before maintenance", app)
        await desk.set_attribute("maintenance", True)
        requests = [
            ("GET /hours", app.request("GET", "/hours")),
            ("an unknown path", app.request("GET", f"/{draw.word()}")),
            ("GET /docs", app.request("GET", "/docs")),
            ("GET /openapi.json", app.request("GET", "/openapi.json")),
            ("a method that a path does not have", app.request("DELETE", "/hours")),
            ("GET /me without a token", app.request("GET", "/me")),
            ("a good order", app.request("POST", "/orders", alice.headers, json=ticket(draw))),
            ("a body that is too long", place(app, alice, too_long, says=len(too_long))),
        ]
        for about, exchange in requests:
            await expect_status(f"{about} in maintenance", exchange, 503)
        expect("the orders on the desk after maintenance", await one.count_orders()).equals(0)
        await desk.set_attribute("maintenance", False)
    await expect_hours("after maintenance", app)


async def expect_hours(when: str, app: Application) -> None:
    """Everybody is told when the desk is open."""
    hours = await expect_status(f"GET /hours {when}", app.request("GET", "/hours"), 200)
    expect(f"the body of GET /hours {when}", hours.json).equals({"opens": "09:30", "closes": "16:00"})


# 6


@pytest.mark.points(7)
async def test_long_bodies_are_refused(stage: Stage, draw: Draw) -> None:
    """6. A body of more than 1024 bytes is answered with 413, whatever it holds and its Content-Length says"""
    alice = somebody(draw)
    one = await house(stage, alice)
    longest, too_long = ticket_of(LONGEST_BODY, draw), ticket_of(LONGEST_BODY + 1, draw)
    garbage = b"{" * len(too_long)
    cut = draw.number(10, LONGEST_BODY)
    whole = f"a ticket of {LONGEST_BODY + 1} bytes"
    requests = [
        (whole, place(one.app, alice, too_long, says=len(too_long))),
        (
            f"{whole} that come in two parts, without a Content-Length",
            place(one.app, alice, too_long[:cut], too_long[cut:], says=None),
        ),
        (f"{whole} with a Content-Length of {cut}", place(one.app, alice, too_long, says=cut)),
        (f"{len(garbage)} bytes that are no JSON", place(one.app, alice, garbage, says=len(garbage))),
        (f"{len(garbage)} bytes that are no JSON, without a Content-Length", place(one.app, alice, garbage, says=None)),
    ]
    for about, exchange in requests:
        await expect_status(about, exchange, 413)
    await expect_status(f"a ticket of {LONGEST_BODY} bytes", place(one.app, alice, longest, says=len(longest)), 201)
    await expect_status(
        f"a ticket of {LONGEST_BODY} bytes in two parts, without a Content-Length",
        place(one.app, alice, longest[:cut], longest[cut:], says=None),
        201,
    )
    expect("the orders on the desk, of which two were short enough", await one.count_orders()).equals(2)


@pytest.mark.points(7)
async def test_long_bodies_are_not_waited_for(stage: Stage, draw: Draw) -> None:
    """6. The 413 waits neither for a body that says it is too long, nor for the rest of one that is"""
    alice = somebody(draw)
    one = await house(stage, alice)
    part, low = ticket_of(LONGEST_BODY, draw), draw.number(10, LONGEST_BODY)
    high = draw.number(LONGEST_BODY + 1, 9999)
    orders: list[tuple[str, int | None, list[bytes]]] = [
        (f"an order with a Content-Length of {high}, before its body arrives", high, []),
        (f"an order without a Content-Length, once {LONGEST_BODY + 1} bytes of it have arrived", None, [part, b"}"]),
        (f"an order with a Content-Length of {low}, once {LONGEST_BODY + 1} bytes have arrived", low, [part, b"}"]),
    ]
    for about, says, parts in orders:
        exchange = place(one.app, alice, *parts, says=says, is_all=False)
        await stage.settled()
        expect(about, exchange.complete or exchange.ended).is_true("an answer", "no answer, it waits for more")
        await expect_status(about, exchange, 413)


# 7


@pytest.mark.points(7)
async def test_only_placing_orders_is_limited(stage: Stage, draw: Draw) -> None:
    """7. A trader with three orders places no more, and may do everything else"""
    for number in range(2):
        alice, bob = somebody(draw), somebody(draw)
        hers = orders_of(alice, draw, ORDERS_PER_TRADER)
        his = orders_of(bob, draw, ORDERS_PER_TRADER - 1)
        one = await house(stage, alice, bob, orders=[*hers, *his])
        prefix, app = (await one.everywhere())[number]
        path = f"{prefix}/orders"

        def send(method: str, target: str, trader: Somebody, app: Application = app, prefix: str = prefix) -> Exchange:
            order = ticket(draw) if method == "POST" else None
            return app.request(method, f"{prefix}{target}", trader.headers, json=order)

        who = f"of a trader who has {ORDERS_PER_TRADER} orders"
        await expect_status(f"POST {path} {who}", send("POST", "/orders", alice), 429)
        mine = await expect_status(f"GET {path} {who}", send("GET", "/orders", alice), 200)
        expect(f"the orders of GET {path} {who}", mine.json).equals(hers)
        for target in ("/me", f"/orders/{hers[0]['id']}", "/hours"):
            await expect_status(f"GET {prefix}{target} {who}", send("GET", target, alice), 200)
        who = f"of a trader who has {ORDERS_PER_TRADER - 1} orders"
        await expect_status(f"POST {path} {who}", send("POST", "/orders", bob), 201)
        await expect_status(f"the next POST {path} {who}, now one more,", send("POST", "/orders", bob), 429)
        expect("the orders that were placed meanwhile", await one.count_orders() - len(hers) - len(his)).equals(1)


@pytest.mark.points(7)
async def test_the_limit_is_overridden(stage: Stage, draw: Draw) -> None:
    """7. An override of order_limit decides about POST /orders, and about nothing else"""
    alice = somebody(draw)
    hers = orders_of(alice, draw, ORDERS_PER_TRADER)
    one = await house(stage, alice, orders=hers)
    app, status = one.app, draw.one_of([402, 418, 423])
    await one.override("order_limit", "override_by_refusal", status)
    refused = app.request("POST", "/orders", alice.headers, json=ticket(draw))
    await expect_status(f"POST /orders where order_limit is overridden by a refusal with {status}", refused, status)
    for target in ("/orders", "/me", f"/orders/{hers[0]['id']}", "/hours"):
        asked = app.request("GET", target, alice.headers)
        await expect_status(f"GET {target} where order_limit is overridden by a refusal", asked, 200)
    await one.override("order_limit", "override_by_nothing")
    lifted = app.request("POST", "/orders", alice.headers, json=ticket(draw))
    await expect_status("POST /orders where order_limit is overridden, and lets everybody pass", lifted, 201)
    expect("the orders on the desk", await one.count_orders()).equals(ORDERS_PER_TRADER + 1)
