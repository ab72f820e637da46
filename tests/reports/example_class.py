"""An example of a class, made by hand: six exercises of the course, and students who are nobody.

What each student can do is drawn from a fixed seed, so that pages show what classes have: most checks passed by most,
some mistakes shared by many, one check that says nothing, and some work that is late, missing or broken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from proctor.catalog import Course, load_course
from proctor.classroom.similarity import SimilarPair
from proctor.classroom.statistics import ClassStatistics, class_statistics
from proctor.gradebook.class_report import AttemptReport, ClassReport, Column, Row, RowStatus, StudentReport
from proctor.gradebook.student import Student
from proctor.scorecard import CheckResult, Outcome, Visibility

__all__ = [
    "EXERCISES",
    "Example",
    "check_result",
    "class_of",
    "example_class",
    "report_of",
    "similar_work",
    "statistics_of",
    "student_of",
]

ROOT: Final = Path(__file__).parents[2]
BEGIN: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEEK: Final = timedelta(days=7)
SUBMISSION: Final = "sha256:" + "5" * 64
GRADERS: Final = "sha256:" + "9" * 64


@dataclass(frozen=True)
class Example:
    """One exercise: its checks by id, with title and points, and a mistake that costs some of them."""

    exercise: str
    title: str
    chapter: str
    checks: tuple[tuple[str, str, int], ...]
    mistake: str
    costs: tuple[int, ...]


EXERCISES: Final = (
    Example(
        "middleware-onion",
        "The middleware onion",
        "Middleware and CORS",
        (
            ("accepted_requests_pass", "An accepted request gets its answer, its request id and one line", 15),
            ("refused_requests_carry_the_request_id", "A request without a good token is refused, with its id", 20),
            ("unknown_paths_pass_through_every_layer", "A path that does not exist is guarded like any other", 10),
            ("the_quota_is_per_trader", "A trader's requests beyond the quota get 429", 20),
            ("strangers_use_up_no_quota", "Requests with a bad token cost no trader anything", 15),
            ("every_answer_keeps_its_own_request_id", "Two requests at the same time keep their own ids", 20),
        ),
        "added_in_reading_order",
        (1, 2, 3, 4),
    ),
    Example(
        "cors-desk",
        "CORS at the desk",
        "Middleware and CORS",
        (
            ("pages_of_the_desk_can_read", "Scripts of both pages can read what the API answers", 25),
            ("pages_elsewhere_read_nothing", "Pages of any other origin, however similar, read nothing", 30),
            ("orders_are_placed_and_cancelled", "Scripts of the desk can place orders and cancel them", 15),
            ("the_idempotency_key_can_be_sent", "Scripts of the desk can send X-Idempotency-Key", 10),
            ("the_request_id_can_be_read", "Scripts of the desk can read X-Request-Id", 10),
            ("what_is_kept_serves_the_page_that_gets_it", "A preflight's answer may be kept for 300 s", 10),
        ),
        "star_with_credentials",
        (1,),
    ),
    Example(
        "override-switchboard",
        "The override switchboard",
        "Dependencies and tests",
        (
            ("the_function_is_replaced", "The price feed, a function, is replaced", 20),
            ("the_class_is_replaced", "The audit trail, a class, is replaced", 20),
            ("blocks_can_be_nested", "After an inner block the outer one's replacements are in force again", 30),
            ("overrides_of_others_stay", "What somebody else has overridden stays so", 30),
        ),
        "restores_with_clear",
        (2, 3),
    ),
    Example(
        "coroutine-or-function",
        "Coroutine or function",
        "Coroutines and connections",
        (
            ("classify_knows_the_five_kinds", "classify() tells five kinds of things apart", 25),
            ("classify_sees_through_wrappers", "classify() sees through functools.partial", 20),
            ("call_keeps_ordinary_functions_off_the_loop", "While a function blocks, the event loop goes on", 30),
            ("creating_a_coroutine_runs_nothing", "lazy() returns a coroutine of which nothing runs", 25),
        ),
        "function_on_the_loop",
        (2,),
    ),
    Example(
        "background-receipt",
        "A receipt in the background",
        "Background work",
        (
            ("the_answer_leaves_first", "First the answer leaves, then the ledger records, then the mail is sent", 30),
            ("the_trader_does_not_wait", "The trader has the answer while ledger and mail server take their time", 25),
            ("refused_orders_leave_no_trace", "An accepted order is entered and mailed; a refused one is neither", 20),
            ("the_ledger_blocks_no_other_request", "While the ledger writes, the desk answers others", 15),
            ("every_order_is_entered_once", "Two orders at the same time are each entered and mailed once", 10),
        ),
        "waits_in_the_endpoint",
        (0, 1),
    ),
    Example(
        "opening-day",
        "Opening day",
        "Capstone",
        (
            ("every_answer_has_its_id_and_its_line", "Every answer carries the id of its request", 25),
            ("pages_elsewhere_get_nothing", "Pages of any other origin read nothing", 25),
            ("one_session_is_closed_before_the_answer", "An order has one session, closed in time", 25),
            ("the_document_says_what_is_refused", "/openapi.json names the statuses and the bounds", 25),
        ),
        "session_open_until_all_is_done",
        (2,),
    ),
)


def check_result(
    name: str, *, points: int = 50, passed: bool = True, visibility: Visibility = Visibility.ALWAYS, message: str = ""
) -> CheckResult:
    """Return what came of one check."""
    return CheckResult(
        id=name,
        title=name.replace("_", " ").capitalize(),
        points=points,
        score=points if passed else 0,
        outcome=Outcome.PASSED if passed else Outcome.FAILED,
        visibility=visibility,
        message=message,
    )


def student_of(student: Student, rows: Sequence[Row], grade: Decimal | None = None) -> StudentReport:
    """Return one student with these rows."""
    return StudentReport(student=student, rows=tuple(rows), grade=grade)


def report_of(*students: StudentReport) -> ClassReport:
    """Return a class whose columns are those of its first student."""
    columns = tuple(
        Column(exercise=row.exercise, title=row.exercise.replace("-", " ").capitalize(), due_at=BEGIN)
        for row in students[0].rows
    )
    return ClassReport(
        proctor="0.1.0",
        course="FastAPI at the trading desk",
        made_at=BEGIN + 8 * WEEK,
        columns=columns,
        students=students,
    )


def statistics_of(report: ClassReport) -> ClassStatistics:
    """Return the statistics of a class, with the sentences of the course."""
    return class_statistics(report, _course())


@cache
def _course() -> Course:
    return load_course(ROOT)


def similar_work() -> list[SimilarPair]:
    """Return two pairs of the example."""
    return [
        SimilarPair("cors-desk", "s004", "s011", 0.9713, 0.9264, 312),
        SimilarPair("background-receipt", "s008", "s021", 0.8421, 0.6190, 61),
    ]


@cache
def example_class() -> ClassReport:
    """Return thirty students and six exercises."""
    return class_of(30, EXERCISES)


def class_of(students: int, exercises: Sequence[Example]) -> ClassReport:
    """Return a class of any size, the same one every time."""
    draw = Random(7)  # noqa: S311 - an example, and no secret
    columns = tuple(
        Column(exercise=one.exercise, title=one.title, chapter=one.chapter, due_at=BEGIN + (week + 1) * WEEK)
        for week, one in enumerate(exercises)
    )
    reports: list[StudentReport] = []
    for number in range(1, students + 1):
        ability = draw.betavariate(4, 1.6)
        rows = [_row(one, column, ability, draw) for one, column in zip(exercises, columns, strict=True)]
        if number == 17:
            rows = [_nothing(column) for column in columns]
        counted = [row.points for row in rows if row.points is not None]
        grade = (sum(counted, Decimal(0)) / len(counted)).quantize(Decimal("0.01")) if counted else None
        student = Student(id=f"s{number:03}", section="AB"[number % 2], team=f"team-{(number + 1) // 2}")
        reports.append(student_of(student, rows, grade))
    return report_of(*reports).model_copy(update={"columns": columns})


def _nothing(column: Column) -> Row:
    return Row(exercise=column.exercise, status=RowStatus.MISSING, points=Decimal(0))


def _row(example: Example, column: Column, ability: float, draw: Random) -> Row:
    fate = draw.random()
    submitted = (column.due_at or BEGIN) - timedelta(hours=draw.triangular(-30, 160, 10))
    row = Row(
        exercise=example.exercise,
        status=RowStatus.GRADED,
        submitted_at=submitted,
        graded_at=BEGIN + 8 * WEEK,
    )
    if fate < 0.03:
        return _nothing(column)
    if fate < 0.05:
        message = "main.py, line 12: SyntaxError: '(' was never closed"
        points = {"score": 0, "points": Decimal(0)}
        return row.model_copy(update={"status": RowStatus.UNREADABLE, "message": message, **points})
    if fate < 0.06:
        message = "the stage went silent without using the processor"
        return row.model_copy(update={"status": RowStatus.ERROR, "message": message})
    if fate < 0.068:
        return row.model_copy(update={"status": RowStatus.EXCUSED, "reasons": ("Excused: ill in that week.",)})
    return _graded(row, example, ability, draw, (column.due_at or BEGIN))


def _graded(row: Row, example: Example, ability: float, draw: Random, due_at: datetime) -> Row:
    submitted = row.submitted_at or due_at
    checks = _checks(example, ability, draw)
    score = sum(check.score or 0 for check in checks)
    late_s = max(int((submitted - due_at).total_seconds()), 0)
    days = -(-late_s // 86_400)
    taken = Decimal(score * days) / 10
    reasons = (f"{days} {'day' if days == 1 else 'days'} late: {taken} points are taken off.",) if taken else ()
    return row.model_copy(
        update={
            "score": score,
            "points": score - taken,
            "reasons": reasons,
            "late_s": late_s,
            "checks": checks,
            "attempts": _attempts(score, submitted, draw),
        }
    )


def _checks(example: Example, ability: float, draw: Random) -> tuple[CheckResult, ...]:
    is_mistaken = draw.random() > ability + 0.12
    results: list[CheckResult] = []
    for place, (name, title, points) in enumerate(example.checks):
        is_last_of_cors = example.exercise == "cors-desk" and place == 5  # rather weak students pass it
        chance = 1.9 - 1.8 * ability if is_last_of_cors else 0.35 + 0.75 * ability
        is_mistake = is_mistaken and place in example.costs
        passed = not is_mistake and draw.random() < chance
        message = "" if passed else f"{title}\n  expected: status 200\n  seen:     status 500"
        message += "\n  likely: what many believe of it" if is_mistake else ""
        results.append(
            CheckResult(
                id=name,
                title=title,
                points=points,
                score=points if passed else 0,
                outcome=Outcome.PASSED if passed else Outcome.FAILED,
                visibility=(Visibility.ALWAYS, Visibility.AFTER_DUE, Visibility.NEVER)[max(place - 2, 0) % 3],
                message=message,
                mistake=example.mistake if is_mistake else "",
            )
        )
    return tuple(results)


def _attempts(score: int, submitted: datetime, draw: Random) -> tuple[AttemptReport, ...]:
    count = draw.choice((1, 1, 2, 2, 3, 4))
    return tuple(
        AttemptReport(
            submission=SUBMISSION,
            graders=GRADERS,
            status=RowStatus.GRADED,
            score=score if back == 0 else max(score - 20 * back, 0),
            submitted_at=submitted - timedelta(hours=9 * back),
            graded_at=BEGIN + 8 * WEEK,
            counts=back == 0,
        )
        for back in reversed(range(count))
    )
