"""Expected and seen are compared by value and type, and said in one voice."""

from typing import Any

import pytest

from proctor.checks import expect, same
from proctor.errors import Mismatch


class Anything(int):
    """Claims to be equal to everything, as a hostile answer would."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (1, 1, True),
        (1, True, False),
        (1, 1.0, False),
        ("a", b"a", False),
        ([1, (2, 3)], (1, [2, 3]), True),
        ([1, 2], [1, 2, 3], False),
        ({"a": [1]}, {"a": (1,)}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": 1}, {"b": 1}, False),
        ({}, [], False),
        (None, None, True),
        (Anything(7), 200, False),
        (200, Anything(7), False),
    ],
)
def test_sameness_is_by_value_and_type(one: object, other: object, verdict: bool) -> None:
    assert same(one, other) is verdict


@pytest.mark.parametrize(
    ("method", "arguments", "right", "wrong", "expected"),
    [
        ("equals", (4,), 4, 5, "4"),
        ("differs_from", (4,), 5, 4, "anything but 4"),
        ("is_one_of", (4, 5, 6), 5, 7, "4, 5 or 6"),
        ("contains", ("b",), "abc", "xyz", "'b' in it"),
        ("contains", (2,), [1, 2], [1, True], "2 in it"),
        ("contains", ("k",), {"k": 1}, {}, "'k' in it"),
        ("lacks", ("b",), "xyz", "abc", "no 'b' in it"),
        ("lacks", ("b",), [], None, "no 'b' in it"),
        ("has_items", ([1, 2, 2],), (2, 1, 2), [1, 2], "[1, 2, 2], in any order"),
        ("is_empty", (), [], [1], "nothing"),
        ("is_empty", ("no mail",), "", None, "no mail"),
        ("is_true", ("yes", "no"), True, 1, "yes"),
        ("is_a_text", (), "id", "", "a text"),
    ],
)
def test_an_expectation_holds_or_says_what_was_seen(
    method: str, arguments: tuple[Any, ...], right: object, wrong: object, expected: str
) -> None:
    getattr(expect("the thing", right), method)(*arguments)
    with pytest.raises(Mismatch) as raised:
        getattr(expect("the thing", wrong), method)(*arguments)
    assert raised.value.about == "the thing"
    assert raised.value.expected == expected
    assert str(raised.value).startswith(f"the thing\n  expected: {expected}\n  seen:     ")


def test_what_is_seen_is_short_and_harmless() -> None:
    with pytest.raises(Mismatch) as raised:
        expect("the text", "\x1b[2J##[error]" + "x" * 10_000).equals("")
    assert "\x1b" not in str(raised.value)
    assert "##[" not in str(raised.value)
    assert len(str(raised.value)) < 400
