"""What a person sees in the terminal: progress while grading, then the board, then what to do next.

On a terminal it is drawn with rich; elsewhere, and with ``NO_COLOR`` set (https://no-color.org), it is plain text that
any console and any log can show.
"""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from proctor.catalog import Course
from proctor.hostile_text import neutral
from proctor.scorecard import CheckResult, Outcome, Report, Scorecard, Status, Visibility
from proctor.verdict import Verdict

__all__ = ["Board"]

BAR: Final = 20
SHOWN_CHECKS: Final = 3
"""Failed checks that are shown in full for the next exercise; the others are named."""


class Board:
    """Shows one run of a course; ``submissions`` is the folder that was graded."""

    def __init__(self, course: Course, submissions: Path, console: Console | None = None) -> None:
        self._course, self._submissions = course, submissions
        self._console = console or Console(highlight=False)
        self._is_plain = not self._console.is_terminal or "NO_COLOR" in os.environ

    @contextmanager
    def progress(self) -> Generator[Callable[[Verdict, int], None]]:
        """Show a bar that moves with every verdict, on a terminal only."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(BAR), MofNCompleteColumn())
        with Progress(*columns, console=self._console, transient=True, disable=self._is_plain) as bar:
            task = bar.add_task("checking", total=None)

            def advance(verdict: Verdict, total: int) -> None:
                bar.update(task, advance=1, total=total, description=f"checking {verdict.job}")

            yield advance

    def show(self, report: Report) -> None:
        """Show the board, and the feedback for the exercise that comes next."""
        cards = {card.exercise: card for card in report.scorecards}
        if self._is_plain:
            self._show_plain(cards)
        else:
            self._show_table(cards)
        self._line(_summary(report))
        if report.isolation:
            self._line(f"held by: {', '.join(report.isolation)}", "dim")
        if report.not_protected:
            self._line("Some isolation is missing here; `nox -s doctor` says what that leaves open.", "yellow")
        available = [card for card in report.scorecards if card.status is not Status.UNAVAILABLE]
        following = next((card for card in available or report.scorecards if not card.is_complete), None)
        if following is not None:
            self._show_feedback(following)

    def _line(self, text: str = "", style: str = "", indent: int = 0) -> None:
        """Print some text; a terminal wraps it, each line with its own indent, and a log gets it as it is."""
        style = "" if self._is_plain else style
        for line in text.split("\n"):
            margin = indent + len(line) - len(line.lstrip())
            if self._is_plain or "://" in line:  # a link that is broken in two cannot be followed
                self._console.print(Text(" " * margin * bool(line) + line.lstrip(), style=style), soft_wrap=True)
            else:
                self._console.print(Padding(Text(line.lstrip(), style=style), (0, 0, 0, margin)))

    def _show_plain(self, cards: dict[str, Scorecard]) -> None:
        for chapter in self._course.chapters:
            mine = [cards[one.slug] for one in chapter.exercises if one.slug in cards]
            if mine:
                self._line(chapter.title)
            for card in mine:
                self._line(f"  {card.exercise:<28} {_points(card):>9}  {_state(card)}")

    def _show_table(self, cards: dict[str, Scorecard]) -> None:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for column in ("", "exercise", "points", "", ""):
            table.add_column(column)
        for chapter in self._course.chapters:
            mine = [one for one in chapter.exercises if one.slug in cards]
            for position, exercise in enumerate(mine):
                card = cards[exercise.slug]
                heading = Text(chapter.title if position == 0 else "", style="bold")
                table.add_row(
                    heading, escape(exercise.slug), _bar(card), _points(card), Text(_state(card), style="dim")
                )
        self._console.print(table)

    def _show_feedback(self, card: Scorecard) -> None:
        exercise = self._course.exercise(card.exercise)
        self._line()
        self._line(f"Next: {exercise.manifest.title}", "bold")
        self._line(exercise.manifest.summary, indent=2)
        self._line(f"edit  {_shown(self._submissions / exercise.slug / exercise.main_file)}", indent=2)
        self._line(f"read  {_shown(exercise.folder / 'README.md')}", indent=2)
        if card.status is not Status.GRADED:
            self._line()
            self._line(neutral(card.message), "red", indent=2)
            return
        for check in card.failed[:SHOWN_CHECKS]:
            self._show_check(check)
        more = card.failed[SHOWN_CHECKS:]
        if more:
            self._line()
            self._line(f"and {len(more)} more:", indent=2)
        for check in more:
            self._line(f"{check.title} ({check.points} points)", "dim", indent=4)

    def _show_check(self, check: CheckResult) -> None:
        mark = "could not be decided" if check.outcome is Outcome.ERROR else f"0 of {check.points} points"
        self._line()
        self._line(f"{check.title}: {mark}", "bold", indent=2)
        if check.visibility is Visibility.ALWAYS:
            self._line(neutral(check.message), indent=4)
        if check.printed:
            self._line("your code printed:", "dim", indent=4)
            self._line(neutral(check.printed, 2000).rstrip(), "dim", indent=6)


def _summary(report: Report) -> str:
    score = sum(card.score or 0 for card in report.scorecards)
    possible = sum(card.max_score for card in report.scorecards if card.status is not Status.UNAVAILABLE)
    checks = [check for card in report.scorecards for check in card.checks]
    passed = sum(check.outcome is Outcome.PASSED for check in checks)
    return f"\n{score} of {possible} points, {passed} of {len(checks)} checks passed (seed {report.seed})"


def _points(card: Scorecard) -> str:
    return f"{'?' if card.score is None else card.score}/{card.max_score}"


def _state(card: Scorecard) -> str:
    if card.status is Status.GRADED and card.is_complete:
        return "done"
    if card.status is Status.GRADED and card.message:
        return "not started"
    return {
        Status.GRADED: f"{len(card.failed)} to go",
        Status.UNREADABLE: "cannot be loaded",
        Status.ERROR: "our fault",
        Status.UNAVAILABLE: "not available here",
    }[card.status]


def _bar(card: Scorecard) -> Text:
    filled = round(BAR * (card.score or 0) / max(card.max_score, 1))
    style = "green" if card.is_complete else "red" if card.status is Status.ERROR else "yellow"
    return Text("━" * filled, style=style) + Text("━" * (BAR - filled), style="dim")


def _shown(path: Path) -> str:
    """Name a path as somebody would who stands in the working directory."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else os.fspath(path)
