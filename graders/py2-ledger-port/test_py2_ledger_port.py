"""The ledger of Python 2: the same cents, names and order, from Python 3.

What is expected is what ledger.py2 gives under Python 2.7, worked out here in whole numbers.
"""

from typing import Any, Final
from urllib.parse import quote

import pytest

from proctor.checks import Application, Draw, Exchange, Handle, Stage, expect

Row = tuple[int, int]
"""The quantity and the fee of a fill."""

FUNCTIONS: Final = ("parse_fill", "read_fills", "commission_cents", "rank")


# What Python 2 made of it


def halved(fee: int) -> int:
    """Return `fee / 2` of Python 2, which is what `//` has been ever since.

    PEP 238, and https://docs.python.org/2.7/library/stdtypes.html#numeric-types-int-float-long-complex.
    """
    return fee // 2


def half_cents(quantity: int) -> int:
    """Return `int(round(quantity * 0.5))` of Python 2, which takes halves away from zero.

    https://docs.python.org/2.7/library/functions.html#round.
    """
    away_from_zero = (abs(quantity) + 1) // 2
    return -away_from_zero if quantity < 0 else away_from_zero


def cents(*rows: Row) -> int:
    """Return the commission of the ledger."""
    return sum(halved(fee) + half_cents(quantity) for quantity, fee in rows)


def ranking(traders: dict[str, int | None]) -> list[str]:
    """Return the order of the ledger, in which None sorts before every number.

    No manual promises it, but CPython 2 does so (`default_3way_compare` in Objects/object.c says "None is smaller than
    anything"), and what's new in 3.0 says that this has gone.
    """
    unknown = sorted(name for name, position in traders.items() if position is None)
    known = sorted((position, name) for name, position in traders.items() if position is not None)
    return unknown + [name for _, name in known]


# What the learner's functions make of it


def odd(draw: Draw) -> int:
    """Draw an odd number that halves to something and a half, of which the whole part is even."""
    return 4 * draw.number(10, 200_000) + 1


def line(trader: str, quantity: int, fee: int) -> bytes:
    """Return a fill as it comes from the socket."""
    return f"{trader}|{quantity}|{fee}".encode()


def drawn_line(draw: Draw) -> bytes:
    """Return a fill of somebody."""
    return line(draw.word(), draw.number(1, 9999), draw.number(1, 9999))


async def make_fills(stage: Stage, rows: list[Row]) -> list[Handle]:
    """Return fills of the learner's class."""
    return [await stage.begin("Fill", trader="alice", quantity=q, fee=fee, keep=True) for q, fee in rows]


async def expect_cents(stage: Stage, *rows: Row) -> None:
    """The commission for fills with these quantities and fees is that of the ledger."""
    seen = await stage.call("commission_cents", await make_fills(stage, list(rows)))
    fills = " and ".join(f"{quantity} shares with a fee of {fee}" for quantity, fee in rows) or "no fills"
    expect(f"commission_cents() of {fills}", seen).equals(cents(*rows))


async def parsed(stage: Stage, raw: bytes) -> dict[str, Any]:
    """Return what parse_fill() makes of a line, by attribute."""
    return await stage.props("fields_of", await stage.begin("parse_fill", raw, keep=True))


async def expect_ranking(stage: Stage, about: str, traders: dict[str, int | None]) -> None:
    """The order is that of the ledger."""
    expect(f"rank() of {about}: {traders}", await stage.call("rank", traders)).equals(ranking(traders))


async def ask(app: Application, trader: str) -> Exchange:
    """Ask for a trader's commission; what the application raised instead is the better message."""
    answer = await app.request("GET", f"/commission/{quote(trader)}").answered()
    if answer.error is not None:
        raise answer.error
    return answer


def expect_commission(answer: Exchange, about: str, trader: str, *rows: Row) -> None:
    """The answer is the commission for the fills of a trader."""
    expect(f"the status of {answer.title}, for {about}", answer.status).equals(200)
    expect(f"the body of the answer to {answer.title}, for {about}", answer.json).equals(
        {"trader": trader, "commission_cents": cents(*rows)}
    )


@pytest.mark.points(20)
async def test_fees_are_halved_downwards(stage: Stage, draw: Draw) -> None:
    """commission_cents() halves whole fees as Python 2 did: downwards, below zero too, and each on its own"""
    for fee in (7, -7, 1, -1, 8, -8, 0, odd(draw), -odd(draw)):
        await expect_cents(stage, (0, fee))
    await expect_cents(stage, (0, 7), (0, odd(draw)), (0, -7))
    await expect_cents(stage, (4, odd(draw)))
    await expect_cents(stage)


@pytest.mark.points(20)
async def test_half_cents_go_away_from_zero(stage: Stage, draw: Draw) -> None:
    """commission_cents() rounds half cents as Python 2 did: away from zero, and each on its own"""
    for quantity in (5, -5, 1, -1, 3, -3, 4, -4, odd(draw), -odd(draw)):
        await expect_cents(stage, (quantity, 0))
    await expect_cents(stage, (5, 0), (odd(draw), 0), (-4, 0))


