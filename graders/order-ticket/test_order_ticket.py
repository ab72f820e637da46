"""The order ticket: which ones are accepted, and where the errors of the others are."""

import json
import re
from datetime import datetime
from typing import Any, cast

import pytest

from proctor.checks import Application, Draw, Exchange, Stage, SubmissionError, expect

Ticket = dict[str, Any]

JSON = ("Content-Type", "application/json")

LONGEST = 400
"""Bytes of an answer that a message shows."""


# Tickets


def market_order(draw: Draw) -> Ticket:
    """Draw a market order that has all that it can have, but no time."""
    return {
        "symbol": draw.symbol(),
        "side": draw.one_of(["buy", "sell"]),
        "qty": draw.number(2, 999_999),
        "kind": "market",
        "limit_price": None,
        "note": draw.word(),
        "post_only": draw.one_of([True, False]),
        "expires_at": None,
    }


def limit_order(draw: Draw) -> Ticket:
    """Draw a limit order with a price."""
    return {**market_order(draw), "kind": "limit", "limit_price": price(draw)}


def price(draw: Draw) -> str:
    """Draw a price of which a float would lose the last digit."""
    return f"{draw.number(1, 999)}.{draw.number(1, 9)}0"


def time(draw: Draw, offset: str) -> str:
    """Draw a time with an offset, which may be empty."""
    day = f"{draw.number(2031, 2039)}-{draw.number(1, 12):02}-{draw.number(1, 28):02}"
    return f"{day}T{draw.number(0, 23):02}:{draw.number(0, 59):02}:{draw.number(0, 59):02}{offset}"


def without(ticket: Ticket, *fields: str) -> Ticket:
    """Return the ticket without these fields."""
    return {field: value for field, value in ticket.items() if field not in fields}


# What comes back


async def answer_to(app: Application, what: str, ticket: Ticket, status: int) -> Exchange:
    """Return the answer to a ticket, which has this status."""
    answer = await app.request("POST", "/orders", json=ticket).answered()
    expect_status(what, answer, status)
    return answer


def expect_status(what: str, answer: Exchange, status: int) -> None:
    """The answer has this status; if it has another one, show what it says or what has been raised."""
    more = f" {content(answer)}" if answer.error is None else f": {brief(answer.error)}"
    expect(f"the status of {what}", answer.status == status).is_true(str(status), f"{answer.status}{more}")


def expect_json(what: str, answer: Exchange) -> None:
    """The answer says that it is JSON."""
    kind = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    expect(f"the Content-Type of the answer to {what}", kind).equals("application/json")


def brief(error: SubmissionError) -> SubmissionError:
    """Return an error without the further lines of its message, of which Pydantic has many."""
    line = error.message.partition("\n")[0]
    return SubmissionError(error.kind, re.sub(r": -?(nan|inf)$", "", line), error.frames)  # Python 3.11 names no number


def content(answer: Exchange) -> str:
    """Return the beginning of the body of an answer, for a message."""
    return answer.content[:LONGEST].decode("utf-8", "backslashreplace")


def members(value: object) -> Ticket:
    """Return what a JSON object holds; nothing, where the value is none."""
    return cast("Ticket", value) if type(value) is dict else {}


async def expect_ticket(app: Application, what: str, ticket: Ticket, expected: Ticket | None = None) -> None:
    """The ticket is accepted, and comes back; a time may be spelled in another way."""
    answer = await answer_to(app, what, ticket, 201)
    expect_json(what, answer)
    told = members(answer.json).get("limit_price")
    expect(f"`limit_price` in the answer to {what}", type(told) not in {int, float}).is_true(
        "a text, or null", f"the number {told}"
    )
    wanted = expected or ticket
    if wanted["expires_at"] is None:
        expect(f"the answer to {what}", answer.json).equals(wanted)
        return
    instant = members(answer.json).get("expires_at")
    if _is_instant(instant, wanted["expires_at"]):
        wanted = {**wanted, "expires_at": instant}
    expect(f"the answer to {what}", answer.json).equals(wanted)


def _is_instant(text: object, wanted: str) -> bool:
    """Tell whether a text is a time with an offset, and the same instant."""
    try:
        found = datetime.fromisoformat(text) if type(text) is str else None
    except ValueError:
        return False
    return found is not None and found.tzinfo is not None and found == datetime.fromisoformat(wanted)


