"""How values of a submission are spelled in a message: short, on one line, and harmless in any terminal or log."""

import re
from typing import Final

__all__ = ["clean", "enumerate_words", "spell"]

_LONGEST: Final = 200
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_COMMAND: Final = re.compile(r"##\[|^(\s*)::", re.MULTILINE)


def clean(text: str, longest: int = 4000) -> str:
    """Return text of a submission without terminal escapes, lone surrogates, bidi overrides and workflow commands.

    GitHub's runner obeys ``##[`` anywhere in a line and ``::`` at its beginning (actions/runner, ActionCommand.cs).
    """
    cut = text if len(text) <= longest else f"{text[:longest]}… ({len(text) - longest} more characters)"
    cut = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", cut)
    return _COMMAND.sub(lambda match: "##\u200b[" if match[0].startswith("#") else f"{match[1]}:\u200b:", cut)


def spell(value: object) -> str:
    """Spell one value for a message."""
    text = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else None
    return clean(repr(value) if text is None else f"bytes {text!r}", _LONGEST).replace("\n", " ")


def enumerate_words(values: list[object] | tuple[object, ...]) -> str:
    """Spell several values: ``1, 2 or 3``."""
    words = [spell(value) for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
