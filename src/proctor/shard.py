"""One part of work that several machines share: ``2/7`` is the second of seven."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeVar

from proctor.errors import UsageError

__all__ = ["WHOLE", "Shard"]

Item = TypeVar("Item")


@dataclass(frozen=True)
class Shard:
    """The ``number``-th of ``count`` parts, counted from 1."""

    number: int = 1
    count: int = 1

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what a command line says. Raises UsageError for a part that there is not."""
        found = re.fullmatch(r"([1-9]\d{0,3})/([1-9]\d{0,3})", text)
        if found is None or int(found[1]) > int(found[2]):
            raise UsageError(f"there is no shard `{text}`: the second of five is `--shard 2/5`")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def share(self, items: Sequence[Item]) -> list[Item]:
        """Return what falls to this part: every ``count``-th; all parts together have everything once."""
        return list(items[self.number - 1 :: self.count])


WHOLE: Final = Shard()
"""All of it, where nothing is shared."""
