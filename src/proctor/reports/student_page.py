"""The student page: what one student reads of their own work, as one HTML file, with nothing of anybody else.

What it says of a check depends on who reads it. Of a check that is hidden from them students read how many there are
and what they are worth, never what came of them: so while any is hidden, points are those of the checks that are shown
("public points"), and neither the grade nor what was taken off or added is there, from which the rest could be
reckoned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from proctor.errors import UsageError, did_you_mean
from proctor.gradebook.class_report import ClassReport, Column, Row, RowStatus, StudentReport
from proctor.reports.cell import LEGEND, Sign, late
from proctor.reports.html_page import moment, number, plural, render
from proctor.reports.reader import Reader
from proctor.scorecard import CheckResult, Outcome, Visibility

__all__ = ["to_student_page"]

WORDS: Final = {
    RowStatus.GRADED: "graded",
    RowStatus.UNREADABLE: "handed in, and cannot be loaded",
    RowStatus.MISSING: "nothing was handed in",
    RowStatus.ERROR: "not decided yet: our fault, and you lose no points",
    RowStatus.UNAVAILABLE: "not graded yet: the machine lacks what it needs, and you lose no points",
    RowStatus.EXCUSED: "excused: it does not count for you",
}

OUTCOMES: Final = {
    Outcome.PASSED: ("passed", "✓", "passed"),
    Outcome.FAILED: ("failed", "\N{MULTIPLICATION SIGN}", "failed"),
    Outcome.ERROR: ("undecided", "!", "not decided, our fault"),
}
"""The style, the shape and the words of every outcome."""


@dataclass(frozen=True)
class _Check:
    title: str
    style: str
    shape: str
    words: str
    points: str
    message: str


@dataclass(frozen=True)
class _Work:
    """One exercise. ``part`` of all points is drawn; ``kind`` says which points are meant."""

    exercise: str
    title: str
    sign: Sign | None
    words: str
    standing: str
    kind: str
    part: float | None
    about: tuple[str, ...]
    reasons: tuple[str, ...]
    message: str
    checks: tuple[_Check, ...]
    hidden: tuple[str, ...]
    is_partial: bool


def to_student_page(report: ClassReport, student_id: str, reader: Reader) -> str:
    """Return the page of one student, with what ``reader`` may know. Raises UsageError for nobody of the class."""
    of_student = next((one for one in report.students if one.student.id == student_id), None)
    if of_student is None:
        known = [one.student.id for one in report.students]
        raise UsageError(f"`{student_id}` is no student of this class. {did_you_mean(student_id, known)}")
    pairs = zip(report.columns, of_student.rows, strict=True)
    works = [_work(column, row, reader) for column, row in pairs]
    return render(
        "student_page.html",
        proctor=report.proctor,
        course=report.course,
        made_at=report.made_at,
        student=of_student.student,
        summary=_summary(of_student, works),
        works=works,
        missing=[work.title for work in works if work.words == WORDS[RowStatus.MISSING]],
        is_partial=any(work.is_partial for work in works),
    )


def _summary(of_student: StudentReport, works: Sequence[_Work]) -> str:
    statuses = [row.status for row in of_student.rows]
    handed_in = len(statuses) - statuses.count(RowStatus.MISSING) - statuses.count(RowStatus.EXCUSED)
    expected = len(statuses) - statuses.count(RowStatus.EXCUSED)
    pieces = f"{handed_in} of {plural(expected, 'exercise')} handed in"
    if any(work.is_partial for work in works):
        return f"{pieces}. The grade is shown after the exercises are due."
    return f"{pieces}. " + (
        "No grade yet." if of_student.grade is None else f"Grade: {number(of_student.grade)} of 100."
    )


def _work(column: Column, row: Row, reader: Reader) -> _Work:
    shown = tuple(check for check in row.checks if reader.may_read(check.visibility))
    hidden = tuple(check for check in row.checks if not reader.may_read(check.visibility))
    is_partial = bool(hidden) and reader is Reader.STUDENT
    points, most = _public(shown) if is_partial else (row.points, row.max_score)
    return _Work(
        exercise=column.exercise,
        title=column.title,
        sign=LEGEND.get(row.status),
        words=WORDS[row.status],
        standing=number(None) if points is None else f"{number(points)} of {most}",
        kind="" if points is None else "public points" if is_partial else "points",
        part=None if points is None or not most else float(points / most),
        about=_about(column, row),
        reasons=() if is_partial else row.reasons,
        message=row.message,
        checks=tuple(_check(check) for check in shown),
        hidden=_hidden(hidden),
        is_partial=is_partial,
    )


def _public(shown: Sequence[CheckResult]) -> tuple[Decimal | None, int]:
    """Return the points of the checks that are shown, None where one is not decided, and what they are worth."""
    most = sum(check.points for check in shown)
    is_decided = all(check.score is not None for check in shown)
    return (Decimal(sum(check.score or 0 for check in shown)) if is_decided else None), most


def _about(column: Column, row: Row) -> tuple[str, ...]:
    facts = [
        WORDS[row.status],
        f"handed in {moment(row.submitted_at)}" if row.submitted_at else "",
        f"due {moment(column.due_at)}" if column.due_at else "",
        late(row.late_s),
        plural(len(row.attempts), "attempt") if row.attempts else "",
    ]
    return tuple(fact for fact in facts if fact)


def _check(check: CheckResult) -> _Check:
    style, shape, words = OUTCOMES[check.outcome]
    points = "not decided" if check.score is None else f"{check.score} of {check.points}"
    message = "" if check.outcome is Outcome.PASSED else check.message
    return _Check(check.title, style, shape, words, points, message)


def _hidden(hidden: Sequence[CheckResult]) -> tuple[str, ...]:
    """Say of checks that are hidden how many they are and what they are worth, and no more."""
    lines: list[str] = []
    for visibility, until in (
        (Visibility.AFTER_DUE, "shown after the exercise is due"),
        (Visibility.NEVER, "not shown"),
    ):
        points = [check.points for check in hidden if check.visibility is visibility]
        if points:
            verb = "is" if len(points) == 1 else "are"
            lines.append(f"{plural(len(points), 'more check')}, worth {plural(sum(points), 'point')}, {verb} {until}.")
    return tuple(lines)
