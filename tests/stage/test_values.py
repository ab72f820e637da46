"""Plain data crosses the channel by value, exactly; everything else stays where it is, however it looks."""

import math
from typing import Any

import pytest

from proctor.checks import Handle, RaisedError, SubmissionError, same
from proctor.stage import wire

from .conftest import Perform

EMPTY: list[Any] = [0, "", 0.0, b"", [], (), {}]

ECHO = """
    def echo(value):
        return value

    def spell(value):
        return repr(value)
"""

PLAIN: list[Any] = [
    None,
    True,
    0,
    -(2**200),
    1.5,
    -0.0,
    5e-324,
    math.inf,
    -math.inf,
    "",
    "text\n\x00\x1b[31m",
    "\ud800",
    "🙂\u2028",
    b"",
    b"\x00\xff",
    [],
    [1, [2, (3, [4])]],
    (),
    (1, (2,)),
    {},
    {"a": {"b": ()}},
    {7: "seven", None: 2, True: 3, (1, 2): 4, b"k": 5, 1.5: 6},
    {"$": "handle", "id": 1},
    {"$": {"$": []}},
    "x" * 3_000_000,
]


@pytest.mark.parametrize("value", PLAIN, ids=lambda value: repr(value)[:30])
async def test_plain_data_arrives_as_it_was_sent(value: Any, perform: Perform) -> None:
    stage = await perform(ECHO)
    assert await stage.call("spell", value) == repr(value)
    assert same(await stage.call("echo", value), value)


async def test_what_is_no_number_arrives_as_that(perform: Perform) -> None:
    stage = await perform(ECHO)
    assert math.isnan(await stage.call("echo", math.nan))
    assert math.copysign(1, await stage.call("echo", -0.0)) == -1


async def test_a_bytearray_arrives_as_bytes(perform: Perform) -> None:
    stage = await perform("def make():\n    return bytearray(b'ab')\n")
    assert same(await stage.call("make"), b"ab")


async def test_everything_else_stays_where_it_is(perform: Perform) -> None:
    stage = await perform("""
        import datetime, decimal

        def make():
            return [{1}, frozenset(), range(3), object, decimal.Decimal("1.0"), datetime.date(2026, 1, 1)]
    """)
    made = await stage.call("make")
    assert [value.kind for value in made if isinstance(value, Handle)] == [
        "set",
        "frozenset",
        "range",
        "type",
        "Decimal",
        "date",
    ]


async def test_of_a_subclass_travels_what_it_holds(perform: Perform) -> None:
    stage = await perform("""
        from collections import Counter, namedtuple
        from enum import StrEnum
        from http import HTTPStatus

        class Side(StrEnum):
            BUY = "buy"

        def make():
            return [HTTPStatus.OK, Side.BUY, namedtuple("Line", "path status")("/", 200), Counter("aab")]
    """)
    assert same(await stage.call("make"), [200, "buy", ("/", 200), {"a": 2, "b": 1}])


async def test_what_an_object_calls_its_class_is_not_believed(perform: Perform) -> None:
    stage = await perform("""
        class Pretender:
            __class__ = int

        def make():
            return Pretender()
    """)
    assert isinstance(await stage.call("make"), Handle)


async def test_a_value_that_claims_to_equal_everything_never_meets_a_comparison(perform: Perform) -> None:
    stage = await perform("""
        def hostile(kind):
            class Everything(kind):
                def __eq__(self, other):
                    return True
                def __hash__(self):
                    return 1
                __int__ = __index__ = lambda self: 200
                __str__ = __repr__ = lambda self: "anything"
                __getitem__ = lambda self, key: "anything"
            return Everything()

        def make():
            return [hostile(kind) for kind in (int, str, float, bytes, list, tuple, dict)]

        def as_key():
            return {hostile(str): 1}
    """)
    assert same(await stage.call("make"), list(EMPTY))
    assert same(await stage.call("as_key"), {"": 1})


