"""Values that a submission cannot know beforehand: drawn from the seed of the run, the exercise and the check."""

import random
import string
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

__all__ = ["Draw"]

Item = TypeVar("Item")


class Draw:
    """Draws values. The same seed, exercise and check draw the same ones, in whatever order checks run."""

    def __init__(self, seed: int, exercise: str, check: str) -> None:
        self._random = random.Random(f"{seed}/{exercise}/{check}")  # noqa: S311 - a reproducible draw, not a secret

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

    def word(self, length: int = 8) -> str:
        """Lower-case letters."""
        return "".join(self._random.choices(string.ascii_lowercase, k=length))

    def symbol(self) -> str:
        """A ticker symbol: four capital letters."""
        return self.word(4).upper()

    def identifier(self) -> str:
        """An identifier as a client might send it: letters, a dash and digits."""
        return f"{self.word(5)}-{self.number(1000, 9999)}"

    def price(self) -> Decimal:
        """A price with two decimals."""
        return Decimal(self.number(100, 99_999)) / 100

    def one_of(self, items: Sequence[Item]) -> Item:
        """One of several."""
        return self._random.choice(items)

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        """Several different ones, in drawn order."""
        return self._random.sample(items, count)

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """All of them, in drawn order."""
        return self.sample(items, len(items))