async def expect_taken(app: Application, what: str, ticket: Ticket) -> None:
    """The ticket is accepted, whatever comes back beside its symbol."""
    answer = await answer_to(app, what, ticket, 201)
    expect(f"`symbol` in the answer to {what}", members(answer.json).get("symbol")).equals(ticket["symbol"])


async def open_desk(stage: Stage, draw: Draw) -> tuple[Application, Ticket]:
    """Return the learner's application and a market order, which it accepts: a desk that refuses all is not safe."""
    app, ticket = await stage.app("create_app"), market_order(draw)
    await expect_taken(app, "a right market order", ticket)
    return app, ticket


async def expect_refused(app: Application, what: str, ticket: Ticket) -> None:
    """The ticket is refused."""
    await answer_to(app, what, ticket, 422)


def places(what: str, answer: Exchange) -> list[str]:
    """Return where the errors of a refusal are: what each `loc` ends with, sorted, each place once."""
    detail = members(answer.json).get("detail")
    problems = cast("list[object]", detail) if type(detail) is list else []
    found = [members(problem).get("loc") for problem in problems]
    locs = [cast("list[object]", loc) for loc in found if type(loc) is list and loc and loc[0] == "body"]
    texts = [text for text in (members(problem).get("msg") for problem in problems) if type(text) is str and text]
    has_all = bool(problems) and len(locs) == len(texts) == len(problems)
    expect(f"the answer to {what}", has_all).is_true(
        'a list "detail" of errors, each with a text "msg" and a list "loc" that begins with "body"', content(answer)
    )
    return sorted({str(loc[-1]) for loc in locs})


# Part A: fields


@pytest.mark.points(8)
@pytest.mark.public
async def test_market_orders_are_accepted(stage: Stage, draw: Draw) -> None:
    """A market order is answered with 201 and comes back as it was sent, also at the limits of its fields"""
    app, ticket = await stage.app("create_app"), market_order(draw)
    await expect_ticket(app, "a market order", ticket)
    await expect_ticket(app, "a sale with post_only", {**ticket, "side": "sell", "post_only": True})
    await expect_ticket(app, "a purchase with an empty note", {**ticket, "side": "buy", "note": ""})
    for symbol in (draw.symbol()[:1], f"A{draw.symbol()}Z"):
        await expect_ticket(app, f"a ticket with the symbol {symbol}", {**ticket, "symbol": symbol})
    for quantity in (1, 1_000_000):
        await expect_ticket(app, f"a ticket with a qty of {quantity}", {**ticket, "qty": quantity})


@pytest.mark.points(5)
@pytest.mark.public
async def test_fields_may_be_left_out(stage: Stage, draw: Draw) -> None:
    """What may be left out, or be null, comes back as null, and post_only as false"""
    app, ticket = await stage.app("create_app"), {**market_order(draw), "post_only": False}
    for field in ("note", "post_only", "expires_at", "limit_price"):
        expected = {**ticket, field: False if field == "post_only" else None}
        await expect_ticket(app, f"a market order without {field}", without(ticket, field), expected)
    await expect_ticket(app, "a market order whose note is null", {**ticket, "note": None})


@pytest.mark.points(6)
async def test_wrong_fields_are_refused(stage: Stage, draw: Draw) -> None:
    """A symbol, side, qty, kind or note that is not as described is refused, and so is one that is missing"""
    app, ticket = await open_desk(stage, draw)
    symbol = draw.symbol()
    wrong: list[tuple[str, Ticket]] = [
        ("an empty symbol", {"symbol": ""}),
        ("a symbol of seven letters", {"symbol": f"ABC{symbol}"}),
        ("a symbol in small letters", {"symbol": symbol.lower()}),
        ("a symbol that begins with a small letter", {"symbol": f"a{symbol}"}),
        ("a symbol with a digit in it", {"symbol": f"{symbol[:2]}{draw.number(0, 9)}"}),
        ("a symbol with a letter that is not of A to Z", {"symbol": f"{symbol[:3]}Ä"}),
        ("a symbol with a blank around it", {"symbol": draw.one_of([f" {symbol}", f"{symbol} "])}),
        ("a symbol that ends with a new line", {"symbol": f"{symbol}\n"}),
        ("a number as symbol", {"symbol": draw.number(1, 999)}),
        ("a side that is neither buy nor sell", {"side": draw.word()}),
        ("a side in capital letters", {"side": "BUY"}),
        ("a qty of 0", {"qty": 0}),
        ("a qty below 0", {"qty": -draw.number(1, 999)}),
        ("a qty of 1000001", {"qty": 1_000_001}),
        ("a qty with a fraction", {"qty": draw.number(1, 999) + 0.5}),
        ("a kind that is neither market nor limit", {"kind": draw.word()}),
        ("a number as note", {"note": draw.number(1, 999)}),
    ]
    for what, change in wrong:
        await expect_refused(app, f"a ticket with {what}", {**ticket, **change})
    for field in ("symbol", "side", "qty", "kind"):
        await expect_refused(app, f"a ticket without {field}", without(ticket, field))
        await expect_refused(app, f"a ticket with null for {field}", {**ticket, field: None})
    await expect_refused(app, "a ticket with null for post_only", {**ticket, "post_only": None})