@pytest.mark.points(10)
@pytest.mark.public
async def test_names_are_text(stage: Stage, draw: Draw) -> None:
    """parse_fill() makes text of the bytes of a name, whatever its letters"""
    for name in (draw.word(), f"zoë {draw.word()}", f"山田{draw.word()}"):
        raw = line(name, draw.number(1, 9999), draw.number(1, 9999))
        fill = await parsed(stage, raw)
        expect(f"the trader of parse_fill({raw!r})", fill.get("trader")).equals(name)


@pytest.mark.points(5)
@pytest.mark.public
async def test_what_is_no_fill_is_refused(stage: Stage, draw: Draw) -> None:
    """parse_fill() raises ValueError for a line that is no fill"""
    await stage.call("parse_fill", drawn_line(draw))
    parse_fill = await stage.attribute("parse_fill", keep=True)
    name = draw.word().encode()
    for raw in (
        name + b"|ten|7",
        name + b"|5|2.5",
        name + b"||7",
        name + b"|5",
        name + b"|5|7|9",
        name + b"\xeb|5|7",
    ):
        raised = await stage.props("raised_by", parse_fill, raw)
        expect(f"what parse_fill({raw!r}) raises", bool(raised and raised["is_value_error"])).is_true(
            "ValueError, or a subclass of it", raised["name"] if raised else "nothing: it returned"
        )


@pytest.mark.points(15)
async def test_unknown_positions_come_first(stage: Stage, draw: Draw) -> None:
    """rank() puts traders without a position first, then goes by position, and by name where it is the same"""
    names = sorted((draw.word() for _ in range(9)), reverse=True)
    low, high = -draw.number(2, 9999), draw.number(2, 9999)
    known: dict[str, int | None] = dict(zip(names[2:], (high, low, -1, 0, 1, low, high), strict=True))
    unknown: dict[str, int | None] = dict.fromkeys(names[:2])
    await expect_ranking(stage, "known positions", known)
    await expect_ranking(stage, "known and unknown positions", {**known, **unknown})
    await expect_ranking(stage, "nobody", {})


@pytest.mark.points(10)
async def test_results_can_be_read_again(stage: Stage, draw: Draw) -> None:
    """What read_fills() returns can be read twice, and commission_cents() reads its fills only once"""
    lines = [drawn_line(draw) for _ in range(3)]
    expected = [await parsed(stage, raw) for raw in lines]
    fills = await stage.begin("read_fills", [lines[0], b"", *lines[1:], b""], keep=True)
    for reader in ("the first", "the second"):
        seen = await stage.props("read", fills)
        expect(f"what {reader} reader of the result of read_fills() finds", seen).equals(expected)
    made = await make_fills(stage, [(odd(draw), odd(draw)) for _ in range(3)])
    of_list = await stage.call("commission_cents", made)
    of_iterator = await stage.call("commission_cents", await stage.props("iterator_over", made))
    expect("commission_cents() of an iterator over fills, instead of a list of them", of_iterator).equals(of_list)


@pytest.mark.points(10)
async def test_hints_are_kept(stage: Stage, draw: Draw) -> None:
    """The hints of the four functions can be looked up, are complete, and come true"""
    for name in FUNCTIONS:
        facts = await stage.props("hints_of", await stage.attribute(name, keep=True))
        expect(f"what typing.get_type_hints({name}) raises", facts["raised"]).equals(None)
        expect(f"what has no hint in {name}()", facts["missing"]).is_empty()
    quantity, fee = draw.number(1, 9999), -draw.number(1, 9999)
    raw = line(draw.word(), quantity, fee)
    fill = await parsed(stage, raw)
    expect(f"the quantity of parse_fill({raw!r})", fill.get("quantity")).equals(quantity)
    expect(f"the fee of parse_fill({raw!r})", fill.get("fee")).equals(fee)
    for name, argument in (("read_fills", [raw]), ("rank", {"alice": fee})):
        made = await stage.begin(name, argument, keep=True)
        expect(f"what {name}() returns", await stage.props("is_list", made)).is_true("a list", repr(made))


@pytest.mark.points(10)
async def test_the_desk_answers(stage: Stage, draw: Draw) -> None:
    """GET /commission/{trader} answers with the ledger's cents, as often as it is asked, and with 404 for others"""
    busy, accented, even, stranger = draw.word(), f"zoë-{draw.word()}", draw.word(), draw.word()
    own = [(4, odd(draw)), (-4, -odd(draw))]
    once = (2 * draw.number(1, 999), odd(draw))
    lines = [line(busy, *own[0]), line(accented, *once), line(busy, *own[1]), b"", line(even, 0, 0)]
    app = await stage.app("create_app", lines)
    for about in ("the first reader", "the second reader"):
        expect_commission(await ask(app, busy), about, busy, *own)
    expect_commission(await ask(app, accented), "a name that is not ASCII", accented, once)
    expect_commission(await ask(app, even), "a trader whose commission is 0", even, (0, 0))
    unknown = await ask(app, stranger)
    expect(f"the status of {unknown.title}, for a trader without a fill", unknown.status).equals(404)