async def test_a_handle_is_the_object_again_when_it_comes_back(perform: Perform) -> None:
    stage = await perform("""
        thing = object()

        def give():
            return {"things": [thing, (thing,)]}

        def is_it(nested):
            return nested["x"][0] is thing
    """)
    one, (other,) = (await stage.call("give"))["things"]
    assert await stage.call("is_it", {"x": (one,)})
    assert await one.is_same_as(other)


async def test_an_exception_object_travels_as_its_description(perform: Perform) -> None:
    stage = await perform("""
        def make():
            return [ValueError("odd"), SystemExit()]
    """)
    made = await stage.call("make")
    assert all(isinstance(value, RaisedError) for value in made)
    assert [(value.kind, value.message) for value in made] == [("ValueError", "odd"), ("SystemExit", "")]


@pytest.mark.parametrize(
    "source",
    [
        "    value = []\n    for _ in range(5000):\n        value = [value]\n    return value\n",
        "    value = {}\n    value['me'] = value\n    return value\n",
        "    return 10 ** 5000\n",
        "    return 'x' * 5_000_000\n",
    ],
    ids=["deep", "recursive", "long number", "long text"],
)
async def test_a_value_that_the_channel_does_not_carry_is_an_error_of_the_submission(
    source: str, perform: Perform
) -> None:
    stage = await perform(f"def make():\n{source}")
    with pytest.raises(SubmissionError):
        await stage.call("make")
    await stage.ping()


async def test_an_exception_with_a_broken_text_is_still_described(perform: Perform) -> None:
    stage = await perform("""
        class Broken(Exception):
            def __str__(self):
                raise ValueError

        class Long(Exception):
            pass

        def broken():
            raise Broken

        def long():
            raise Long("x" * 100_000)

        def several():
            raise ExceptionGroup("two", [ValueError("one"), ExceptionGroup("more", [OSError()])])
    """)
    with pytest.raises(SubmissionError, match=r"Broken: \(its __str__ failed\)"):
        await stage.call("broken")
    with pytest.raises(SubmissionError, match="Long: xxx") as caught:
        await stage.call("long")
    assert len(str(caught.value)) < 5000
    with pytest.raises(SubmissionError, match="ExceptionGroup: two"):
        await stage.call("several")


async def test_what_a_check_cannot_send_is_an_error_of_the_check(perform: Perform) -> None:
    stage = await perform(ECHO)
    with pytest.raises(TypeError, match="cannot send a set"):
        stage.begin("echo", {1})


# The codec, without a stage


@pytest.mark.parametrize("value", PLAIN, ids=lambda value: repr(value)[:30])
def test_packing_and_unpacking_are_inverse(value: Any) -> None:
    lines = wire.Lines()
    (message,) = lines.feed(wire.line({"v": wire.pack(value)}))
    assert same(wire.unpack(message["v"]), value)


def test_messages_may_arrive_in_pieces_of_any_size() -> None:
    data = wire.line({"n": 1}) + wire.line({"n": "\n"})
    for size in range(1, len(data) + 1):
        lines, pieces = wire.Lines(), [data[start : start + size] for start in range(0, len(data), size)]
        assert [message["n"] for piece in pieces for message in lines.feed(piece)] == [1, "\n"]


@pytest.mark.parametrize(
    "data",
    [b"no json\n", b"[1]\n", b'"text"\n', b'{"n": NaN}\n', b'{"n": Infinity}\n', b"\xff\xfe\n", b"{" * 100_000 + b"\n"],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        list(wire.Lines().feed(data))


def test_a_line_without_end_is_refused() -> None:
    lines = wire.Lines()
    list(lines.feed(b"x" * wire.LINE_LIMIT))
    with pytest.raises(ValueError, match="longer than"):
        list(lines.feed(b"x"))


def test_too_long_a_message_is_refused_before_it_is_sent() -> None:
    with pytest.raises(ValueError, match="longer than the channel carries"):
        wire.line({"v": "x" * wire.LINE_LIMIT})
