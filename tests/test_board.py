"""What a person sees: plain text in a log, a drawn board on a terminal."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from tests.test_reports import card, report, result
from tests.toy import WHOLE, toy_course

from proctor.board import NOBODY, Background, Board
from proctor.catalog import Chapter
from proctor.scorecard import Outcome, Report, Scorecard, Status
from proctor.terminal import Terminal


def shown(folder: Path, board_report: Report, *, terminal: bool = False, background: Background = NOBODY) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, highlight=False, legacy_windows=False)
    Board(toy_course(folder, WHOLE), folder / "submitted", Terminal(console)).show(board_report, background)
    return out.getvalue()


LOST = card(
    result("works", Outcome.PASSED), result("fails", Outcome.FAILED, message="expected 1, saw 2", printed="hi\n")
)
DONE = card(result("works", Outcome.PASSED), result("works_too", Outcome.PASSED))


def test_a_log_gets_plain_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path, report(LOST)) == (
        "Toys\n"
        "  toy-exercise                    50/100  1 to go\n"
        "\n"
        "50 of 100 points, 1 of 2 checks passed (seed 7)\n"
        "held by: separate process\n"
        "\n"
        "Next: Toy\n"
        "  An exercise for the tests of Proctor.\n"
        "  edit  submitted/toy-exercise/main.py\n"
        "  read  exercises/toy-exercise/README.md\n"
        "\n"
        "  It fails: 0 of 50 points\n"
        "    expected 1, saw 2\n"
        "    your code printed:\n"
        "      hi\n"
    )


def test_a_finished_course_has_no_next_step(tmp_path: Path) -> None:
    assert "Next:" not in shown(tmp_path, report(DONE))
    assert "done" in shown(tmp_path, report(DONE))


def test_what_is_remembered_is_said(tmp_path: Path) -> None:
    background = Background(given_up={"toy-exercise"}, recalled=1, notices=["The memory was lost."])
    text = shown(tmp_path, report(LOST), background=background)
    assert "50/100  1 to go, with a look at the solution\n" in text
    assert "1 of 2 checks passed\nAll as graded before: nothing has changed there" in text
    assert "\nThe memory was lost.\n" in text


def test_a_note_stands_before_the_checks(tmp_path: Path) -> None:
    text = shown(tmp_path, report(LOST.model_copy(update={"notes": ("helper.py is not handed in",)})))
    assert text.index("note: helper.py is not handed in") < text.index("It fails: 0 of 50 points")


@pytest.mark.parametrize("place", ["first", "second"])
def test_the_exercise_that_is_worked_at_comes_next(tmp_path: Path, place: str) -> None:
    course = toy_course(tmp_path, WHOLE)
    (toy,) = course
    twins = replace(course, chapters=(Chapter("Toys", tuple(replace(toy, slug=slug) for slug in ("first", "second"))),))
    cards = [LOST.model_copy(update={"exercise": slug}) for slug in ("first", "second")]
    out = io.StringIO()
    board = Board(twins, tmp_path, Terminal(Console(file=out, width=100)))
    board.show(report(*cards), Background(place=place))
    assert f"{place}/main.py" in out.getvalue().partition("Next:")[2]


def test_a_terminal_gets_bars_and_colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = shown(tmp_path, report(LOST), terminal=True)
    assert "━" in text
    assert "\x1b[" in text


def test_no_color_is_honoured_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    text = shown(tmp_path, report(LOST), terminal=True)
    assert "━" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("status", "state"),
    [(Status.UNREADABLE, "cannot be loaded"), (Status.ERROR, "our fault")],
    ids=["unreadable", "error"],
)
def test_what_could_not_be_graded_says_why(tmp_path: Path, status: Status, state: str) -> None:
    one: Scorecard = card(result("fails", Outcome.FAILED), status=status).model_copy(
        update={"message": "because of it"}
    )
    text = shown(tmp_path, report(one))
    assert state in text
    assert "  because of it\n" in text


def test_hostile_output_reaches_no_terminal(tmp_path: Path) -> None:
    hostile = card(result("fails", Outcome.FAILED, message="\x1b[2J[bold]x", printed="\x1b]0;title\x07"))
    text = shown(tmp_path, report(hostile), terminal=True)
    assert "\x1b[2J" not in text
    assert "\x1b]0;" not in text
    assert "[bold]x" in text
