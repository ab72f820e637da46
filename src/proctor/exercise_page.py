"""What a person reads about one exercise: where it lies, what it asks for, and what came of every check."""

import os
from pathlib import Path
from typing import Final

from proctor.catalog import Exercise
from proctor.hostile_text import neutral, one_line
from proctor.scorecard import CheckResult, Outcome, Scorecard, Status, Visibility
from proctor.terminal import Terminal

__all__ = [
    "GRADED_ELSEWHERE",
    "SHOWN_CHECKS",
    "graded_elsewhere",
    "points_of",
    "show_check",
    "show_checks",
    "show_exercise",
    "shown_path",
    "state_of",
]

SHOWN_CHECKS: Final = 3
"""Failed checks that are shown in full; the others are named."""

GRADED_ELSEWHERE: Final = "graded by your teacher"
"""The state of an exercise without a public check."""

PRINTED: Final = 2000
"""Characters of what a submission has printed."""


def show_exercise(terminal: Terminal, exercise: Exercise, submissions: Path) -> None:
    """Say what an exercise asks for, and where its files lie; ``submissions`` is the folder that was graded."""
    terminal.line(exercise.manifest.summary, indent=2)
    terminal.line(f"edit  {shown_path(submissions / exercise.slug / exercise.main_file)}", indent=2)
    terminal.line(f"read  {shown_path(exercise.folder / 'README.md')}", indent=2)
    if exercise.released is not None and exercise.released.hidden_points:
        points = f"{exercise.max_score} public points; {graded_elsewhere(exercise.released.hidden_points)}"
        terminal.line(f"here  {points}", indent=2)


def show_checks(terminal: Terminal, card: Scorecard, shown: int = SHOWN_CHECKS, *, names_others: bool = True) -> None:
    """Say what is to be done: the first failed checks in full, and the others by name, unless they are known."""
    for note in card.notes:
        terminal.line()
        terminal.line(f"note: {one_line(note)}", "yellow", indent=2)
    if card.status is not Status.GRADED:
        terminal.line()
        terminal.line(neutral(card.message), "dim" if card.is_hidden else "red", indent=2)
        return
    for check in card.failed[:shown]:
        show_check(terminal, check)
    others = card.failed[shown:]
    if others:
        terminal.line()
        terminal.line(f"and {len(others)} more{':' * names_others}", indent=2)
    for check in others if names_others else ():
        terminal.line(f"{check.title} ({check.points} points)", "dim", indent=4)


def show_check(terminal: Terminal, check: CheckResult) -> None:
    """Say what came of one check that did not pass."""
    mark = "could not be decided" if check.outcome is Outcome.ERROR else f"0 of {check.points} points"
    terminal.line()
    terminal.line(f"{check.title}: {mark}", "bold", indent=2)
    if check.visibility is Visibility.ALWAYS:
        terminal.line(neutral(check.message), indent=4)
    if check.printed:
        terminal.line("your code printed:", "dim", indent=4)
        terminal.line(neutral(check.printed, PRINTED).rstrip(), "dim", indent=6)


def points_of(card: Scorecard) -> str:
    """Return the points as ``80/100``; nothing where there are none to be had here."""
    if card.is_hidden:
        return ""
    return f"{'?' if card.score is None else card.score}/{card.max_score}"


def graded_elsewhere(points: int) -> str:
    """Say what the teacher grades: these points, of hidden checks."""
    return f"{points} more points are graded by your teacher"


def state_of(card: Scorecard) -> str:
    """Say in a word or two how far an exercise is."""
    if card.is_hidden:
        return GRADED_ELSEWHERE
    if card.status is Status.GRADED and card.is_complete:
        return "public part done" if card.hidden else "done"
    if card.status is Status.GRADED and card.message:
        return "not started"
    return {
        Status.GRADED: f"{len(card.failed)} to go",
        Status.UNREADABLE: "cannot be loaded",
        Status.ERROR: "our fault",
        Status.UNAVAILABLE: "not available here",
    }[card.status]


def shown_path(path: Path) -> str:
    """Name a path as somebody would who stands in the working directory."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else os.fspath(path)
