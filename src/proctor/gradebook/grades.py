"""From attempts, receipts and decisions to a `ClassReport`. Nothing is stored and no clock is read: it is a function.

Theory of operation
-------------------
Which work of a student counts is told in `proctor.gradebook.handed_in`. Those who belong to a team have the works of
all its members; extensions, excuses and points by hand are everybody's own.

What is missing has 0 points as soon as it was due, and so has an untouched stub. Before that it counts for nothing;
where nothing says when it is due, it begins to count when anybody of the class has handed it in. What is not decided
is our fault, and counts for nothing: a work that was decided before stands in for it.

Then come the teacher's decisions. An excuse takes the exercise out of the grade, else an override says what the points
are, else points given by hand are added, which late work does not lose. The latest of a kind is in force.

The order in which anything is passed in does not matter, except for decisions that were made at the very same time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from proctor import __version__
from proctor.catalog import Course
from proctor.gradebook.class_file import ClassFile, columns_of
from proctor.gradebook.class_report import AttemptReport, ClassReport, Column, Row, RowStatus, StudentReport
from proctor.gradebook.decision import Decision, DecisionKind
from proctor.gradebook.gradebook import Gradebook
from proctor.gradebook.handed_in import Judged, in_order, is_untouched, the_one_that_counts, works_of
from proctor.gradebook.late import lateness, number, time_in_words, to_cents
from proctor.gradebook.receipt import Receipt
from proctor.gradebook.recorded import RecordedAttempt
from proctor.gradebook.student import Student

__all__ = ["Records", "class_report", "decisions_in_force", "report_of"]

InForce = Mapping[DecisionKind, Decision]
_UNDECIDED: Final = frozenset({RowStatus.ERROR, RowStatus.UNAVAILABLE})
_HANDED_IN: Final = frozenset({RowStatus.UNREADABLE, RowStatus.ERROR})
"""Where a receipt says so, something was handed in, whether or not there is an attempt."""


@dataclass(frozen=True)
class Records:
    """What a gradebook knows. What is about students who are not among these, or other exercises, is left out."""

    students: Sequence[Student] = ()
    attempts: Sequence[RecordedAttempt] = ()
    receipts: Sequence[Receipt] = ()
    decisions: Sequence[Decision] = ()


@dataclass(frozen=True)
class _Case:
    """All that bears on one student's work on one exercise; ``is_open``: what is missing counts for nothing yet."""

    column: Column
    attempts: Sequence[RecordedAttempt]
    receipts: Sequence[Receipt]
    in_force: InForce
    due_at: datetime | None
    is_open: bool
    class_file: ClassFile


@dataclass(frozen=True)
class _Result:
    """What has come of a case; ``points`` is None where it counts for nothing."""

    status: RowStatus
    points: Decimal | None
    reasons: tuple[str, ...] = ()
    message: str = ""


def report_of(gradebook: Gradebook, course: Course, class_file: ClassFile, made_at: datetime) -> ClassReport:
    """Return what is known of the class of a gradebook; ``made_at`` is taken for now."""
    records = Records(gradebook.students(), gradebook.attempts(), gradebook.receipts(), gradebook.decisions())
    title = class_file.title or course.title
    return class_report(title, columns_of(course, class_file), class_file, records, made_at)


def class_report(
    title: str, columns: Sequence[Column], class_file: ClassFile, records: Records, made_at: datetime
) -> ClassReport:
    """Return what is known of a class; ``made_at`` is taken for now, and is aware of its time zone."""
    cases = _Cases(class_file, records, made_at)
    students: list[StudentReport] = []
    for student in sorted(records.students, key=lambda one: one.id):
        rows = tuple(_row(cases.case(student, column)) for column in columns)
        students.append(StudentReport(student=student, rows=rows, grade=_grade(rows, columns)))
    return ClassReport(
        proctor=__version__,
        course=title,
        made_at=made_at,
        columns=tuple(columns),
        students=tuple(students),
    )


def decisions_in_force(decisions: Iterable[Decision]) -> dict[tuple[str, str], InForce]:
    """Return the latest decision of each kind by student and exercise, without those that were withdrawn."""
    latest: dict[tuple[str, str], dict[DecisionKind, Decision]] = defaultdict(dict)
    for decision in sorted(decisions, key=lambda one: one.made_at):
        latest[decision.student, decision.exercise][decision.kind] = decision
    return {
        key: {kind: decision for kind, decision in kinds.items() if not decision.is_withdrawn}
        for key, kinds in latest.items()
    }


class _Cases:
    """Finds what bears on each student and exercise."""

    def __init__(self, class_file: ClassFile, records: Records, made_at: datetime) -> None:
        self._class_file, self._made_at = class_file, made_at
        self._in_force = decisions_in_force(records.decisions)
        self._attempts: dict[tuple[str, str], list[RecordedAttempt]] = defaultdict(list)
        for attempt in records.attempts:
            self._attempts[attempt.student, attempt.scorecard.exercise].append(attempt)
        self._receipts = {(receipt.student, receipt.exercise): receipt for receipt in records.receipts}
        self._mates: dict[str, list[str]] = defaultdict(list)
        for student in records.students:
            self._mates[student.team].append(student.id)
        self._begun = _begun(records)

    def case(self, student: Student, column: Column) -> _Case:
        mates = self._mates[student.team] if student.team else [student.id]
        keys = [(mate, column.exercise) for mate in mates]
        in_force = self._in_force.get((student.id, column.exercise), {})
        extension = in_force.get(DecisionKind.EXTENSION)
        due_at = column.due_at if extension is None else extension.until
        if due_at is None:
            is_open = column.exercise not in self._begun
        else:
            is_open = lateness(self._made_at, due_at) <= self._class_file.late.grace
        return _Case(
            column=column,
            attempts=in_order(attempt for key in keys for attempt in self._attempts.get(key, ())),
            receipts=sorted(
                (self._receipts[key] for key in keys if key in self._receipts),
                key=lambda one: (one.looked_at, one.student),
            ),
            in_force=in_force,
            due_at=due_at,
            is_open=is_open,
            class_file=self._class_file,
        )


