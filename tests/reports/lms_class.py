"""A small class whose names and texts are what breaks tables, and the texts that no cell may begin with."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from proctor.gradebook.class_report import ClassReport, Column, Row, RowStatus, StudentReport
from proctor.gradebook.student import Student
from proctor.scorecard import CheckResult, Outcome, Visibility

__all__ = ["FORMULAS", "HOSTILE_NAMES", "TRIGGERS", "a_check", "a_class", "a_row", "a_student"]

TRIGGERS: Final = tuple("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")

FORMULAS: Final = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "\u00a0=1",
    "\r=1",
    "\n=1",
    "\0=1",
    "=cmd|' /C calc'!A0",
    '="x"',
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(A1)",
    "\ufeff=1",
)

HOSTILE_NAMES: Final = (
    "Example, Alice",
    "O'Example; Bob",
    'Carol "CC" Example',
    "Zoë 🦄 Example",
    "\u05d3\u05d5\u05d2\u05de\u05d4 \u05e9\u05dd",  # from right to left
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with a joiner
    "<b>Dora</b> & Co",
    "1,234",
)
"""Names that a roster lets in."""


def a_check(
    name: str, *, passed: bool = True, points: int = 50, mistake: str = "", hidden: bool = False
) -> CheckResult:
    """Return what came of one check."""
    return CheckResult(
        id=name,
        title=name.replace("_", " "),
        points=points,
        score=points if passed else 0,
        outcome=Outcome.PASSED if passed else Outcome.FAILED,
        visibility=Visibility.NEVER if hidden else Visibility.ALWAYS,
        mistake=mistake,
    )


def a_row(
    points: str | None,
    status: RowStatus = RowStatus.GRADED,
    *,
    exercise: str = "little-server",
    score: int | None = None,
    reasons: Sequence[str] = (),
    message: str = "",
    submitted_at: datetime | None = None,
    checks: Sequence[CheckResult] = (),
) -> Row:
    """Return one student's work on one exercise."""
    return Row(
        exercise=exercise,
        status=status,
        score=score,
        points=None if points is None else Decimal(points),
        reasons=tuple(reasons),
        message=message,
        submitted_at=submitted_at,
        checks=tuple(checks),
    )


def a_student(
    name: str, *rows: Row, email: str = "", full_name: str = "", ids: Mapping[str, str] | None = None
) -> StudentReport:
    """Return a student of that id, with these rows."""
    return StudentReport(student=Student(id=name, name=full_name, email=email, ids=ids or {}), rows=rows)


def a_class(*students: StudentReport, titles: Mapping[str, str] | None = None) -> ClassReport:
    """Return a class whose columns are those of its first student; titles are the slugs where none is given."""
    columns = tuple(
        Column(exercise=row.exercise, title=(titles or {}).get(row.exercise, row.exercise)) for row in students[0].rows
    )
    return ClassReport(
        proctor="0.1.0",
        course="A course",
        made_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        columns=columns,
        students=students,
    )
