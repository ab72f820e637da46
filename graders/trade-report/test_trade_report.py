"""The trade report: what of the internal records gets out on each route, seen from outside."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final, cast

import pytest

from proctor.checks import Application, CheckFailed, Draw, Exchange, Mismatch, Stage, expect

TIMESTAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?")
QUOTED: Final = re.compile(r'(W/)?"[!#-~]*"')
PUBLIC_NAMES: Final = ("id", "symbol", "quantity", "price", "executed_at", "venue", "account")
PUBLIC_ACCOUNT_NAMES: Final = ("name", "country")
INTERNAL_NAMES: Final = ("broker_key", "pnl", "api_secret", "credit_limit", "algorithm")

SHOWN: Final = 80
"""So many bytes before and after a find are quoted."""

Trade = dict[str, Any]


# Records


@dataclass
class Record:
    """One internal record: its fields, in the form in which the props read them, and how it is kept."""

    fields: dict[str, Any]
    shape: str
    kind: str
    """What it is, in the learner's words."""
    unknown: Sequence[str] = ()
    """The names of its fields that no class of the desk has."""

    @property
    def id(self) -> Any:
        """Under what it is found."""
        return self.fields["id"]

    def described(self, key: int | None = None) -> dict[str, Any]:
        """Return it as the props are to build it, under its id or another key."""
        return {"key": self.id if key is None else key, "shape": self.shape, "fields": self.fields}

    @property
    def public(self) -> Trade:
        """The public fields."""
        account = {name: self.fields["account"][name] for name in PUBLIC_ACCOUNT_NAMES}
        return {name: self.fields[name] for name in PUBLIC_NAMES} | {"account": account}

    @property
    def secrets(self) -> dict[str, str]:
        """What must not get out, by what it is: internal values, and the names of fields that nobody knows."""
        account = self.fields["account"]
        texts = {f"the {name}": text for name, text in self.fields.items() if name not in PUBLIC_NAMES}
        texts |= {f"the account's {name}": text for name, text in account.items() if name not in PUBLIC_ACCOUNT_NAMES}
        texts |= {f"the name of the field {name}": name for name in self.unknown}
        return {what: text.partition(".")[0] for what, text in texts.items()}  # or rounding would hide a profit


def record(draw: Draw, shape: str = "model", kind: str = "Trade", *, price: str = "", **changes: Any) -> Record:
    """Draw a record. A kind is ``Trade``, ``AlgoTrade`` or ``new subclass``, and its account is of the same kind."""
    fields: dict[str, Any] = {
        "id": draw.number(100, 99_999),
        "symbol": draw.symbol(),
        "quantity": draw.number(1, 9999),
        "price": price or f"{draw.number(100, 999)}.{draw.number(1, 9)}0",
        "executed_at": moment(draw, 0).isoformat(),
        "venue": f"X{draw.symbol()}",
        "account": {"name": draw.word(), "country": draw.word(2).upper(), "api_secret": f"secret-{draw.word(16)}"},
        "broker_key": f"broker-{draw.word(16)}",
        "pnl": f"{draw.number(10_000_000, 99_999_999)}.25",
    }
    unknown: list[str] = []
    if kind == "AlgoTrade":
        fields["algorithm"] = f"algorithm-{draw.word(16)}"
        fields["account"]["credit_limit"] = f"{draw.number(10_000_000, 99_999_999)}.00"
    if kind == "new subclass":
        unknown = [draw.word(9), draw.word(10)]
        fields[unknown[0]] = f"unknown-{draw.word(16)}"
        fields["account"][unknown[1]] = f"unknown-{draw.word(16)}"
    return Record(fields | changes, shape, name_of(shape, kind), unknown)


def name_of(shape: str, kind: str) -> str:
    """Name a kind of record in the learner's words."""
    if shape == "dict":
        return "a dict" if kind == "Trade" else f"a dict with the keys of a{'n' if kind == 'AlgoTrade' else ''} {kind}"
    return {"Trade": "a Trade", "AlgoTrade": "an AlgoTrade"}.get(kind, "an object of a new subclass of Trade")


