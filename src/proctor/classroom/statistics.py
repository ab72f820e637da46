"""What a class's results say about its exercises: how points are spread, which checks tell, what is misunderstood.

Theory of operation
-------------------
Everything is counted from one `ClassReport`, exactly: whole numbers, fractions and decimals, rounded once, when a
number is done. The same report gives the same statistics everywhere.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import mean, median
from typing import Final

from proctor.catalog import Course, Mistake
from proctor.classroom.check_statistics import CheckStatistics, check_statistics, rounded
from proctor.gradebook.class_report import ClassReport, Column, Row, RowStatus, StudentReport
from proctor.scorecard import Outcome

__all__ = [
    "AttemptsOfADay",
    "Bin",
    "CheckStatistics",
    "ClassStatistics",
    "Distribution",
    "ExerciseStatistics",
    "Misconception",
    "class_statistics",
]

HIGHEST_GRADE: Final = 100
BINS: Final = 10
MOST_EXAMPLES: Final = 5

_Rows = list[tuple[str, Row]]
"""One exercise: the ids of all students, each with what has come of it."""


@dataclass(frozen=True)
class Bin:
    """How many have at least ``lower`` and less than ``upper`` points; the last bin has its ``upper`` and all above."""

    lower: Decimal
    upper: Decimal
    students: int


@dataclass(frozen=True)
class Distribution:
    """How points are spread over ``students`` students. The numbers are None where there are none.

    ``bins`` are ten of the same width, from 0 to ``max_score``, whatever is in them.
    """

    max_score: int
    students: int
    mean: Decimal | None
    median: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Misconception:
    """One known mistake that students of the class make: in which exercise, and who, by id and in their order.

    ``sentence`` is what they read about it, ``link`` where more is; both are empty where the course is not at hand or
    does not know the mistake. ``checks`` are the ids of the checks that they failed by it.
    """

    exercise: str
    mistake: str
    sentence: str
    link: str
    students: tuple[str, ...]
    checks: tuple[str, ...]

    @property
    def examples(self) -> tuple[str, ...]:
        """The first students that share it."""
        return self.students[:MOST_EXAMPLES]


@dataclass(frozen=True)
class ExerciseStatistics:
    """One exercise. ``counts`` has every status, also those with 0 students.

    ``points`` are what students get, of those who handed something in or were given points by hand: others, who are
    missing, would hide how difficult the exercise was. ``checks`` are in their order, ``misconceptions`` with those
    that most students share first. ``attempts`` counts all attempts of all students.
    """

    exercise: str
    title: str
    chapter: str
    max_score: int
    counts: Mapping[RowStatus, int]
    points: Distribution
    checks: tuple[CheckStatistics, ...]
    misconceptions: tuple[Misconception, ...]
    attempts: int


@dataclass(frozen=True)
class AttemptsOfADay:
    """How many attempts at an exercise were handed in on a day."""

    day: date
    exercise: str
    attempts: int


@dataclass(frozen=True)
class ClassStatistics:
    """What a class's results say, with ``exercises`` in the order of the columns.

    ``grades`` are final ones, of 100. ``attempts`` are by day, then by exercise in the order of the columns; attempts
    of which nobody knows when they were handed in are counted in ``undated_attempts``. ``misconceptions`` are those of
    all exercises, with those that most students share first, and ``suspicious`` all checks that are.
    """

    course: str
    made_at: datetime
    students: int
    grades: Distribution
    exercises: tuple[ExerciseStatistics, ...]
    attempts: tuple[AttemptsOfADay, ...]
    undated_attempts: int

    @property
    def misconceptions(self) -> tuple[Misconception, ...]:
        """Those of all exercises, with those that most students share first."""
        return _most_shared_first(entry for exercise in self.exercises for entry in exercise.misconceptions)

    @property
    def suspicious(self) -> tuple[CheckStatistics, ...]:
        """The checks that strong students fail more than weak ones."""
        return tuple(check for exercise in self.exercises for check in exercise.checks if check.is_suspicious)


def class_statistics(report: ClassReport, course: Course | None, zone: tzinfo = UTC) -> ClassStatistics:
    """Return what a class's results say about its exercises.

    The course has the sentences of the known mistakes; without it, or where it lacks an exercise, they are empty. A day
    begins at midnight in ``zone``. Raises CourseError when a declaration of mistakes is malformed.
    """
    exercises = {exercise.slug: exercise for exercise in course or ()}
    grades = [entry.grade for entry in report.students if entry.grade is not None]
    rows_of = {column.exercise: _rows_of(column, report.students) for column in report.columns}
    attempts, undated = _attempts(rows_of, zone)
    return ClassStatistics(
        course=report.course,
        made_at=report.made_at,
        students=len(report.students),
        grades=_distribution(grades, HIGHEST_GRADE),
        exercises=tuple(
            _exercise_statistics(
                column,
                rows_of[column.exercise],
                exercises[column.exercise].mistakes if column.exercise in exercises else {},
            )
            for column in report.columns
        ),
        attempts=attempts,
        undated_attempts=undated,
    )


def _rows_of(column: Column, students: Iterable[StudentReport]) -> _Rows:
    return [(entry.student.id, row) for entry in students for row in entry.rows if row.exercise == column.exercise]


def _exercise_statistics(column: Column, rows: _Rows, mistakes: Mapping[str, Mistake]) -> ExerciseStatistics:
    statuses = Counter(row.status for _, row in rows)
    points = [
        row.points
        for _, row in rows
        if row.points is not None and not (row.status is RowStatus.MISSING and row.points == 0)
    ]
    return ExerciseStatistics(
        exercise=column.exercise,
        title=column.title,
        chapter=column.chapter,
        max_score=column.max_score,
        counts={status: statuses[status] for status in RowStatus},
        points=_distribution(points, column.max_score),
        checks=check_statistics(column.exercise, [row for _, row in rows if row.status is RowStatus.GRADED]),
        misconceptions=_misconceptions(column.exercise, rows, mistakes),
        attempts=sum(len(row.attempts) for _, row in rows),
    )


def _distribution(points: Sequence[Decimal], max_score: int) -> Distribution:
    exact = [Fraction(value) for value in points]
    places = Counter(min(int(value * BINS / max_score), BINS - 1) if max_score else BINS - 1 for value in exact)
    edges = [Decimal(max_score * number) / BINS for number in range(BINS + 1)]
    return Distribution(
        max_score=max_score,
        students=len(points),
        mean=rounded(mean(exact), 2) if exact else None,
        median=rounded(median(exact), 2) if exact else None,
        lowest=min(points, default=None),
        highest=max(points, default=None),
        bins=tuple(Bin(*ends, places[number]) for number, ends in enumerate(pairwise(edges))),
    )


# Misconceptions


def _misconceptions(exercise: str, rows: _Rows, mistakes: Mapping[str, Mistake]) -> tuple[Misconception, ...]:
    students: dict[str, dict[str, None]] = defaultdict(dict)  # each once, in their order
    checks: dict[str, dict[str, None]] = defaultdict(dict)
    for student, row in rows:
        for check in row.checks:
            if check.mistake and check.outcome is Outcome.FAILED:
                students[check.mistake][student] = None
                checks[check.mistake][check.id] = None
    return _most_shared_first(
        Misconception(
            exercise=exercise,
            mistake=name,
            sentence=mistakes[name].says if name in mistakes else "",
            link=str(mistakes[name].link) if name in mistakes else "",
            students=tuple(students[name]),
            checks=tuple(checks[name]),
        )
        for name in sorted(students)
    )


def _most_shared_first(misconceptions: Iterable[Misconception]) -> tuple[Misconception, ...]:
    return tuple(sorted(misconceptions, key=lambda entry: -len(entry.students)))


# Attempts


def _attempts(rows_of: Mapping[str, _Rows], zone: tzinfo) -> tuple[tuple[AttemptsOfADay, ...], int]:
    times = [
        (attempt.submitted_at, exercise)
        for exercise, rows in rows_of.items()
        for _, row in rows
        for attempt in row.attempts
    ]
    days = Counter((time.astimezone(zone).date(), exercise) for time, exercise in times if time is not None)
    ordered = sorted(days.items(), key=lambda entry: entry[0][0])  # stable: the exercises stay in their order
    return (
        tuple(AttemptsOfADay(day, exercise, count) for (day, exercise), count in ordered),
        sum(time is None for time, _ in times),
    )
