"""What tests put into gradebooks: students, attempts, receipts and decisions, made by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from proctor.gradebook.attempt import Attempt, Circumstances
from proctor.gradebook.class_report import RowStatus
from proctor.gradebook.decision import Decision, DecisionKind
from proctor.gradebook.receipt import Receipt
from proctor.gradebook.student import Student
from proctor.scorecard import CheckResult, Outcome, Scorecard, Status, Visibility

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
HERE = Circumstances(seed=7, environment="sha256:environment", isolation=("landlock", "seccomp"))
ADA = Student(id="ada", name="Ada Lovelace", email="ada@example.org", section="1", team="engines", ids={"github": "al"})
BOB = Student(id="bob", name="=HYPERLINK(1)")


def after(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def card(
    submission: str = "sha256:1",
    *,
    exercise: str = "toy",
    graders: str = "sha256:graders",
    status: Status = Status.GRADED,
    score: int | None = 40,
    message: str = "expected 1, saw 2",
    duration_s: float = 0.25,
) -> Scorecard:
    passed = CheckResult(
        id="works", title="It works", points=40, score=40, outcome=Outcome.PASSED, visibility=Visibility.ALWAYS
    )
    failed = CheckResult(
        id="lasts",
        title="It lasts",
        points=60,
        score=0,
        outcome=Outcome.FAILED,
        visibility=Visibility.AFTER_DUE,
        message=message,
        mistake="forgets",
    )
    return Scorecard(
        exercise=exercise,
        submission=submission,
        graders=graders,
        status=status,
        score=score,
        max_score=100,
        duration_s=duration_s,
        checks=(passed, failed),
    )


def attempt(
    student: str = "ada",
    scorecard: Scorecard | None = None,
    *,
    circumstances: Circumstances = HERE,
    files: dict[str, bytes] | None = None,
    submitted_at: datetime | None = MONDAY,
    graded_at: datetime = MONDAY,
) -> Attempt:
    scorecard = scorecard or card()
    files = {"main.py": f"# {scorecard.submission}\n".encode()} if files is None else files
    return Attempt(student, scorecard, circumstances, files, submitted_at, graded_at)


def receipt(
    student: str = "ada",
    exercise: str = "toy",
    *,
    status: RowStatus = RowStatus.GRADED,
    message: str = "",
    looked_at: datetime = MONDAY,
) -> Receipt:
    return Receipt(student, exercise, status, message, "sha256:1", MONDAY, looked_at)


def decision(
    student: str = "ada",
    points: str = "55.50",
    *,
    kind: DecisionKind = DecisionKind.OVERRIDE,
    reason: str = "the exercise was unclear",
    made_at: datetime = MONDAY,
) -> Decision:
    return Decision(student, "toy", kind, "teacher", reason, made_at, points=Decimal(points))