def _begun(records: Records) -> set[str]:
    """Return the exercises that anybody of the class has handed in."""
    students = {student.id for student in records.students}
    graded = {
        attempt.scorecard.exercise
        for attempt in records.attempts
        if attempt.student in students and not is_untouched(attempt.scorecard)
    }
    found = {one.exercise for one in records.receipts if one.student in students and one.status in _HANDED_IN}
    return graded | found


def _row(case: _Case) -> Row:
    chosen = the_one_that_counts(works_of(case.attempts, case.receipts), case.column, case.due_at, case.class_file)
    result = _with_decisions(case, _found(case, chosen))
    work = None if chosen is None else chosen.work
    grading = None if work is None else work.grading
    return Row(
        exercise=case.column.exercise,
        status=result.status,
        score=None if work is None else work.score,
        max_score=case.column.max_score,
        points=result.points,
        reasons=result.reasons,
        message=result.message,
        submitted_at=None if work is None else work.submitted_at,
        graded_at=None if grading is None else grading.graded_at,
        late_s=0 if chosen is None else chosen.late_s,
        checks=() if work is None else work.checks,
        attempts=tuple(
            AttemptReport(
                submission=one.scorecard.submission,
                graders=one.scorecard.graders,
                status=RowStatus(one.scorecard.status),
                score=one.scorecard.score,
                submitted_at=one.submitted_at,
                graded_at=one.graded_at,
                counts=one is grading,
            )
            for one in case.attempts
        ),
    )


def _found(case: _Case, chosen: Judged | None) -> _Result:
    """Say what came of the work itself, before any teacher has decided anything."""
    undecided = next((one for one in reversed(case.receipts) if one.status in _UNDECIDED), None)
    if chosen is not None and not chosen.work.is_untouched:
        reasons = [chosen.penalty.reason] if chosen.points != chosen.work.score else []
        if undecided is not None:
            reasons.append("the last grading failed, which is our fault: what was decided before counts")
        message = chosen.work.message if undecided is None else undecided.message
        return _Result(chosen.work.status, to_cents(chosen.points), tuple(reasons), message)
    if undecided is not None:
        reason = "it is not decided, which is our fault, and does not count"
        return _Result(undecided.status, None, (reason,), undecided.message)
    if case.column.exercise in {one.id for one in case.class_file.by_hand}:
        return _Result(RowStatus.MISSING, None, ("no points are given yet, so it does not count",))
    status = RowStatus.MISSING if chosen is None else chosen.work.status
    told = next((one.message for one in reversed(case.receipts) if one.message), "nothing was handed in")
    message = told if chosen is None else chosen.work.message
    if not case.is_open:
        return _Result(status, Decimal(0), (), message)
    if case.due_at is None:
        return _Result(status, None, ("nobody has handed it in yet, so it does not count",), message)
    when = time_in_words(case.due_at, case.class_file.zone)
    return _Result(status, None, (f"it is due {when}, and does not count before that",), message)


def _with_decisions(case: _Case, found: _Result) -> _Result:
    """Say what the teacher has made of it. Whatever a teacher gives points for is graded."""
    excuse = case.in_force.get(DecisionKind.EXCUSE)
    override = case.in_force.get(DecisionKind.OVERRIDE)
    given = case.in_force.get(DecisionKind.GIVEN)
    extension = case.in_force.get(DecisionKind.EXTENSION)
    if excuse is not None:
        return _Result(RowStatus.EXCUSED, None, (f"excused: {excuse.reason}",), found.message)
    if override is not None and override.points is not None:
        made = (override.made_at.astimezone(case.class_file.zone or UTC)).date()
        reason = f"Overridden by {override.author} on {made}: {override.reason}"
        return _Result(RowStatus.GRADED, to_cents(override.points), (reason,), found.message)
    if extension is not None and extension.until is not None:
        when = time_in_words(extension.until, case.class_file.zone)
        found = replace(found, reasons=(f"extended to {when}: {extension.reason}", *found.reasons))
    if given is None or given.points is None:
        return found
    how = "given" if given.points >= 0 else "taken off"
    reason = f"{number(abs(given.points))} points {how} by hand: {given.reason}"
    if found.status in _UNDECIDED:
        return replace(found, reasons=(*found.reasons, f"{reason} (not before the rest is decided)"))
    points = max(to_cents((found.points or Decimal(0)) + given.points), Decimal(0))
    kept = () if found.points is None else found.reasons
    return _Result(RowStatus.GRADED, points, (*kept, reason), found.message)


def _grade(rows: Iterable[Row], columns: Iterable[Column]) -> Decimal | None:
    """Return the weighted mean of what the rows reach, of 100; None where no row counts."""
    reached = weights = Fraction(0)
    for row, column in zip(rows, columns, strict=True):
        if row.points is not None:
            reached += Fraction(column.weight) * Fraction(row.points) / row.max_score
            weights += Fraction(column.weight)
    if not weights:
        return None
    hundredths = 100 * 100 * reached / weights
    return Decimal((2 * hundredths.numerator + hundredths.denominator) // (2 * hundredths.denominator)).scaleb(-2)
