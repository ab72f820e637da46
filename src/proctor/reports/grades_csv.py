"""A plain table for teachers: one row a student and exercise, with everything that is asked for about grades.

Points have a full stop and no sign between thousands; what is not decided is blank. Times are ISO 8601, in UTC.
``passed_checks`` and ``failed_checks`` have the ids of checks, also of hidden ones: it is not for students.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from proctor.gradebook.class_report import ClassReport, Column, Row, StudentReport
from proctor.reports.csv_table import CsvFile, identity_cell, points_cell, text_cell, write_csv
from proctor.scorecard import Outcome

__all__ = ["to_grades_csv"]

_OF_A_STUDENT: Final = ("student", "name", "email", "section", "team")
_OF_A_ROW: Final = (
    "grade",
    "exercise",
    "title",
    "chapter",
    "weight",
    "due_at",
    "status",
    "score",
    "points",
    "max_score",
    "submitted_at",
    "graded_at",
    "late_s",
    "attempts",
    "passed_checks",
    "failed_checks",
    "undecided_checks",
    "mistakes",
    "reasons",
    "message",
)


def to_grades_csv(report: ClassReport) -> CsvFile:
    """Return the table, by student and then by exercise. What other systems know students by follows their team."""
    systems = sorted({system for one in report.students for system in one.student.ids})
    headings = [*_OF_A_STUDENT, *(text_cell(f"id_{system}") for system in systems), *_OF_A_ROW]
    return CsvFile(write_csv([headings, *_rows(report, systems)], quote_all=True))


def _rows(report: ClassReport, systems: Sequence[str]) -> Iterator[list[str]]:
    for one in report.students:
        about = _identity(one, systems)
        for column, row in zip(report.columns, one.rows, strict=True):
            yield [*about, *_row(column, row)]


def _identity(one: StudentReport, systems: Sequence[str]) -> list[str]:
    student = one.student
    own = (student.id, student.name, student.email, student.section, student.team)
    others = (student.ids.get(system, "") for system in systems)
    return [*(identity_cell(cell) for cell in (*own, *others)), points_cell(one.grade)]


def _row(column: Column, row: Row) -> list[str]:
    mistakes = dict.fromkeys(check.mistake for check in row.checks if check.mistake)
    return [
        text_cell(column.exercise),
        text_cell(column.title),
        text_cell(column.chapter),
        points_cell(column.weight),
        _time(column.due_at),
        row.status.value,
        "" if row.score is None else str(row.score),
        points_cell(row.points),
        str(row.max_score),
        _time(row.submitted_at),
        _time(row.graded_at),
        str(row.late_s),
        str(len(row.attempts)),
        *(_ids(row, outcome) for outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR)),
        text_cell(" ".join(mistakes)),
        text_cell(" ".join(row.reasons)),
        text_cell(row.message),
    ]


def _ids(row: Row, outcome: Outcome) -> str:
    return text_cell(" ".join(check.id for check in row.checks if check.outcome is outcome))


def _time(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")
