"""nbgrader: the table that `nbgrader export` writes, one row an exercise and student.

The columns are those of `nbgrader/plugins/export.py` in https://github.com/jupyter/nbgrader, which writes them without
any quotes; here the cells that need quotes have them. Times are in UTC and do not say so. ``score`` is always
``raw_score`` less ``late_submission_penalty``. Without a submission there is no ``timestamp``, and the points are 0 as
soon as they count; what is not decided, not due or excused has no points at all, which nbgrader has no word for.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from proctor.gradebook.class_report import ClassReport, Column, Row
from proctor.gradebook.student import Student
from proctor.reports.csv_table import CsvFile, identity_cell, text_cell, write_csv

__all__ = ["to_nbgrader"]

HEADINGS: Final = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


def to_nbgrader(report: ClassReport) -> CsvFile:
    """Return the points of all students, exercise by exercise."""
    return CsvFile(write_csv([HEADINGS, *_rows(report)]))


def _rows(report: ClassReport) -> Iterator[list[str]]:
    for number, column in enumerate(report.columns):
        for one in report.students:
            yield _row(column, one.student, one.rows[number])


def _row(column: Column, student: Student, row: Row) -> list[str]:
    last, first = _names(student.name)
    return [
        text_cell(column.exercise),
        _time(column.due_at),
        _time(row.submitted_at),
        identity_cell(student.id),
        identity_cell(last),
        identity_cell(first),
        identity_cell(student.email),
        *_points(row),
        _number(Decimal(row.max_score)),
    ]


def _points(row: Row) -> list[str]:
    """Return what the checks gave, what was taken off, and what is left. Points by hand count among the first."""
    if row.points is None:
        return ["", "", ""]
    raw = max(Decimal(row.score or 0), row.points)
    return [_number(raw), _number(raw - row.points), _number(row.points)]


def _number(points: Decimal) -> str:
    text = f"{points:.2f}"
    return text.removesuffix("0")  # as Python writes a float: 5.0, 12.25


def _time(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _names(name: str) -> tuple[str, str]:
    """Return the last and the first name, as far as a name says: `Example, Alice`, or the last word."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.rpartition(" ")
    return last.strip(), first.strip()