@pytest.mark.points(6)
async def test_wrong_prices_and_times_are_refused(stage: Stage, draw: Draw) -> None:
    """A price that is zero, negative, too fine or no number is refused, and so is a time without an offset"""
    (app, _), ticket = await open_desk(stage, draw), limit_order(draw)
    wrong: list[tuple[str, Ticket]] = [
        ("a limit_price of 0", {"limit_price": "0.00"}),
        ("a limit_price below 0", {"limit_price": f"-{price(draw)}"}),
        ("a limit_price with three decimals", {"limit_price": f"{draw.number(1, 999)}.12{draw.number(1, 9)}"}),
        ("a limit_price that is a word", {"limit_price": draw.word()}),
        ("an empty limit_price", {"limit_price": ""}),
        ("the text NaN as limit_price", {"limit_price": "NaN"}),
        ("the text Infinity as limit_price", {"limit_price": "Infinity"}),
        ("an expires_at without an offset", {"expires_at": time(draw, "")}),
        ("a day as expires_at", {"expires_at": time(draw, "")[:10]}),
        ("an expires_at that is a word", {"expires_at": draw.word()}),
    ]
    for what, change in wrong:
        await expect_refused(app, f"a limit order with {what}", {**ticket, **change})


# Part A: the ticket as a whole


@pytest.mark.points(10)
async def test_limit_orders_need_a_price(stage: Stage, draw: Draw) -> None:
    """A limit order is accepted with a price, and refused without one"""
    app, ticket = await stage.app("create_app"), limit_order(draw)
    await expect_taken(app, "a limit order with a price", ticket)
    await expect_refused(app, "a limit order without the field limit_price", without(ticket, "limit_price"))
    await expect_refused(app, "a limit order whose limit_price is null", {**ticket, "limit_price": None})


@pytest.mark.points(5)
async def test_market_orders_have_no_price(stage: Stage, draw: Draw) -> None:
    """A market order is accepted without a price, and refused with one"""
    app, ticket = await open_desk(stage, draw)
    await expect_refused(app, "a market order with a price", {**ticket, "limit_price": price(draw)})


@pytest.mark.points(10)
async def test_unknown_fields_are_refused(stage: Stage, draw: Draw) -> None:
    """A ticket is accepted as it is, and refused with one more field"""
    app, ticket = await open_desk(stage, draw)
    for field in ("qtty", draw.word()):
        await expect_refused(app, f"a ticket with the unknown field {field}", {**ticket, field: 5})


@pytest.mark.points(10)
async def test_errors_name_the_fields(stage: Stage, draw: Draw) -> None:
    """A refusal names every wrong field in a loc, and no others"""
    app, market, limit = await stage.app("create_app"), market_order(draw), limit_order(draw)
    wrong = {"symbol": "", "side": draw.word(), "qty": 0, "note": draw.number(1, 999)}
    chosen = draw.sample(list(wrong), 3)
    missing = draw.one_of(["symbol", "side", "qty"])
    tickets: list[tuple[str, Ticket, list[str]]] = [
        (f"a ticket without {missing}", without(market, missing), [missing]),
        ("a market order with three wrong fields", {**market, **{name: wrong[name] for name in chosen}}, chosen),
        (
            "a limit order with three wrong fields",
            {**limit, "qty": draw.number(1, 999) + 0.5, "limit_price": "0.00", "expires_at": draw.word()},
            ["qty", "expires_at", "limit_price"],
        ),
    ]
    for what, ticket, fields in tickets:
        answer = await answer_to(app, what, ticket, 422)
        expect(f"what the locs of {what} end with", places(what, answer)).equals(sorted(fields))
    what, unknown = "a ticket with an unknown field", draw.word()
    answer = await app.request("POST", "/orders", json={**market, unknown: 5}).answered()
    if answer.status == 422:  # whether it is refused at all is for another check
        expect(f"what the loc of {what} ends with", places(what, answer)).equals([unknown])
    what = "a limit order whose limit_price is null"
    answer = await answer_to(app, what, {**limit, "limit_price": None}, 422)
    expect(f"what the loc of {what} ends with", places(what, answer)).is_one_of(["limit_price"], ["body"])


