"""What a teacher reads in a terminal: the grades of a class, and how one student's came about."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from rich.markup import escape
from rich.table import Table

from proctor.gradebook.class_report import AttemptReport, ClassReport, Row, RowStatus, StudentReport
from proctor.gradebook.late import duration_in_words, number, time_in_words
from proctor.hostile_text import one_line
from proctor.terminal import Terminal

__all__ = ["points_in_words", "show_class", "show_student"]

LONGEST_NAME: Final = 40
DIGEST: Final = 12
"""Characters of a digest that tell submissions apart for a reader."""

_WORDS: Final = {
    RowStatus.GRADED: "graded",
    RowStatus.UNREADABLE: "cannot be loaded",
    RowStatus.MISSING: "missing",
    RowStatus.ERROR: "our fault",
    RowStatus.UNAVAILABLE: "not available here",
    RowStatus.EXCUSED: "excused",
}


def show_class(terminal: Terminal, report: ClassReport) -> None:
    """Show one line for each student: the grade, how much of the class it is made from, and what else there is."""
    terminal.line(one_line(report.course), "bold")
    if not report.students:
        terminal.line("There are no students yet.")
        return
    lines = [
        (one.student.id, one_line(one.student.name, LONGEST_NAME), _grade(one), _counted(one), _rest(one))
        for one in report.students
    ]
    headings = ("student", "name", "grade", "counts", "")
    if terminal.is_plain:
        widths = [max(len(line[index]) for line in (headings, *lines)) for index in range(4)]
        for line in (headings, *lines):
            terminal.line("  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[4]]))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading)
    for line in lines:
        table.add_row(*map(escape, line))
    terminal.console.print(table)


def show_student(terminal: Terminal, report: ClassReport, student: str, zone: tzinfo | None) -> None:
    """Show one student's rows with their reasons and attempts, and times as clocks in a zone show them."""
    (mine,) = [one for one in report.students if one.student.id == student]
    who = mine.student
    about = [f"team {who.team}"] * bool(who.team) + [f"section {who.section}"] * bool(who.section)
    terminal.line(one_line(", ".join([f"{who.name} ({who.id})" if who.name else who.id, *about])), "bold")
    terminal.line(f"grade {_grade(mine)} of 100; {_counted(mine)} exercises count")
    later: dict[str, list[str]] = defaultdict(list)
    for column, row in zip(report.columns, mine.rows, strict=True):
        if column.due_at is None and _counts_not_yet(row):
            later[". ".join(row.reasons)].append(row.exercise)
            continue
        terminal.line()
        due = "" if column.due_at is None else f", due {time_in_words(column.due_at, zone)}"
        terminal.line(f"{row.exercise}: {points_in_words(row)}, {_WORDS[row.status]}{due}", "bold", indent=2)
        for line in _details(row, zone):
            terminal.line(one_line(line), indent=4)
    for reason, exercises in later.items():
        terminal.line()
        terminal.line(f"{reason}: {', '.join(exercises)}", "dim", indent=2)


def points_in_words(row: Row) -> str:
    """Say what the points of a row are: ``80 of 100 points``, or ``no points (of 100)`` where they do not count."""
    return (
        f"no points (of {row.max_score})" if row.points is None else f"{number(row.points)} of {row.max_score} points"
    )


def _details(row: Row, zone: tzinfo | None) -> Iterator[str]:
    if row.score is not None and row.points != row.score:
        yield f"the checks gave {row.score}"
    yield from row.reasons
    late = f"{duration_in_words(row.late_s)} late"
    if row.late_s and not any(reason.startswith(late) for reason in row.reasons):
        yield late
    if row.message:
        yield row.message
    for attempt in row.attempts:
        yield f"{'*' if attempt.counts else '-'} {_attempt(attempt, zone)}"


def _attempt(attempt: AttemptReport, zone: tzinfo | None) -> str:
    when = "at an unknown time" if attempt.submitted_at is None else time_in_words(attempt.submitted_at, zone)
    score = "not decided" if attempt.score is None else f"{attempt.score} points"
    digest = attempt.submission.removeprefix("sha256:")[:DIGEST]
    counts = ", this one counts" if attempt.counts else ""
    return f"{digest} handed in {when}, graded {time_in_words(attempt.graded_at, zone)}: {score}{counts}"


def _grade(one: StudentReport) -> str:
    return "-" if one.grade is None else f"{one.grade:.2f}"


def _counted(one: StudentReport) -> str:
    return f"{sum(row.points is not None for row in one.rows)} of {len(one.rows)}"


def _rest(one: StudentReport) -> str:
    """Say how many rows are not just graded."""
    later = sum(map(_counts_not_yet, one.rows))
    late = sum(row.late_s > 0 for row in one.rows)
    statuses = Counter(row.status for row in one.rows if not _counts_not_yet(row))
    found = [f"{statuses[status]} {words}" for status, words in _WORDS.items() if statuses[status]]
    return ", ".join([*found, *([f"{late} late"] * bool(late)), *([f"{later} not counted yet"] * bool(later))])


def _counts_not_yet(row: Row) -> bool:
    """Is it missing, and not due, or not begun by anybody?"""
    return row.status is RowStatus.MISSING and row.points is None and not row.attempts