def records_of_every_kind(draw: Draw) -> list[Record]:
    """Draw one record of every kind there is, under ids that differ."""
    records = [
        record(draw, shape, kind) for shape in ("model", "dict") for kind in ("Trade", "AlgoTrade", "new subclass")
    ]
    for one, number in zip(records, draw.sample(range(100, 1000), len(records)), strict=True):
        one.fields["id"] = number
    return records


def moment(draw: Draw, hours: float, microsecond: int = 0) -> datetime:
    """Draw a moment in a zone that many hours ahead of UTC."""
    day = datetime(2030, draw.number(1, 12), draw.number(1, 28), tzinfo=timezone(timedelta(hours=hours)))
    return day + timedelta(seconds=draw.number(0, 86_399), microseconds=microsecond)


# Answers


async def report_on(stage: Stage, *descriptions: dict[str, Any]) -> Application:
    """Return the learner's report on a repository with these records."""
    return await stage.app("create_app", await stage.props("repository", *descriptions))


async def get(app: Application, path: str) -> Exchange:
    """Return the answer to a request that has to be answered with 200."""
    answer = await app.request("GET", path).answered()
    if answer.status == 500 and answer.error is not None:
        raise answer.error
    expect(f"the status of {answer.title}", answer.status).equals(200)
    return answer


def expect_type(answer: Exchange, expected: str) -> None:
    """The answer says that it is of this type."""
    media_type = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    expect(f"the Content-Type of the answer to {answer.title}", media_type).equals(expected)


def one_of(answer: Exchange) -> list[Trade]:
    """Return the trade of an answer that has one."""
    return _objects(answer, [answer.json], 1)


def list_of(answer: Exchange, count: int) -> list[Trade]:
    """Return the trades of an answer that has a list of so many."""
    values = answer.json
    if type(values) is not list:
        raise Mismatch(f"the body of the answer to {answer.title}", "a list", _begin(answer.content))
    return _objects(answer, cast("list[Any]", values), count)