# Part B: strictness


@pytest.mark.points(6)
async def test_quantities_are_not_converted(stage: Stage, draw: Draw) -> None:
    """A qty that is a text, a number with a decimal point or a boolean is refused"""
    app, ticket = await open_desk(stage, draw)
    quantity = draw.number(2, 999)
    for what, value in (("text", str(quantity)), ("number", float(quantity)), ("boolean", True)):
        await expect_refused(app, f"a ticket with the {what} {json.dumps(value)} as qty", {**ticket, "qty": value})


@pytest.mark.points(3)
async def test_booleans_are_not_converted(stage: Stage, draw: Draw) -> None:
    """A post_only that is a text or a number is refused"""
    app, ticket = await open_desk(stage, draw)
    for value in (draw.one_of(["yes", "on"]), "false", 1, 0, 1.0):
        await expect_refused(app, f"a ticket with {json.dumps(value)} as post_only", {**ticket, "post_only": value})


@pytest.mark.points(3)
async def test_numbers_are_no_prices_and_no_times(stage: Stage, draw: Draw) -> None:
    """A limit_price or an expires_at that is a JSON number is refused"""
    (app, _), ticket = await open_desk(stage, draw), limit_order(draw)
    for value in (draw.number(1, 999), 0.1, draw.number(1, 999) + 0.5):
        await expect_refused(
            app, f"a limit order with the number {value} as limit_price", {**ticket, "limit_price": value}
        )
    moment = draw.number(1_930_000_000, 1_990_000_000)
    for value in (moment, moment + 0.5):
        await expect_refused(
            app, f"a limit order with the number {value} as expires_at", {**ticket, "expires_at": value}
        )


@pytest.mark.points(4)
async def test_nan_and_infinity_are_refused(stage: Stage, draw: Draw) -> None:
    """NaN, Infinity and numbers that are too large are answered with 422, wherever they stand"""
    (app, _), ticket = await open_desk(stage, draw), limit_order(draw)
    for field, text in (
        ("limit_price", "NaN"),
        ("limit_price", "-Infinity"),
        ("expires_at", "Infinity"),
        ("qty", "NaN"),
        ("qty", "1e999"),
        ("note", "NaN"),
    ):
        body = json.dumps(without(ticket, field))[:-1] + f', "{field}": {text}}}'
        what = f"a ticket with {text} as {field}"
        answer = await app.request("POST", "/orders", [JSON], body=body.encode()).answered()
        expect_status(what, answer, 422)


@pytest.mark.points(4)
async def test_other_bodies_are_refused(stage: Stage, draw: Draw) -> None:
    """A ticket is accepted as JSON, and refused with another type, with none, or as no JSON object"""
    app, ticket = await stage.app("create_app"), market_order(draw)
    body = json.dumps(ticket)
    charset = ("Content-Type", "application/json; charset=utf-8")
    for name, header in (("application/json", JSON), (charset[1], charset)):
        what = f"a ticket sent as {name}"
        answer = await app.request("POST", "/orders", [header], body=body.encode()).answered()
        expect_status(what, answer, 201)
        expect(f"`symbol` in the answer to {what}", members(answer.json).get("symbol")).equals(ticket["symbol"])
    bodies: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("a ticket sent without a Content-Type", body, []),
        ("a ticket sent as text/plain", body, [("Content-Type", "text/plain")]),
        ("a ticket that ends in the middle", body[: draw.number(1, len(body) - 1)], [JSON]),
        ("a ticket in a list", f"[{body}]", [JSON]),
        ("a JSON text", json.dumps(draw.word()), [JSON]),
        ("an empty body", "", [JSON]),
    ]
    for what, text, headers in bodies:
        answer = await app.request("POST", "/orders", headers, body=text.encode()).answered()
        expect_status(what, answer, 422)


