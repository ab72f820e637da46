"""The class page: everything that is known of a class, for its teacher, as one HTML file.

It has a grid of students by exercise, who has no verdict, how points are spread, which checks tell and which are
suspicious, what is misunderstood, when students work, whose work is alike, and why points are what they are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from proctor.classroom.similarity import SimilarPair
from proctor.classroom.statistics import ClassStatistics, ExerciseStatistics, Misconception
from proctor.gradebook.class_report import ClassReport, Column, Row, RowStatus, StudentReport
from proctor.hostile_text import neutral, one_line
from proctor.reports.cell import CHANGED, LEGEND, Cell, Sign, cell_of, late
from proctor.reports.drawings import Histogram, histogram_of, timeline_of
from proctor.reports.html_page import moment, number, plural, render

__all__ = ["to_class_page"]

LONGEST_MESSAGE: Final = 600

CASES: Final = {
    RowStatus.ERROR: ("Our fault", "Grading did not come to a decision. Grade these again; nobody loses points."),
    RowStatus.UNAVAILABLE: ("Not graded here", "The machine lacked what the exercise needs. Grade these on another."),
    RowStatus.UNREADABLE: ("Unreadable", "Handed in, and cannot be loaded: no points. The remarks say what is wrong."),
    RowStatus.MISSING: ("Missing", "Nothing was handed in: no points."),
}
"""Every status without a verdict on what somebody can do: what it is called, and what to do about it."""

FOOTNOTES: Final = "¹²³⁴⁵⁶⁷⁸⁹"


@dataclass(frozen=True)
class _Column:
    title: str
    hint: str
    median: Decimal | None
    begins: bool  # a chapter


@dataclass(frozen=True)
class _Remark:
    title: str
    what: str
    reasons: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class _Student:
    number: int
    id: str
    name: str
    more: str
    grade: Decimal | None
    cells: tuple[tuple[Cell, bool], ...]
    remarks: tuple[_Remark, ...]
    is_open: bool


@dataclass(frozen=True)
class _Case:
    sign: Sign
    title: str
    about: str
    count: int
    exercises: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class _Exercise:
    facts: ExerciseStatistics
    drawing: Histogram
    notes: dict[str, str]


@dataclass(frozen=True)
class _Misconception:
    facts: Misconception
    exercise: str
    link: str
    message: str


def to_class_page(report: ClassReport, statistics: ClassStatistics, similar: Sequence[SimilarPair]) -> str:
    """Return the page of a class. ``statistics`` are those of this report; pairs are shown in the order given."""
    columns = _columns(report.columns, statistics)
    students = [_student(place, one, columns) for place, one in enumerate(report.students, 1)]
    titles = {column.exercise: column.title for column in report.columns}
    return render(
        "class_page.html",
        script="class_page.js",
        proctor=report.proctor,
        course=report.course,
        made_at=report.made_at,
        summary=_summary(report, statistics),
        signs=[CHANGED, *LEGEND.values()],
        columns=columns,
        students=students,
        grades=statistics.grades,
        cases=[case for status in CASES if (case := _case(status, report)).count],
        absent=_absent(report),
        suspicious=statistics.suspicious,
        grade_drawing=histogram_of(statistics.grades, "Grades"),
        exercises=[_exercise(one) for one in statistics.exercises],
        misconceptions=[_misconception(one, report, titles) for one in statistics.misconceptions],
        timeline=timeline_of(statistics.attempts),
        undated=statistics.undated_attempts,
        similar=similar,
        titles=titles,
        remarked=[student for student in students if student.remarks],
    )


def _summary(report: ClassReport, statistics: ClassStatistics) -> str:
    """The class in two sentences."""
    counts = Counter(row.status for student in report.students for row in student.rows)
    size = f"{plural(len(report.students), 'student')}, {plural(len(report.columns), 'exercise')}"
    grade = statistics.grades.median
    standing = "no grades yet" if grade is None else f"the median of their grades is {number(grade, 1)} of 100"
    others = [f"{counts[status]:,} {sign.words}" for status, sign in LEGEND.items() if counts[status]]
    works = f"Of {plural(sum(counts.values()), 'piece')} of work, {counts[RowStatus.GRADED]:,} are graded"
    return f"{size}; {standing}. {', '.join([works, *others])}."


def _columns(columns: Sequence[Column], statistics: ClassStatistics) -> list[_Column]:
    medians = {one.exercise: one.points.median for one in statistics.exercises}
    chapter = ""
    shown: list[_Column] = []
    for column in columns:
        facts = [column.exercise, column.chapter, f"of {column.max_score} points", f"weight {number(column.weight)}"]
        facts += [f"due {moment(column.due_at)}"] if column.due_at else []
        begins = bool(shown) and column.chapter != chapter
        chapter = column.chapter
        shown.append(_Column(column.title, ", ".join(filter(None, facts)), medians.get(column.exercise), begins))
    return shown


def _student(place: int, report: StudentReport, columns: Sequence[_Column]) -> _Student:
    student = report.student
    pairs = list(zip(report.rows, columns, strict=True))
    return _Student(
        number=place,
        id=student.id,
        name=one_line(student.name),
        more=one_line(" ".join(filter(None, [student.section, student.team]))),
        grade=report.grade,
        cells=tuple((cell_of(row), column.begins) for row, column in pairs),
        remarks=tuple(_remark(row, column) for row, column in pairs if row.reasons or row.message or row.late_s),
        is_open=any(row.status in CASES for row in report.rows),
    )


def _remark(row: Row, column: _Column) -> _Remark:
    cell = cell_of(row)
    words = [cell.sign.words] if cell.sign and cell.sign is not CHANGED else []
    words += [f"{number(row.points)} of {row.max_score}"] if row.points is not None else []
    words += [f"the checks gave {row.score}"] if row.score is not None and row.score != row.points else []
    words += [late(row.late_s)] if row.late_s else []
    return _Remark(column.title, f"{', '.join(words)}.", row.reasons, one_line(row.message, LONGEST_MESSAGE))


def _case(status: RowStatus, report: ClassReport) -> _Case:
    exercises: list[tuple[str, tuple[str, ...]]] = []
    for place, column in enumerate(report.columns):
        who = tuple(one.student.id for one in report.students if one.rows[place].status is status)
        if who:
            exercises.append((column.title, who))
    title, about = CASES[status]
    return _Case(LEGEND[status], title, about, sum(len(who) for _, who in exercises), tuple(exercises))


def _absent(report: ClassReport) -> list[str]:
    """The ids of those who have handed in nothing at all."""
    return [
        one.student.id
        for one in report.students
        if one.rows and all(row.status is RowStatus.MISSING for row in one.rows)
    ]


def _exercise(facts: ExerciseStatistics) -> _Exercise:
    """Give each reason why a check has no discrimination a footnote of its own."""
    whys = dict.fromkeys(check.why_none for check in facts.checks if check.discrimination is None)
    notes = {why: FOOTNOTES[place % len(FOOTNOTES)] for place, why in enumerate(whys)}
    return _Exercise(facts, histogram_of(facts.points, "Points"), notes)


def _misconception(facts: Misconception, report: ClassReport, titles: Mapping[str, str]) -> _Misconception:
    link = facts.link if facts.link.startswith(("https://", "http://")) else ""
    title = titles.get(facts.exercise, facts.exercise)
    return _Misconception(facts, title, link, neutral(_told(facts, report), LONGEST_MESSAGE))


def _told(facts: Misconception, report: ClassReport) -> str:
    """What the first of those who share it was told; empty where nothing was."""
    messages = (
        check.message
        for one in report.students
        if one.student.id in facts.examples
        for row in one.rows
        if row.exercise == facts.exercise
        for check in row.checks
        if check.mistake == facts.mistake
    )
    return next(filter(None, messages), "")
