"""Where a teacher works: a gradebook, the course and the class file, and what is entered there as a decision.

Whatever is named is looked up first. A decision is refused where it is likely a slip of the hand: points beyond what
the exercise is worth, an extension to a day before it is due, the end of a decision that nobody has made.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from getpass import getuser
from pathlib import Path
from typing import Final

from proctor.catalog import Course, find_root, load_course
from proctor.errors import UsageError, did_you_mean
from proctor.gradebook.class_file import ClassFile, columns_of, moment, read_class_file
from proctor.gradebook.class_report import ClassReport, Column
from proctor.gradebook.decision import Decision, DecisionKind
from proctor.gradebook.gradebook import Gradebook
from proctor.gradebook.grades import decisions_in_force, report_of
from proctor.gradebook.late import number, time_in_words
from proctor.gradebook.student import Student

__all__ = ["EVERYBODY", "Desk", "Wish", "open_desk", "open_gradebook"]

EVERYBODY: Final = "all"
CLASS_FILE: Final = "class.toml"
_DATE: Final = "2026-12-03"
_CENTS: Final = -2
_NOUNS: Final = {
    DecisionKind.OVERRIDE: "override",
    DecisionKind.GIVEN: "gift of points",
    DecisionKind.EXTENSION: "extension",
    DecisionKind.EXCUSE: "excuse",
}


@dataclass(frozen=True)
class Wish:
    """What a teacher asks for. ``value`` is what was written as points or as a time, empty for a kind without any.

    ``student`` may be `EVERYBODY` where that makes sense. ``withdraw`` puts an end to what is in force.
    """

    kind: DecisionKind
    student: str
    exercise: str
    reason: str
    author: str = ""
    value: str = ""
    withdraw: bool = False


@dataclass(frozen=True)
class Desk:
    """A gradebook with what is needed to make grades of it."""

    gradebook: Gradebook
    course: Course
    class_file: ClassFile

    def report(self) -> ClassReport:
        """Return what is known of the class now."""
        return report_of(self.gradebook, self.course, self.class_file, datetime.now(UTC))

    def student(self, name: str) -> Student:
        """Return the student of that id. Raises UsageError, with the near miss, where there is none."""
        known = {student.id: student for student in self.gradebook.students()}
        if name not in known:
            advice = did_you_mean(name, list(known)) if known else "It has no students yet."
            raise UsageError(f"there is no student `{name}` in the gradebook. {advice}")
        return known[name]

    def column(self, name: str) -> Column:
        """Return the exercise, or what is graded by hand. Raises UsageError, with the near miss, where it is none."""
        known = {column.exercise: column for column in columns_of(self.course, self.class_file)}
        if name not in known:
            raise UsageError(f"there is no exercise `{name}` in this class. {did_you_mean(name, list(known))}")
        return known[name]

    def decide(self, wish: Wish) -> tuple[Decision, ...]:
        """Enter a decision for one student, or for everybody; return what was entered.

        Raises UsageError for what there is not, and for what is likely a slip.
        """
        column = self.column(wish.exercise)
        whole_class = wish.student == EVERYBODY and wish.kind in {DecisionKind.EXTENSION, DecisionKind.EXCUSE}
        students = self.gradebook.students() if whole_class else [self.student(wish.student)]
        if not wish.reason.strip():
            raise UsageError("a decision needs a reason: `--reason TEXT` says why, and the student reads it")
        author = wish.author.strip() or _somebody()
        points, until = self._read(wish, column)
        if wish.withdraw:
            in_force = decisions_in_force(self.gradebook.decisions())
            students = [one for one in students if wish.kind in in_force.get((one.id, column.exercise), {})]
            if not students:
                raise UsageError(f"no {_NOUNS[wish.kind]} is in force for `{wish.student}` at `{column.exercise}`")
        made_at = datetime.now(UTC)
        decisions = tuple(
            Decision(
                student=student.id,
                exercise=column.exercise,
                kind=wish.kind,
                author=author,
                reason=wish.reason.strip(),
                made_at=made_at,
                points=points,
                until=until,
                is_withdrawn=wish.withdraw,
            )
            for student in students
        )
        for decision in decisions:
            self.gradebook.decide(decision)
        return decisions

    def _read(self, wish: Wish, column: Column) -> tuple[Decimal | None, datetime | None]:
        """Return points and time of a decision, as far as its kind has any."""
        if wish.withdraw and wish.value:
            raise UsageError(f"`--withdraw` puts an end to what is in force: leave `{wish.value}` out")
        if wish.withdraw or wish.kind is DecisionKind.EXCUSE:
            return None, None
        is_by_hand = column.exercise in {one.id for one in self.class_file.by_hand}
        if wish.kind is not DecisionKind.EXTENSION:
            may_take = wish.kind is DecisionKind.GIVEN and not is_by_hand
            return _points(wish.value, -column.max_score if may_take else 0, column), None
        if is_by_hand:
            raise UsageError(f"`{column.exercise}` is graded by hand and is never due: there is nothing to extend")
        until = self._time(wish.value)
        if column.due_at is not None and until <= column.due_at:
            due = time_in_words(column.due_at, self.class_file.zone)
            raise UsageError(f"`{column.exercise}` is due {due}: an extension ends later than that")
        return None, until

    def _time(self, text: str) -> datetime:
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            raise UsageError(f"`{text}` is no time: write one like `{_DATE}T23:59`") from None
        if len(text) <= len(_DATE):
            raise UsageError(f"`{text}` could be the beginning of the day or its end: write `{text}T23:59`")
        try:
            return moment(time, self.class_file.zone)
        except ValueError as error:
            raise UsageError(str(error)) from None


@contextmanager
def open_gradebook(path: Path) -> Generator[Gradebook]:
    """Open a gradebook that is there. Raises UsageError for one that is not: reading should make no empty file."""
    if not path.is_file():
        raise UsageError(f"there is no gradebook `{path}`: `--gradebook FILE` names it, `proctor classroom` makes one")
    with Gradebook.open(path) as gradebook:
        yield gradebook


@contextmanager
def open_desk(path: Path, class_file: Path | None = None) -> Generator[Desk]:
    """Open a gradebook with the course of the working directory, and with the class file beside it where there is one.

    Raises UsageError for a file that is not there.
    """
    beside = path.parent / CLASS_FILE
    if class_file is None and beside.is_file():
        class_file = beside
    course = load_course(find_root(Path.cwd()))
    terms = read_class_file(class_file, course)
    with open_gradebook(path) as gradebook:
        yield Desk(gradebook, course, terms)


def _points(text: str, least: int, column: Column) -> Decimal:
    try:
        points = Decimal(text)
    except InvalidOperation:
        points = Decimal("NaN")
    exponent = points.as_tuple().exponent
    if not points.is_finite() or not isinstance(exponent, int) or exponent < _CENTS:
        raise UsageError(f"`{text}` is no number of points: write one like `80` or `12.5`")
    if not least <= points <= column.max_score:
        raise UsageError(
            f"{number(points)} points are out of range for `{column.exercise}`: {least} to {column.max_score}"
        )
    return points


def _somebody() -> str:
    try:
        return getuser()
    except (OSError, KeyError):  # a container may have no name for its user
        raise UsageError("nobody knows who you are here: `--author NAME` says who decides") from None
