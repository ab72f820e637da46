"""How values of a submission are spelled in a message: short, on one line, and harmless wherever it is shown."""

from typing import Final

from proctor.hostile_text import one_line

__all__ = ["enumerate_words", "spell"]

_LONGEST: Final = 200


def spell(value: object) -> str:
    """Spell one value for a message."""
    text = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else None
    return one_line(repr(value) if text is None else f"bytes {text!r}", _LONGEST)


def enumerate_words(values: list[object] | tuple[object, ...]) -> str:
    """Spell several values: ``1, 2 or 3``."""
    words = [spell(value) for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
