"""Making a document fit: messages are cut shorter and shorter, and nothing else is lost."""

from collections.abc import Callable
from typing import Final

__all__ = ["fitted"]

_LENGTHS: Final = (4000, 1000, 300, 80)
"""Characters of each message. The first is what `proctor.hostile_text` keeps of any text."""


def fitted(write: Callable[[int], str], room: int) -> str:
    """Return the document with the longest messages with which it has no more than ``room`` bytes.

    ``write`` is given how long a message may be. The shortest document is returned where none fits.
    """
    text = ""
    for longest in _LENGTHS:
        text = write(longest)
        if len(text.encode()) <= room:
            break
    return text
