"""Which column of Moodle's grading worksheet is which, in any language.

English headings are known by their names. In another language they are known by where they stand and what is in them,
as `mod/assign/gradingtable.php` of https://github.com/moodle/moodle writes them:

* the first column is the identifier: every cell is a word and a number, and every number is another one;
* the maximum grade is the only column with the same number above 0 in every row, behind one in which there is nothing
  but numbers, `-` and blanks: that one is the grade;
* the last column is the feedback if it is blank in every row (the time of the last grading is never); otherwise nobody
  can tell, and no feedback is written;
* whatever has an `@` in every row is the email address, and the second column is the full name.

The grade and the feedback can be named instead.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from proctor.errors import UsageError
from proctor.hostile_text import one_line
from proctor.reports.csv_table import Template

__all__ = ["IDENTIFIER", "Places", "places_of"]

IDENTIFIER: Final = re.compile(r"[^\W\d][^\d]*([0-9]+)")
"""A word and the number that is a student's in this assignment, and another's in another one."""

_NEEDED: Final = ("identifier", "grade", "last modified (grade)")
"""The headings without which Moodle reads nothing, in English."""

_NUMBER: Final = re.compile(r"[0-9]+([.,][0-9]+)?")


@dataclass(frozen=True)
class Places:
    """Where the columns of a worksheet are; None where there is none."""

    grade: int
    maximum: int | None
    feedback: int | None
    name: int | None
    username: int | None
    id_number: int | None
    email: int | None
    can_be_changed: int | None


def places_of(sheet: Template, grade_heading: str = "", feedback_heading: str = "") -> Places:
    """Return where the columns of a worksheet are. Raises UsageError where that is not sure."""
    headings = [heading.strip().casefold() for heading in sheet.headings]
    if all(heading in headings for heading in _NEEDED):
        places = _english(headings)
    else:
        places = _by_position(sheet, grade_heading)
    grade = _named_place(headings, grade_heading)
    feedback = _named_place(headings, feedback_heading)
    return Places(
        grade=places["grade"] if grade is None else grade,
        maximum=places.get("maximum"),
        feedback=places.get("feedback") if feedback is None else feedback,
        name=places.get("name"),
        username=places.get("username"),
        id_number=places.get("id_number"),
        email=places.get("email"),
        can_be_changed=places.get("can_be_changed"),
    )


def _named_place(headings: Sequence[str], heading: str) -> int | None:
    if not heading:
        return None
    if headings.count(heading.strip().casefold()) != 1:
        known = ", ".join(f"`{one_line(one, 40)}`" for one in headings)
        raise UsageError(f"the worksheet has no column of its own named `{one_line(heading, 40)}`. It has {known}.")
    return headings.index(heading.strip().casefold())


def _english(headings: Sequence[str]) -> dict[str, int]:
    known = {
        "grade": "grade",
        "maximum": "maximum grade",
        "feedback": "feedback comments",
        "name": "full name",
        "username": "username",
        "id_number": "id number",
        "email": "email address",
        "can_be_changed": "grade can be changed",
    }
    return {what: headings.index(heading) for what, heading in known.items() if heading in headings}


def _by_position(sheet: Template, grade_heading: str) -> dict[str, int]:
    """Tell the columns of a worksheet in another language. Raises UsageError where that is not sure."""
    columns = list(zip(*sheet.rows, strict=True))
    identifiers = [IDENTIFIER.fullmatch(cell.strip()) for cell in columns[0]] if columns else []
    numbers = {found[1] for found in identifiers if found is not None}
    if not columns or len(numbers) != len(sheet.rows):
        seen = ", ".join(f"`{one_line(heading, 40)}`" for heading in sheet.headings[:6])
        raise UsageError(f"this is no grading worksheet of Moodle, or nobody is in it: it begins with {seen}")
    maxima = [
        place
        for place in range(2, len(columns))
        if _is_one_number(columns[place]) and all(_is_grade(cell) for cell in columns[place - 1])
    ]
    if len(maxima) != 1 and not grade_heading:
        raise UsageError(
            "the column of the grades cannot be told in this language. Name its heading, or set your language in "
            "Moodle to English before you download the worksheet."
        )
    places = {"name": 1}
    if len(maxima) == 1:
        places |= {"grade": maxima[0] - 1, "maximum": maxima[0]}
    places |= _only("email", columns, lambda cell: "@" in cell)
    if not any(cell.strip() for cell in columns[-1]):
        places["feedback"] = len(columns) - 1
    return places


def _is_one_number(column: Sequence[str]) -> bool:
    number = column[0].strip()
    return (
        {cell.strip() for cell in column} == {number} and bool(_NUMBER.fullmatch(number)) and bool(number.strip("0.,"))
    )


def _is_grade(cell: str) -> bool:
    return cell.strip() in {"", "-"} or _NUMBER.fullmatch(cell.strip()) is not None


def _only(what: str, columns: Sequence[Sequence[str]], is_it: Callable[[str], bool]) -> dict[str, int]:
    places = [place for place, column in enumerate(columns) if all(is_it(cell) for cell in column)]
    return {what: places[0]} if len(places) == 1 else {}
