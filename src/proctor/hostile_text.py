r"""Text of a submission, made harmless for whoever shows it.

Theory of operation
-------------------
Everything that a submission prints, raises, answers or is named after is text of a stranger. It is held as it came, and
made harmless at the moment when it is shown, by the one function for that place:

==========================  ==================================================
terminal, workflow log,     `neutral`, or `one_line` where one line is expected
JSON and XML
HTML                        `for_html`
Markdown                    `for_markdown`
CSV                         `for_csv`
==========================  ==================================================

`neutral` does the work, and the others begin with it. After it nothing is left that a reader obeys without showing it:
every character that is invisible, or that is none, is spelled like ``\x1b``, ``\u202e`` or ``\U000e0041``. That
includes every character which XML 1.0 forbids, every half of a surrogate pair and every escape that a terminal knows,
so those places need no function of their own: a library writes the markup around it (``xml.etree``, ``json``,
``rich.text.Text``; never rich's own markup). Two things are broken up although they can be seen:

* Commands to build servers: ``##[command]`` anywhere in a line, and ``::command::`` at its beginning, behind spaces
  too, are what GitHub's runner looks for (https://github.com/actions/runner, src/Runner.Common/ActionCommand.cs).
  ``##vso[`` and ``##teamcity[`` are those of others.
* Piles of combining marks, which cover the lines around them: four on a letter are kept. Marks without a letter, at
  the beginning of a line, would fall on what stands before the text, and are spelled.

Every function takes any text, lone surrogates included, and raises nothing. What is long is cut and says so.

`neutral` and `one_line` may be applied twice: the second time changes nothing. The functions for markup may not, as
every escaping: the second time is harmless, and shows the first one. No function can be undone, because a backslash
stays a backslash: a reader cannot tell an escape that was spelled from one that was printed as such.
"""

import html
import re
import string
import unicodedata
from typing import Final

__all__ = ["decode", "for_csv", "for_html", "for_markdown", "neutral", "one_line"]

LONGEST: Final = 4000
LONGEST_LINE: Final = 2000
MOST_LINES: Final = 500
MOST_MARKS: Final = 4
"""Combining marks in a row. Written languages need no more than that on one letter."""

_ROOM: Final = 40
"""A line may be that much longer than the limit, so that one which was cut, with its note, is not cut again."""

_CONTINUATION: Final = range(0x80, 0xC0)
"""Bytes of UTF-8 that begin no character."""

_NOTE: Final = re.compile(r"… \([0-9]+ more (?:bytes|characters)\)\Z")
_HIDDEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0d\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that count as printable and leave no trace: fillers, blanks and variation selectors. The two selectors
that ordinary emoji have (U+FE0E, U+FE0F) are not among them."""

_COMMAND: Final = re.compile(r"##(\w{0,40})\[|^([^\S\n]*)::", re.MULTILINE)
_REFERENCE: Final = re.compile(r"(?<=[@#:])(?=[\w+/-])|(?<=\bGH-)(?=[0-9])|(?<=www)(?=\.)", re.IGNORECASE)
_BREAK: Final = "\u200b"
_ENTITIES: Final = str.maketrans({sign: f"&#{ord(sign)};" for sign in string.punctuation})
_FORMULA: Final = tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def decode(data: bytes, limit: int) -> str:
    """Return the text that bytes are meant to be; bytes that are no UTF-8 are spelled. The text is not neutral yet."""
    if len(data) <= limit:
        return data.decode("utf-8", "backslashreplace")
    end = next((end for end in range(limit, max(limit - 4, 0), -1) if data[end] not in _CONTINUATION), limit)
    return f"{data[:end].decode('utf-8', 'backslashreplace')}… ({len(data) - end} more bytes)"


def neutral(text: str, longest: int = LONGEST) -> str:
    """Return text that terminals, logs, JSON and XML show as it is. Lines stay lines, and are cut when too long."""
    note = found[0] if (found := _NOTE.search(text, max(len(text) - 60, 0))) else ""
    body = text.removesuffix(note)
    kept = body[:longest]
    shown = _limited(_COMMAND.sub(_broken, _visible(kept)))
    more = len(body) - len(kept) + max(len(shown) - longest, 0)
    return f"{shown[:longest]}… ({more} more characters)" if more else shown + note


def one_line(text: str, longest: int = LONGEST) -> str:
    """Return neutral text on one line, with one space wherever there was a gap."""
    return neutral(" ".join(neutral(text, longest).split()), longest)  # what were short lines may be a long one now


def for_html(text: str, longest: int = LONGEST) -> str:
    """Return HTML that shows the text, as content of an element and as a quoted attribute. Line breaks are kept."""
    return html.escape(neutral(text, longest))


def for_markdown(text: str, longest: int = LONGEST) -> str:
    """Return Markdown that shows the text on one line: in a paragraph, in a list and in the cell of a table.

    Punctuation is written as numeric entities, which cannot begin any structure. What a service makes of the finished
    page nevertheless (mentions, issues, addresses, emoji: on GitHub a backslash does not prevent them) is broken by an
    invisible space.
    """
    return _REFERENCE.sub(_BREAK, one_line(text, longest)).translate(_ENTITIES)


def for_csv(text: str, longest: int = LONGEST) -> str:
    """Return the content of one cell, on one line, which no spreadsheet takes for a formula.

    The quotes around it are the work of ``csv.writer``, which should be told to write them always (``QUOTE_ALL``),
    because in some countries a semicolon begins the next cell.
    """
    cell = one_line(text, longest)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _visible(text: str) -> str:
    """Spell what cannot be seen, and cut piles of marks."""
    if text.isprintable() and text.isascii():
        return text
    signs: list[str] = []
    marks = 0
    has_letter = False
    for sign in text:
        category = "" if sign.isascii() else unicodedata.category(sign)
        is_mark = category.startswith("M")
        if not is_mark:
            has_letter = sign not in "\n\t"
        marks = marks + 1 if is_mark and has_letter else 0
        if marks > MOST_MARKS:
            continue
        is_shown = has_letter if is_mark else sign in "\n\t" or category == "Zs" or sign.isprintable()
        signs.append(sign if is_shown and not _HIDDEN.match(sign) else _spelled(sign))
    return "".join(signs)


def _spelled(sign: str) -> str:
    number = ord(sign)
    if number < 0x100:  # noqa: PLR2004 - two, four and eight digits, as in Python's own literals
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"  # noqa: PLR2004 - same


def _broken(command: re.Match[str]) -> str:
    """Spell the sign without which a command is none."""
    return f"##{command[1]}\\x5b" if command[1] is not None else f"{command[2]}:\\x3a"


def _limited(text: str) -> str:
    """Cut lines that are too long, and lines that are too many."""
    lines = text.split("\n", MOST_LINES + 1)
    if len(lines) > MOST_LINES + 1:
        more = text.count("\n") + 1 - MOST_LINES
        lines[MOST_LINES:] = [f"… ({more} more lines)"]
    return "\n".join(
        line
        if len(line) <= LONGEST_LINE + _ROOM
        else f"{line[:LONGEST_LINE]}… ({len(line) - LONGEST_LINE} more characters)"
        for line in lines
    )
