"""What the watch shows. Every screen is drawn from what is known; on a plain terminal nothing is wiped away."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from proctor.exercise_page import (
    GRADED_ELSEWHERE,
    SHOWN_CHECKS,
    points_of,
    show_checks,
    show_exercise,
    state_of,
)
from proctor.learner.watch.listing import Listing
from proctor.learner.watch.workbench import Workbench
from proctor.scorecard import Outcome, Scorecard, Status
from proctor.terminal import Terminal, bar_of

__all__ = ["checks_under_way", "show_head", "show_list", "show_work"]

_STYLES: Final = {"passed": "green", "failed": "red", "error": "yellow", "": "dim"}
_WORDS: Final = {"passed": "passed", "failed": "failed", "error": "undecided", "": "..."}
_OTHER_LINES: Final = 14
_LINES_OF_A_CHECK: Final = 7
"""About: what does not fit scrolls away at the top."""

_WIDTH: Final = max(map(len, _WORDS.values()))


def show_head(terminal: Terminal, bench: Workbench) -> None:
    """Say which exercise is worked at, and begin a new screen."""
    if not terminal.is_plain:
        terminal.console.clear()
    terminal.line(bench.current.manifest.title, "bold")
    show_exercise(terminal, bench.current, bench.course.root / "exercises")


def checks_under_way(titles: Mapping[str, str], outcomes: Mapping[str, str]) -> RenderableType:
    """Draw the checks while they run; both arguments are by check, and ``outcomes`` has those that are known."""
    return Group("", *(_check(title, outcomes.get(check, "")) for check, title in titles.items()))


def show_work(terminal: Terminal, bench: Workbench, news: Sequence[str], *, was_recalled: bool = False) -> None:
    """Show what came of the current exercise, and ``news`` below it."""
    show_head(terminal, bench)
    card = bench.card
    if card is not None:
        if not terminal.is_plain:
            terminal.line()
            for check in card.checks:
                terminal.console.print(_check(check.title, check.outcome))
        _show_verdict(terminal, bench, card, was_recalled=was_recalled)
    for line in ["", *news] if news else []:
        terminal.line(line, indent=2)
    _show_foot(terminal, bench)


def _show_verdict(terminal: Terminal, bench: Workbench, card: Scorecard, *, was_recalled: bool) -> None:
    passed = sum(check.outcome is Outcome.PASSED for check in card.checks)
    before = "as before, " if was_recalled else ""
    kind = "public points" if card.hidden else "points"
    told = f"{before}{points_of(card)} {kind}, {passed} of {len(card.checks)} checks passed"
    terminal.line()
    if card.is_complete:
        terminal.line(f"Done: {told}.", "bold green", indent=2)
        following = bench.following()
        go_on = f"n goes on to `{following.slug}`" if following else "It was the last one: the course is done"
        solution = "; s shows the solution and other right answers" if bench.may_see_solution else ""
        terminal.line(f"{go_on}{solution}.", indent=2)
    elif card.is_hidden:
        following = bench.following()
        terminal.line(f"Nothing to check here{f': n goes on to `{following.slug}`' if following else ''}.", indent=2)
    elif card.status is Status.GRADED and card.message:
        terminal.line(f"Not started: {told}. Save the file, and it is checked.", "bold", indent=2)
    else:
        terminal.line(f"Not yet: {told}.", "bold", indent=2)
    room = (terminal.console.height - len(card.checks) - _OTHER_LINES) // _LINES_OF_A_CHECK
    show_checks(terminal, card, min(max(room, 1), SHOWN_CHECKS), names_others=terminal.is_plain)


def _show_foot(terminal: Terminal, bench: Workbench) -> None:
    done, score, possible = bench.totals()
    count = sum(bool(exercise.max_score) for exercise in bench.course)
    kind = "points" if bench.course.released is None else "public points"
    told = f"{done} of {count} exercises done, {score} of {possible} {kind}"
    hints = bench.progress.hints_shown(bench.current.slug)
    keys = [
        f"h hint ({hints} of {len(bench.current.manifest.hints)} shown)",
        "l list",
        "n next",
        "g grade again",
        "r reset",
        *(["s solution"] if bench.may_see_solution else []),
        "q quit",
    ]
    terminal.line()
    if not terminal.is_plain:
        terminal.console.print(bar_of(score / max(possible, 1), "green"), Text(told, style="dim"))
    else:
        terminal.line(told)
    terminal.line("  ".join(keys), "dim")


def show_list(terminal: Terminal, bench: Workbench, listing: Listing) -> None:
    """Show the open list, as much of it as there is room for around the cursor."""
    if not terminal.is_plain:
        terminal.console.clear()
    keys = "type to filter, Escape to stop" if listing.is_typing else "f filter  o only what is open"
    which = f"Exercises{' that are open' * listing.only_open}"
    terminal.line(f"{which}{f' with {listing.filter!r}' if listing.filter or listing.is_typing else ''}", "bold")
    slugs = [one.slug for one in listing.shown]
    room = max(terminal.console.height - 6, 5)
    first = max(0, min(slugs.index(listing.cursor) - room // 2, len(slugs) - room)) if listing.cursor else 0
    for exercise in listing.shown[first : first + room]:
        card = bench.cards.get(exercise.slug)
        mark = ">" if exercise.slug == listing.cursor else " "
        is_graded_here = exercise.max_score > 0
        points = points_of(card) if card else f"0/{exercise.max_score}" if is_graded_here else ""
        state = state_of(card) if card else "not started" if is_graded_here else GRADED_ELSEWHERE
        text = f"{mark} {exercise.slug:<28} {points:>9}  {state}"
        terminal.line(text, "reverse" if mark == ">" else "")
    if not slugs:
        terminal.line("  none fits")
    terminal.line()
    terminal.line(f"up and down move  Enter goes there  {keys}  l back", "dim")


def _check(title: str, outcome: str) -> RenderableType:
    row = Table.grid(padding=(0, 2, 0, 0))
    row.add_column(width=_WIDTH)
    row.add_row(Text(_WORDS[outcome], style=_STYLES[outcome]), Text(title))
    return Padding(row, (0, 0, 0, 2))
