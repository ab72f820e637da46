"""The board: every exercise of the course with its points, then the one that comes next with what is to be done."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from proctor.catalog import Course
from proctor.exercise_page import graded_elsewhere, points_of, show_checks, show_exercise, state_of
from proctor.scorecard import Outcome, Report, Scorecard, Status
from proctor.terminal import Terminal, bar_of

__all__ = ["Background", "Board"]


@dataclass(frozen=True)
class Background:
    """What is known of the learner beside the report; nothing, where somebody else's work is graded.

    ``place`` is the exercise that is worked at, ``given_up`` those whose solution was looked at early. ``recalled``
    counts the scorecards of before, ``notices`` are for the learner.
    """

    place: str = ""
    given_up: Collection[str] = ()
    recalled: int = 0
    notices: Collection[str] = ()


NOBODY = Background()


class Board:
    """Shows one run of a course; ``submissions`` is the folder that was graded."""

    def __init__(self, course: Course, submissions: Path, terminal: Terminal | None = None) -> None:
        self._course, self._submissions = course, submissions
        self.terminal = terminal or Terminal()

    def show(self, report: Report, background: Background = NOBODY) -> None:
        """Show the board, and the feedback for the exercise that comes next."""
        cards = {card.exercise: card for card in report.scorecards}
        states = {slug: _state(card, background) for slug, card in cards.items()}
        if self.terminal.is_plain:
            self._show_plain(cards, states)
        else:
            self._show_table(cards, states)
        is_graded = background.recalled < len(cards)
        self.terminal.line(_summary(report) + (f" (seed {report.seed})" if is_graded else ""))
        if hidden := sum(card.hidden.points for card in report.scorecards if card.hidden):
            self.terminal.line(f"This is provisional: {graded_elsewhere(hidden)}.")
        if background.recalled:
            count = f"{background.recalled} of {len(cards)}" if is_graded else "All"
            self.terminal.line(f"{count} as graded before: nothing has changed there (`--again` grades anew).", "dim")
        if report.isolation:
            self.terminal.line(f"held by: {', '.join(report.isolation)}", "dim")
        if report.not_protected:
            self.terminal.line("Some isolation is missing here; `nox -s doctor` says what that leaves open.", "yellow")
        for notice in background.notices:
            self.terminal.line(notice, "yellow")
        available = [card for card in report.scorecards if card.status is not Status.UNAVAILABLE]
        open_cards = [card for card in available or report.scorecards if not card.is_complete and not card.is_hidden]
        following = next((card for card in open_cards if card.exercise == background.place), None)
        if open_cards:
            self._show_next(following or open_cards[0])

    def _show_plain(self, cards: dict[str, Scorecard], states: dict[str, str]) -> None:
        for chapter in self._course.chapters:
            mine = [cards[one.slug] for one in chapter.exercises if one.slug in cards]
            if mine:
                self.terminal.line(chapter.title)
            for card in mine:
                self.terminal.line(f"  {card.exercise:<28} {points_of(card):>9}  {states[card.exercise]}")

    def _show_table(self, cards: dict[str, Scorecard], states: dict[str, str]) -> None:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for column in ("", "exercise", "points", "", ""):
            table.add_column(column)
        for chapter in self._course.chapters:
            mine = [one for one in chapter.exercises if one.slug in cards]
            for position, exercise in enumerate(mine):
                card = cards[exercise.slug]
                heading = Text(chapter.title if position == 0 else "", style="bold")
                state = Text(states[exercise.slug], style="dim")
                table.add_row(heading, escape(exercise.slug), _bar(card), points_of(card), state)
        self.terminal.console.print(table)

    def _show_next(self, card: Scorecard) -> None:
        exercise = self._course.exercise(card.exercise)
        self.terminal.line()
        self.terminal.line(f"Next: {exercise.manifest.title}", "bold")
        show_exercise(self.terminal, exercise, self._submissions)
        show_checks(self.terminal, card)


def _summary(report: Report) -> str:
    score = sum(card.score or 0 for card in report.scorecards)
    possible = sum(card.max_score for card in report.scorecards if card.status is not Status.UNAVAILABLE)
    checks = [check for card in report.scorecards for check in card.checks]
    passed = sum(check.outcome is Outcome.PASSED for check in checks)
    kind = "public points" if any(card.hidden for card in report.scorecards) else "points"
    return f"\n{score} of {possible} {kind}, {passed} of {len(checks)} checks passed"


def _state(card: Scorecard, background: Background) -> str:
    looked = ", with a look at the solution" if card.exercise in background.given_up else ""
    return f"{state_of(card)}{looked}"


def _bar(card: Scorecard) -> Text:
    style = "green" if card.is_complete else "red" if card.status is Status.ERROR else "yellow"
    return bar_of((card.score or 0) / max(card.max_score, 1), style)
