"""What may stand in a cell that says who somebody is.

Such a cell leaves us again in files that spreadsheets and learning management systems read, where it has to be the
same text: nothing may be put before it or taken out of it. So it is judged once, when it is read, and refused if a
spreadsheet would take it for a formula (OWASP, "CSV Injection") or if it holds what nobody can see.

Names are written in all languages of the world: commas, emoji, letters from right to left and the two joiners of
Persian and of composed emoji are theirs. Signs that turn the direction of the text around them are not.
"""

import re
from typing import Final

from proctor.gradebook.student import STUDENT_ID
from proctor.hostile_text import neutral

__all__ = ["fault_of", "fault_of_email", "fault_of_id", "fault_of_name"]

LONGEST: Final = 200
LONGEST_EMAIL: Final = 254
"""Characters; what SMTP can carry (RFC 5321)."""

_FORMULA: Final = tuple("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")
_JOINER: Final = re.compile("(?<=[^\\s\u200c\u200d])[\u200c\u200d](?=[^\\s\u200c\u200d])")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_STUDENT_ID: Final = re.compile(STUDENT_ID)


def fault_of(cell: str, longest: int = LONGEST) -> str:
    """Return what is wrong with a cell, as the end of a sentence, or an empty text."""
    if cell.startswith(_FORMULA):
        return "begins with a sign that a spreadsheet takes for a formula (= + - @, a tab, a line break)"
    if len(cell) > longest:
        return f"has {len(cell):,} characters; at most {longest} survive everywhere"
    if "\n" in cell or "\r" in cell or "\t" in cell:
        return "holds a line break or a tab"
    if neutral(cell) != cell:
        return "holds characters that cannot be seen, or that are obeyed instead of shown"
    if cell != cell.strip():
        return "has a blank other than a plain space around it"
    return ""


def fault_of_name(cell: str) -> str:
    """Return what is wrong with somebody's name."""
    return fault_of(_JOINER.sub("", cell))


def fault_of_email(cell: str) -> str:
    """Return what is wrong with an address; an empty one is none."""
    return fault_of(cell, LONGEST_EMAIL) or ("" if not cell or _EMAIL.fullmatch(cell) else "is no email address")


def fault_of_id(cell: str) -> str:
    """Return what is wrong with the id of a student: it names folders, files and cells."""
    if not cell:
        return "is empty, and everybody needs an id"
    fault = fault_of(cell)
    if fault or _STUDENT_ID.fullmatch(cell):
        return fault
    return "should have 1 to 100 letters (A to Z), digits and . _ @ + -, and begin with a letter or a digit"