def lines_of(answer: Exchange, count: int) -> list[Trade]:
    """Return the trades of an answer that has so many, each on a line of its own."""
    *lines, rest = answer.content.split(b"\n")
    expect(f"what follows the last line end in the answer to {answer.title}", not rest).is_true("nothing", _begin(rest))
    try:
        objects = [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        raise Mismatch(f"the lines of the answer to {answer.title}", "JSON on each", _begin(answer.content)) from None
    return _objects(answer, objects, count)


def _begin(content: bytes) -> str:
    """Quote the beginning of an answer."""
    return _quoted(content[: 2 * SHOWN]) + ("…" if len(content) > 2 * SHOWN else "")


def _objects(answer: Exchange, values: list[Any], count: int) -> list[Trade]:
    expect(f"how many trades the answer to {answer.title} has", len(values)).equals(count)
    if any(type(value) is not dict for value in values):
        raise Mismatch(f"the trade in the answer to {answer.title}", "an object", _begin(answer.content))
    return values


async def shown(app: Application, records: list[Record]) -> list[tuple[str, Record, Trade]]:
    """Return what every route shows of every record, as (where, record, trade).

    A route that does not answer as it should loses the check that is about it, and is passed over here: otherwise one
    missing route would lose prices, times and venues as well. The first one has to answer.
    """
    seen: list[tuple[str, Record, Trade]] = []
    for each in records:
        answer = await get(app, f"/trades/{each.id}")
        seen += [(answer.title, each, trade) for trade in one_of(answer)]
    for each in records:
        seen += await _tried(app, f"/trades/{each.id}/raw", [each])
    return seen + await _tried(app, "/trades", records) + await _tried(app, "/trades/feed", records)


async def _tried(app: Application, path: str, records: list[Record]) -> list[tuple[str, Record, Trade]]:
    try:
        answer = await get(app, path)
        match path.rpartition("/")[2]:
            case "raw":
                trades = one_of(answer)
            case "feed":
                trades = lines_of(answer, len(records))
            case _:
                trades = list_of(answer, len(records))
    except CheckFailed:
        return []
    return [(answer.title, each, trade) for each, trade in zip(records, trades, strict=True)]


# No leak


def expect_public(answer: Exchange, records: list[Record], trades: list[Trade]) -> None:
    """The trades of an answer have the public fields of the records and no others, and nothing else is in it."""
    for each, trade in zip(records, trades, strict=True):
        about = f"trade {each.id}, kept as {each.kind}, in the answer to {answer.title}"
        expect(f"the fields of {about}", fields_of(trade)).equals(fields_of(each.public))
        for name, value in each.public.items():
            if name not in {"price", "executed_at"}:  # these have checks of their own
                expect(f"{name} of {about}", trade[name]).equals(value)
    for each in records:
        expect_no_trace(answer, each.kind, each.secrets)


def fields_of(trade: Trade) -> list[str]:
    """Name the fields of a trade, and of what is in it."""
    names: list[str] = []
    for name, value in trade.items():
        names += [f"{name}.{inner}" for inner in cast("Trade", value)] if type(value) is dict else [name]
    return sorted(names)


def expect_no_trace(answer: Exchange, kind: str, texts: Mapping[str, str]) -> None:
    """No byte of an answer, headers included, tells any of these texts, which are named by what they are."""
    places = {"its body": answer.content}
    places |= {f"its header {name}": f"{name}: {value}".encode() for name, value in answer.headers}
    for what, text in texts.items():
        for place, content in places.items():
            before, found, after = content.partition(text.encode())
            expect(f"{what} of {kind}, searched for in the answer to {answer.title}", not found).is_true(
                "not a trace of it", f"in {place}: {_quoted(before[-SHOWN:] + found + after[:SHOWN])}"
            )


def _quoted(content: bytes) -> str:
    """Quote a part of an answer on one line."""
    return " ".join(content.decode("utf-8", "backslashreplace").split())


@pytest.mark.points(7)
@pytest.mark.public
async def test_one_trade_shows_its_public_fields_alone(stage: Stage, draw: Draw) -> None:
    """GET /trades/{trade_id} shows the public fields, and nothing else of any kind of record"""
    records = records_of_every_kind(draw)
    app = await report_on(stage, *(each.described() for each in records))
    for each in records:
        answer = await get(app, f"/trades/{each.id}")
        expect_type(answer, "application/json")
        expect_public(answer, [each], one_of(answer))


@pytest.mark.points(7)
@pytest.mark.public
async def test_the_list_shows_public_fields_alone(stage: Stage, draw: Draw) -> None:
    """GET /trades shows all trades in order with the public fields, and nothing else"""
    records = draw.shuffled(records_of_every_kind(draw))
    app = await report_on(stage, *(each.described() for each in records))
    answer = await get(app, "/trades")
    expect_type(answer, "application/json")
    expect_public(answer, records, list_of(answer, len(records)))


@pytest.mark.points(7)
async def test_the_raw_trade_shows_its_public_fields_alone(stage: Stage, draw: Draw) -> None:
    """GET /trades/{trade_id}/raw shows the public fields as JSON, and nothing else"""
    records = records_of_every_kind(draw)
    app = await report_on(stage, *(each.described() for each in records))
    for each in records:
        answer = await get(app, f"/trades/{each.id}/raw")
        expect_type(answer, "application/json")
        expect_public(answer, [each], one_of(answer))


@pytest.mark.points(7)
async def test_the_feed_shows_public_fields_alone(stage: Stage, draw: Draw) -> None:
    """GET /trades/feed shows all trades in order with the public fields, one on each line, and nothing else"""
    records = draw.shuffled(records_of_every_kind(draw))
    app = await report_on(stage, *(each.described() for each in records))
    answer = await get(app, "/trades/feed")
    expect_type(answer, "application/jsonl")
    expect_public(answer, records, lines_of(answer, len(records)))


@pytest.mark.points(7)
async def test_the_document_names_nothing_internal(stage: Stage, draw: Draw) -> None:
    """/openapi.json has no internal name in it, and no internal value"""
    records = records_of_every_kind(draw)
    app = await report_on(stage, *(each.described() for each in records))
    await get(app, f"/trades/{records[0].id}")
    document = await app.request("GET", "/openapi.json").answered()
    if document.status == 404:
        return
    expect(f"the status of {document.title}", document.status).equals(200)
    texts = texts_in(document.json)
    expect("the internal names in /openapi.json", [name for name in INTERNAL_NAMES if name in texts]).equals([])
    for each in records:
        expect_no_trace(document, each.kind, each.secrets)


def texts_in(value: Any) -> set[str]:
    """Return every text in a JSON value, keys included."""
    if type(value) is dict:
        names = cast("dict[str, Any]", value)
        return set(names).union(*map(texts_in, names.values()))
    if type(value) is list:
        return set[str]().union(*map(texts_in, cast("list[Any]", value)))
    return {value} if type(value) is str else set()


# Values


@pytest.mark.points(20)
async def test_prices_keep_their_digits(stage: Stage, draw: Draw) -> None:
    """A price is a text with all the digits of the record, on every route"""
    prices = [
        f"{draw.number(10, 999)}.{draw.number(1, 9)}0",
        f"{draw.number(10, 999)}.00{draw.number(1, 9)}0",
        f"{draw.number(10**17, 10**18)}.{draw.number(10, 99)}",
        str(draw.number(2, 99) * 10),
    ]
    records = [record(draw, shape, price=price) for price in prices for shape in ("model", "dict")]
    for number, each in enumerate(records, draw.number(100, 999)):
        each.fields["id"] = number
    app = await report_on(stage, *(each.described() for each in records))
    for where, each, trade in await shown(app, records):
        expect(f"the price of {each.kind} in the answer to {where}", trade.get("price")).equals(each.fields["price"])


@pytest.mark.points(15)
async def test_times_are_in_utc(stage: Stage, draw: Draw) -> None:
    """A time is the moment of the record, to the microsecond, in UTC and with a Z, on every route"""
    moments = [moment(draw, hours, draw.number(1, 999_999)) for hours in (0, 2, -5, 5.5)]
    moments.append(moment(draw, draw.number(1, 9)))
    records = [record(draw, shape, executed_at=each.isoformat()) for each in moments for shape in ("model", "dict")]
    for number, each in enumerate(records, draw.number(100, 999)):
        each.fields["id"] = number
    app = await report_on(stage, *(each.described() for each in records))
    for where, each, trade in await shown(app, records):
        kept = datetime.fromisoformat(each.fields["executed_at"])
        problem = problem_with(trade.get("executed_at"), kept)
        expect(f"executed_at of {each.kind} that has {kept}, in the answer to {where}", not problem).is_true(
            f"{kept.astimezone(UTC).replace(tzinfo=None).isoformat()}Z", problem
        )


def problem_with(seen: object, expected: datetime) -> str:
    """Say what is wrong with a timestamp; an empty text when nothing is."""
    if type(seen) is not str:
        return f"{repr(seen)[:SHOWN]}, which is no text"
    match = TIMESTAMP.fullmatch(seen)
    if match is None:
        return f"{seen[:SHOWN]}, which is no ISO 8601 timestamp"
    if match[2] is None:
        return f"{seen}, which names no zone"
    if match[2] != "Z":
        return f"{seen}, which does not end in Z"
    try:
        told = datetime.fromisoformat(seen)
    except ValueError:
        return f"{seen}, which is no moment"
    if told == expected.replace(microsecond=0) != expected:
        return f"{seen}, which has lost microseconds"
    return "" if told == expected else f"{seen}, which is another moment"


@pytest.mark.points(15)
async def test_an_unknown_venue_is_left_out(stage: Stage, draw: Draw) -> None:
    """An unknown venue is left out, and nothing else is, on every route"""
    records = [
        record(draw, shape, id=number, venue=venue, quantity=0)
        for number, (shape, venue) in enumerate(
            [("model", None), ("dict", None), ("model", draw.symbol()), ("dict", draw.symbol())], draw.number(100, 999)
        )
    ]
    app = await report_on(stage, *(each.described() for each in records))
    for where, each, trade in await shown(app, records):
        venue = each.fields["venue"]
        about = f"of {each.kind} whose venue is {venue!r} and whose quantity is 0, in the answer to {where}"
        if venue is None:
            expect(f"the venue {about}", "venue" not in trade).is_true(
                "it is left out", repr(trade.get("venue"))[:SHOWN]
            )
        else:
            expect(f"the venue {about}", trade.get("venue")).equals(venue)
        expect(f"the quantity {about}", trade.get("quantity", "it is left out")).equals(0)


# The tag, and what cannot be shown


@pytest.mark.points(8)
async def test_the_tag_stands_for_the_body(stage: Stage, draw: Draw) -> None:
    """The raw trade has an ETag that changes with its body, and with nothing else"""
    first = record(draw)
    same = Record(first.fields | {"broker_key": draw.word(), "pnl": "-1.00"}, first.shape, first.kind)
    other = Record(first.fields | {"quantity": first.fields["quantity"] + 1}, first.shape, first.kind)
    tags: list[str] = []
    for one in (first, first, same, other):
        app = await report_on(stage, one.described())
        answer = await get(app, f"/trades/{one.id}/raw")
        tag = expect(f"the ETag of the answer to {answer.title}", answer.header("etag")).is_a_text()
        expect(f"the ETag of the answer to {answer.title}", QUOTED.fullmatch(tag) is not None).is_true(
            "a text in double quotes", tag[:SHOWN]
        )
        tags.append(tag)
    expect("the ETag of one trade, asked for again", tags[1]).equals(tags[0])
    expect("the ETag when only internal fields have changed (broker_key and pnl)", tags[2]).equals(tags[0])
    expect("the ETag when the quantity has changed", tags[3]).differs_from(tags[0])


@pytest.mark.points(7)
async def test_what_cannot_be_shown_tells_nothing(stage: Stage, draw: Draw) -> None:
    """An unknown trade is answered with 404, a broken record with 500 and without anything of that record"""
    good = record(draw, id=1)
    missing = 2 + draw.number(1, 1000)
    app = await report_on(stage, good.described())
    for path in ("/trades/1", f"/trades/{missing}", f"/trades/{missing}/raw"):
        answer = await app.request("GET", path).answered()
        expect(f"the status of {answer.title}", answer.status).equals(200 if path == "/trades/1" else 404)
    for broken, problem in broken_records(draw):
        app = await report_on(stage, good.described(), broken.described(key=2))
        texts = broken.secrets | {f"the {name}": str(broken.fields[name]) for name in ("symbol", "venue")}
        texts["the account's name"] = broken.fields["account"]["name"]
        if type(broken.id) is str:
            texts["the id"] = broken.id
        for path in ("/trades/2", "/trades/2/raw", "/trades"):
            answer = await app.request("GET", path).answered()
            about = f"the status of {answer.title} where a record is broken ({broken.kind}, {problem})"
            expect(about, answer.status).equals(500)
            expect_no_trace(answer, "a broken record", texts)
        feed = await app.request("GET", "/trades/feed").finished()
        expect_no_trace(feed, "a broken record", texts)


def broken_records(draw: Draw) -> list[tuple[Record, str]]:
    """Draw records that are broken, with what is wrong with them."""
    texts = [record(draw, shape, id=f"x{draw.word()}", symbol=draw.word().upper()) for shape in ("dict", "unchecked")]
    incomplete = record(draw, "dict", "AlgoTrade", id=2, symbol=draw.word().upper())
    del incomplete.fields["price"]
    return [*((each, "id is a text") for each in texts), (incomplete, "price is missing")]
