r"""Tables as spreadsheets and learning management systems read them, and whose row is whose.

What is written has ``\r\n`` at the end of every line (RFC 4180) unless it fills in a file that a teacher brought: that
one keeps its delimiter, its line ends, its byte-order mark and every cell that is not filled in. A cell that is text
goes through `text_cell`, one that says who somebody is through `identity_cell`, and a number through `points_cell`.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Final

from proctor.classroom.identity import fault_of_name
from proctor.errors import UsageError
from proctor.gradebook.student import Student
from proctor.hostile_text import for_csv, one_line

__all__ = [
    "CsvFile",
    "Template",
    "decode_csv",
    "identity_cell",
    "matched",
    "name_key",
    "named",
    "points_cell",
    "read_csv",
    "scale_of",
    "text_cell",
    "write_csv",
]

DELIMITERS: Final = ",;\t"
_MARK: Final = "\ufeff"


@dataclass(frozen=True)
class CsvFile:
    """A file to be written, and sentences for the teacher about what is not in it, and why.

    Both have text of others in them that was made harmless. The encoding is UTF-8, or that of the template.
    """

    text: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """A file that a teacher brought. Its ``rows`` are as long as there are headings, and may be replaced."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    line_end: str
    has_mark: bool

    def filled(self, cells: Iterable[tuple[int, int, str]]) -> str:
        """Return the file with these cells (row, column, text) in it, and every other one as it came."""
        rows = [list(row) for row in self.rows]
        for row, column, text in cells:
            rows[row][column] = text
        text = write_csv([self.headings, *rows], self.delimiter, self.line_end)
        return _MARK + text if self.has_mark else text


# Files


def decode_csv(path: Path, data: bytes) -> tuple[str, str]:
    """Return the text of a file and the encoding to write it in again, which may be UTF-8 or UTF-16.

    Raises UsageError for any other.
    """
    marks = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
    encoding = marks.get(data[:2], "utf-8")
    try:
        return data.decode(encoding), encoding  # with the mark, which is written again
    except UnicodeDecodeError:
        raise UsageError(f"`{path}` is not UTF-8. Download it with that encoding, or save it as `CSV UTF-8`.") from None


def read_csv(text: str) -> Template:
    """Read a file with a line of headings. Raises UsageError when it is no CSV, or a row has too many cells."""
    has_mark = text.startswith(_MARK)
    text = text.removeprefix(_MARK)
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        records = [record for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if record]
    except csv.Error as error:
        raise UsageError(f"the file cannot be read as CSV: {error}. Is it as it was downloaded?") from None
    if not records:
        raise UsageError("the file is empty. It should begin with a line of headings.")
    headings, *rows = records
    for number, row in enumerate(rows, 2):
        if len(row) > len(headings):
            sizes = f"has {len(row)} cells, and there are {len(headings)} headings"
            raise UsageError(f"row {number} of the file {sizes}: is it as it was downloaded?")
    return Template(
        headings=tuple(headings),
        rows=tuple((*row, *[""] * (len(headings) - len(row))) for row in rows),
        delimiter=delimiter,
        line_end="\n" if "\n" in text and not first.endswith("\r") else "\r\n",
        has_mark=has_mark,
    )


def write_csv(
    rows: Iterable[Sequence[str]], delimiter: str = ",", line_end: str = "\r\n", *, quote_all: bool = False
) -> str:
    """Return rows as CSV, with quotes around the cells that need them, or around all."""
    file = io.StringIO(newline="")
    minimal = csv.writer(file, delimiter=delimiter, lineterminator=line_end)
    full = csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    for row in rows:
        has_return = any("\r" in cell for cell in row)  # which old versions of the module leave without quotes
        (full if quote_all or has_return else minimal).writerow(row)
    return file.getvalue()


# Cells


def text_cell(text: str) -> str:
    """Return text of anybody, as a cell that shows it."""
    return for_csv(text)


def identity_cell(text: str) -> str:
    """Return who somebody is, unchanged as the roster let it in. What it would have refused is made harmless."""
    return for_csv(text) if fault_of_name(text) else text


def points_cell(points: Decimal | None, scale: Fraction = Fraction(1)) -> str:
    """Return points with at most two decimals and a full stop, never a sign between thousands. None is blank."""
    if points is None:
        return ""
    hundredths = floor(Fraction(points) * scale * 100 + Fraction(1, 2))
    return f"{Decimal(hundredths).scaleb(-2):.2f}".rstrip("0").rstrip(".")


def scale_of(worth: str, max_score: int) -> Fraction:
    """Return what one of our points is where the exercise is ``worth`` that; 1 where this says nothing.

    The last full stop or comma of a number is the decimal one, whatever country it is from.
    """
    text = re.sub(r"\s", "", worth)
    whole, _, decimals = text.replace(",", ".").rpartition(".") if re.search(r"[.,]", text) else (text, "", "")
    digits = whole.replace(".", "")
    if not re.fullmatch(r"[0-9]{1,9}", digits) or not re.fullmatch(r"[0-9]{0,9}", decimals) or max_score <= 0:
        return Fraction(1)
    number = Fraction(f"{digits}.{decimals or 0}")
    return number / max_score if number else Fraction(1)


# Whose row is whose


def named(student: Student) -> str:
    """Return how a notice calls a student."""
    name = one_line(student.name, 60)
    return f"`{student.id}` ({name})" if name else f"`{student.id}`"


def name_key(name: str) -> str:
    """Return what is the same for one name however it is written: `Example, Alice` or `Alice Example`."""
    if (guarded := re.fullmatch(r'="(.*)"', name)) is not None:  # as Canvas writes a name that begins with "="
        name = guarded[1]
    last, comma, first = name.partition(",")
    return " ".join((f"{first} {last}" if comma else name).casefold().split())


def matched(
    rows: Sequence[Sequence[str]], students: Sequence[Sequence[str]], sure: int
) -> tuple[dict[int, int], set[int]]:
    """Tell which row is of which student, both by number, and the rows that could be of several.

    Rows and students have the same kinds of keys, the surest first; a key that is empty says nothing. A student that is
    found by one key is not looked for by the next, and two that differ in any of the ``sure`` ones before it are not
    the same: who takes the name of somebody else in a learning management system does not get their points.
    """
    found: dict[int, int] = {}
    doubtful: set[int] = set()
    taken: set[int] = set()
    for kind in range(len(students[0]) if students else 0):
        known: dict[str, list[int]] = defaultdict(list)
        for number, keys in enumerate(students):
            if keys[kind] and number not in taken:
                known[keys[kind]].append(number)
        before = min(kind, sure)
        claims: dict[int, list[int]] = defaultdict(list)
        for row, keys in enumerate(rows):
            if row in found or row in doubtful or not keys[kind]:
                continue
            able = [one for one in known[keys[kind]] if not _differ(keys[:before], students[one][:before])]
            for one in able:
                claims[one].append(row)
            if len(able) > 1:
                doubtful.add(row)
                taken.update(able)
        for student, rows_of_student in claims.items():
            taken.add(student)
            if len(rows_of_student) > 1:
                doubtful.update(rows_of_student)
        found.update(
            {its_rows[0]: student for student, its_rows in claims.items() if not doubtful.intersection(its_rows)}
        )
    return found, doubtful


def _differ(some: Sequence[str], others: Sequence[str]) -> bool:
    return any(one and other and one != other for one, other in zip(some, others, strict=True))
