"""How a check says what it expects. Expected and seen are put into words here and nowhere else.

    expect("the status of GET /nope without a token", answer.status).equals(401)

Every method raises `proctor.errors.Mismatch` when it does not hold. Scalars are compared with their type, so that
``True`` is not ``1`` and nothing that merely claims to be equal passes; a list and a tuple of equal items are equal.
"""

from collections.abc import Iterable
from typing import Any, cast

from proctor.errors import Mismatch
from proctor.wording import enumerate_words, spell

__all__ = ["Expectation", "expect", "same"]


def same(one: object, other: object) -> bool:
    """Compare plain data by value and type."""
    if type(one) in {list, tuple} and type(other) in {list, tuple}:
        ones, others = cast("list[object]", one), cast("list[object]", other)
        return len(ones) == len(others) and all(map(same, ones, others))
    if {type(one), type(other)} == {dict}:
        left, right = cast("dict[object, object]", one), cast("dict[object, object]", other)
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return type(one) is type(other) and one == other


class Expectation:
    """Something that was seen, and what it is."""

    def __init__(self, about: str, seen: Any) -> None:
        self._about, self._seen = about, seen

    def _require(self, holds: bool, expected: str, seen: str | None = None) -> None:
        if not holds:
            raise Mismatch(self._about, expected, spell(self._seen) if seen is None else seen)

    def equals(self, expected: object) -> None:
        """It is exactly this."""
        self._require(same(self._seen, expected), spell(expected))

    def differs_from(self, other: object) -> None:
        """It is anything but this."""
        self._require(not same(self._seen, other), f"anything but {spell(other)}")

    def is_one_of(self, *expected: object) -> None:
        """It is one of these."""
        self._require(any(same(self._seen, one) for one in expected), enumerate_words(expected))

    def contains(self, part: object) -> None:
        """It is a text, list or mapping that has this in it."""
        self._require(self._holds(part), f"{spell(part)} in it")

    def lacks(self, part: object) -> None:
        """It is a text, list or mapping that does not have this in it."""
        is_container = type(self._seen) in {str, bytes} or self._items is not None
        self._require(is_container and not self._holds(part), f"no {spell(part)} in it")

    def _holds(self, part: object) -> bool:
        if type(self._seen) in {str, bytes}:
            return type(part) is type(self._seen) and part in self._seen
        return self._items is not None and any(same(one, part) for one in self._items)

    @property
    def _items(self) -> list[object] | None:
        """The items of what was seen, if it is a list, tuple or mapping."""
        return list(self._seen) if type(self._seen) in {list, tuple, dict} else None

    def has_items(self, expected: Iterable[object]) -> None:
        """It has exactly these items, in whatever order."""
        wanted, rest = list(expected), self._items
        for item in wanted:
            match = next((index for index, one in enumerate(rest or ()) if same(one, item)), None)
            if rest is None or match is None:
                rest = None
                break
            del rest[match]
        self._require(rest == [], f"{spell(wanted)}, in any order")

    def is_empty(self, reason: str = "nothing") -> None:
        """There is nothing in it; ``reason`` words what was expected."""
        self._require(not self._seen and self._seen is not None, reason)

    def is_true(self, expected: str, seen: str) -> None:
        """It holds; both sides are in the check's own words."""
        self._require(self._seen is True, expected, seen)

    def is_a_text(self) -> str:
        """It is a non-empty text, which is returned."""
        self._require(type(self._seen) is str and bool(self._seen), "a text")
        return self._seen


def expect(about: str, seen: object) -> Expectation:
    """Begin an expectation: what it is about, in the learner's words, and what was seen."""
    return Expectation(about, seen)