# Part B: what has to be sent as a text


@pytest.mark.points(5)
async def test_prices_keep_their_digits(stage: Stage, draw: Draw) -> None:
    """A price that is sent as a text is accepted, and comes back as a text with the same digits"""
    app, ticket = await stage.app("create_app"), limit_order(draw)
    large = f"{2**53 + draw.number(1, 99) * 2 - 1}.{draw.number(10, 99)}"
    for text in (
        ticket["limit_price"],
        f"{draw.number(1, 999)}.{draw.number(1, 9)}",
        str(draw.number(1, 999)),
        "0.01",
        large,
    ):
        await expect_ticket(app, f"a limit order with a limit_price of {text!r}", {**ticket, "limit_price": text})


@pytest.mark.points(5)
async def test_times_keep_their_instant(stage: Stage, draw: Draw) -> None:
    """A time that is sent as a text with an offset is accepted, and comes back as the same instant"""
    app, ticket = await stage.app("create_app"), market_order(draw)
    for offset in ("Z", "+00:00", "+05:30", "-08:00"):
        text = time(draw, offset)
        await expect_ticket(app, f"a ticket with an expires_at of {text!r}", {**ticket, "expires_at": text})


# Part B: in Python


@pytest.mark.points(5)
async def test_wrong_tickets_cannot_be_made(stage: Stage, draw: Draw) -> None:
    """In Python, a right ticket can be made, and a wrong one raises a ValidationError"""
    ticket, wanted, moment = limit_order(draw), price(draw), time(draw, "+02:00")
    fields = without(ticket, "limit_price", "expires_at")
    order_ticket = await stage.attribute("OrderTicket", keep=True)
    try:
        made = await stage.begin("make", order_ticket, fields, on="props", keep=True, price=wanted, time=moment)
    except SubmissionError as error:
        raise brief(error) from None
    for field in ("symbol", "qty", "note", "post_only"):
        expect(f"`{field}` of a ticket made in Python", await made.attribute(field)).equals(fields[field])
    digits = await (await made.attribute("limit_price", keep=True)).call("__str__")
    expect("`limit_price` of that ticket, as a text", digits).equals(wanted)
    instant = await (await made.attribute("expires_at", keep=True)).call("timestamp")
    expect("`expires_at` of that ticket, in seconds", instant).equals(datetime.fromisoformat(moment).timestamp())

    market = without(market_order(draw), "limit_price", "expires_at")
    for what, change in (
        (f'qty="{market["qty"]}"', {"qty": str(market["qty"])}),
        ("qty=True", {"qty": True}),
        ("qty=0", {"qty": 0}),
        ('kind="limit" and limit_price=189.5', {"kind": "limit", "limit_price": 189.5}),
        ('kind="limit" and no limit_price', {"kind": "limit"}),
    ):
        await expect_no_ticket(stage, what, {**market, **change})


async def expect_no_ticket(stage: Stage, what: str, fields: Ticket) -> None:
    """Making the ticket raises a ValidationError."""
    raised = ""
    try:
        await stage.begin("OrderTicket", keep=True, **fields)
    except SubmissionError as error:
        raised = error.kind
    expect(f"OrderTicket(...) with {what}", raised == "ValidationError").is_true(
        "it raises ValidationError", f"it raises {raised}" if raised else "it makes a ticket"
    )


@pytest.mark.points(5)
async def test_wrong_values_cannot_be_assigned(stage: Stage, draw: Draw) -> None:
    """In Python, assigning a wrong value raises an exception and leaves the ticket as it was"""
    fields = without(market_order(draw), "limit_price", "expires_at")
    try:
        ticket = await stage.begin("OrderTicket", keep=True, **fields)
    except SubmissionError as error:
        raise brief(error) from None
    expect("ticket.qty", await ticket.attribute("qty")).equals(fields["qty"])
    for name, value in (("qty", "banana"), ("qty", 0), ("symbol", "banana")):
        refused = False
        try:
            await ticket.set_attribute(name, value)
        except SubmissionError:
            refused = True
        expect(f"ticket.{name} = {value!r}", refused).is_true("an exception", "no exception")
        expect(f"ticket.{name} after that", await ticket.attribute(name)).equals(fields[name])
