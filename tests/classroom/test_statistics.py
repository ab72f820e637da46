"""What a class's results say, reckoned again by hand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from math import isclose
from pathlib import Path
from statistics import correlation

import pytest

from proctor.catalog import load_course
from proctor.classroom.statistics import CheckStatistics, ClassStatistics, class_statistics
from proctor.gradebook.class_report import AttemptReport, ClassReport, Column, Row, RowStatus, StudentReport
from proctor.gradebook.student import Student
from proctor.scorecard import CheckResult, Outcome, Visibility

ROOT = Path(__file__).parents[2]
SLUG = "little-server"


def check(name: str, *, passed: bool | None, points: int = 10, mistake: str = "") -> CheckResult:
    outcome = {True: Outcome.PASSED, False: Outcome.FAILED, None: Outcome.ERROR}[passed]
    score = {True: points, False: 0, None: None}[passed]
    return CheckResult(
        id=name, title=name, points=points, score=score, outcome=outcome, visibility=Visibility.ALWAYS, mistake=mistake
    )


def row(
    points: str | None = None,
    status: RowStatus = RowStatus.GRADED,
    checks: Sequence[CheckResult] = (),
    attempts: Sequence[datetime | None] = (),
    slug: str = SLUG,
) -> Row:
    return Row(
        exercise=slug,
        status=status,
        points=None if points is None else Decimal(points),
        checks=tuple(checks),
        attempts=tuple(
            AttemptReport(
                submission="sha256:0",
                graders="sha256:1",
                status=status,
                score=0,
                submitted_at=moment,
                graded_at=datetime(2026, 11, 22, tzinfo=UTC),
            )
            for moment in attempts
        ),
    )


def statistics_of(*rows: Row | Sequence[Row], grades: Sequence[str | None] = ()) -> ClassStatistics:
    of_students = [[one] if isinstance(one, Row) else list(one) for one in rows]
    final = [None if grade is None else Decimal(grade) for grade in grades] or [None] * len(rows)
    report = ClassReport(
        proctor="0.1.0",
        course="A course",
        made_at=datetime(2026, 11, 22, tzinfo=UTC),
        columns=tuple(Column(exercise=one.exercise, title=one.exercise) for one in (of_students or [[]])[0]),
        students=tuple(
            StudentReport(student=Student(id=f"s{number:02}"), rows=tuple(its_rows), grade=grade)
            for number, (its_rows, grade) in enumerate(zip(of_students, final, strict=True))
        ),
    )
    return class_statistics(report, load_course(ROOT))


def checks_of(results: Sequence[Sequence[bool | None]]) -> tuple[CheckStatistics, ...]:
    """Return the statistics of checks named a, b, ... from what every student passed."""
    rows = [row("0", checks=[check("abcdef"[place], passed=it) for place, it in enumerate(one)]) for one in results]
    return statistics_of(*rows).exercises[0].checks


def test_points_are_spread_over_ten_bins_and_summed_up_exactly() -> None:
    points = ["0", "9.99", "10", "33.33", "100", "110", "99.99"]
    spread = statistics_of(*(row(one) for one in points)).exercises[0].points
    assert [entry.students for entry in spread.bins] == [2, 1, 0, 1, 0, 0, 0, 0, 0, 3]
    assert [(entry.lower, entry.upper) for entry in spread.bins][::9] == [(0, 10), (90, 100)]
    exact = sum(map(Fraction, points)) / len(points)
    assert spread.mean == Decimal("51.90")
    assert abs(Fraction(spread.mean or 0) - exact) <= Fraction(1, 200)
    assert (spread.median, spread.lowest, spread.highest) == (Decimal("33.33"), Decimal(0), Decimal(110))
    assert spread.students == 7


def test_a_median_between_two_and_halves_are_rounded_up() -> None:
    spread = statistics_of(row("0.00"), row("0.01")).exercises[0].points
    assert (spread.mean, spread.median) == (Decimal("0.01"), Decimal("0.01"))


def test_every_status_is_counted_and_only_what_was_handed_in_is_spread() -> None:
    exercise = statistics_of(
        row("80"),
        row("0", RowStatus.UNREADABLE),
        row("0", RowStatus.MISSING),
        row(None, RowStatus.MISSING),
        row(None, RowStatus.ERROR),
        row(None, RowStatus.UNAVAILABLE),
        row(None, RowStatus.EXCUSED),
        row("5", RowStatus.MISSING),
    ).exercises[0]
    assert exercise.counts == {
        RowStatus.GRADED: 1,
        RowStatus.UNREADABLE: 1,
        RowStatus.MISSING: 3,
        RowStatus.ERROR: 1,
        RowStatus.UNAVAILABLE: 1,
        RowStatus.EXCUSED: 1,
    }
    assert exercise.points.students == 3
    assert exercise.points.mean == Decimal("28.33")


def test_a_class_of_nobody_and_one_without_points_have_no_numbers() -> None:
    nobody = statistics_of()
    assert (nobody.students, nobody.exercises, nobody.grades.mean) == (0, (), None)
    nothing = statistics_of(row(None, RowStatus.MISSING)).exercises[0]
    assert (nothing.points.mean, nothing.points.median, nothing.points.highest) == (None, None, None)
    assert sum(entry.students for entry in nothing.points.bins) == 0
    assert nothing.checks == ()


def test_final_grades_are_of_100_without_those_that_have_none() -> None:
    grades = statistics_of(row("1"), row("2"), row("3"), grades=["90", None, "70.5"]).grades
    assert (grades.max_score, grades.students, grades.mean) == (100, 2, Decimal("80.25"))


def test_pass_rates_are_of_those_where_it_was_decided() -> None:
    (only,) = checks_of([[True], [True], [False], [None]])
    assert (only.passed, only.failed, only.undecided) == (2, 1, 1)
    assert only.pass_rate == Decimal("0.6667")


def test_work_that_cannot_be_loaded_says_nothing_about_a_check() -> None:
    broken = row("0", RowStatus.UNREADABLE, [check("a", passed=False)])
    (only,) = statistics_of(row("10", checks=[check("a", passed=True)]), broken).exercises[0].checks
    assert (only.passed, only.failed) == (1, 0)


def test_discrimination_is_the_correlation_of_passing_with_the_other_points() -> None:
    results = [[number % 3 != 0, number > 4, number > 7, number % 4 != 1] for number in range(12)]
    for place, found in enumerate(checks_of(results)):
        passed = [float(one[place]) for one in results]
        rest = [float(sum(10 for other, it in enumerate(one) if it and other != place)) for one in results]
        assert found.discrimination is not None
        assert isclose(float(found.discrimination), correlation(passed, rest), abs_tol=0.00501)
        assert found.why_none == ""


def test_a_check_that_strong_students_fail_is_suspicious_and_the_others_are_not() -> None:
    results = [[number >= 5, number >= 3, number >= 7, number < 6] for number in range(12)]
    found = checks_of(results)
    assert [one.is_suspicious for one in found] == [False, False, False, True]
    assert found[3].discrimination is not None
    assert found[3].discrimination < -Decimal("0.5")


def test_a_correlation_that_chance_gives_is_not_suspicious() -> None:
    results = [[number != 6, number >= 3, number >= 6, number >= 9] for number in range(12)]
    first = checks_of(results)[0]
    assert first.discrimination == Decimal("-0.13")
    assert not first.is_suspicious


@pytest.mark.parametrize(
    ("results", "why"),
    [
        ([[True, False]] * 9, "Only 9 of the class have every check decided; fewer than 10 say nothing."),
        ([[True, number > 4] for number in range(12)], "All 12 passed it, so it tells nobody from anybody."),
        ([[False, number > 4] for number in range(12)], "All 12 failed it, so it tells nobody from anybody."),
        (
            [[number > 4, True] for number in range(12)],
            "All 12 have the same points in the other checks, so nobody is stronger than others.",
        ),
        (
            [[number > 4] for number in range(12)],
            "All 12 have the same points in the other checks, so nobody is stronger than others.",
        ),
        ([[number > 4, None] for number in range(12)], "Only 0 of the class have every check decided; "),
    ],
)
def test_without_a_number_it_is_said_why(results: Sequence[Sequence[bool | None]], why: str) -> None:
    first = checks_of(results)[0]
    assert first.discrimination is None
    assert first.why_none.startswith(why)
    assert not first.is_suspicious


def test_misconceptions_come_with_those_that_share_them_and_the_sentence_of_the_course() -> None:
    exercise = load_course(ROOT).exercise(SLUG)
    name, mistake = next(iter(exercise.mistakes.items()))
    shared = row("0", checks=[check("a", passed=False, mistake=name), check("b", passed=False, mistake=name)])
    unknown = row("0", checks=[check("a", passed=False, mistake="long_gone"), check("b", passed=True, mistake=name)])
    found = statistics_of(unknown, *[shared] * 7)
    first, second = found.misconceptions
    assert (first.exercise, first.mistake, first.sentence, first.link) == (SLUG, name, mistake.says, str(mistake.link))
    assert first.students == tuple(f"s{number:02}" for number in range(1, 8))
    assert first.examples == first.students[:5]
    assert first.checks == ("a", "b")
    assert (second.mistake, second.sentence, second.link, second.students) == ("long_gone", "", "", ("s00",))
    assert found.exercises[0].misconceptions == (first, second)


def test_attempts_are_counted_by_day_and_exercise() -> None:
    at = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    in_auckland = at.astimezone(timezone(timedelta(hours=13)))
    found = statistics_of(
        [row("1", attempts=[at, at + timedelta(hours=1)]), row("1", attempts=[None, in_auckland], slug="essay")],
        [row("1", attempts=[at]), row(None, RowStatus.MISSING, slug="essay")],
    )
    assert [(one.day, one.exercise, one.attempts) for one in found.attempts] == [
        (date(2026, 11, 22), SLUG, 2),
        (date(2026, 11, 22), "essay", 1),
        (date(2026, 11, 23), SLUG, 1),
    ]
    assert found.undated_attempts == 1
    assert [one.attempts for one in found.exercises] == [3, 2]


def test_the_same_report_gives_the_same_statistics() -> None:
    results = [[number % 3 != 0, number > 4, number > 7] for number in range(12)]
    assert checks_of(results) == checks_of(results)
