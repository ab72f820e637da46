"""Annotations, read as GitHub's runner reads a log."""

import pytest
from tests.reports.actions_runner import Command, commands_in
from tests.reports.examples import FAULTY, HOSTILE, RUNNING, UNAVAILABLE, WHOLE, card, check, hostile_report, report

from proctor.reports.annotations import to_annotations
from proctor.reports.reader import Reader
from proctor.scorecard import Report


def read(written: Report, reader: Reader = Reader.STUDENT) -> list[Command]:
    """Read the log; every line is a command that the runner shows, within its limits."""
    text = to_annotations(written, reader)
    commands = commands_in(text)
    assert len(commands) == text.count("\n")
    assert text.encode().count(b"\r") == 0
    for kind in ("error", "warning", "notice"):
        assert sum(command.name == kind for command in commands) <= 10
    for command in commands:
        assert command.name in {"error", "warning", "notice"}
        assert set(command.properties) <= {"file", "line", "title"}
        assert len(command.data) <= 4096
    return commands


def test_the_running_example_is_an_error_in_the_code_and_a_notice() -> None:
    error, notice = read(RUNNING)
    assert error == Command(
        "error",
        {"file": "exercises/ex01-items/main.py", "line": "1", "title": "ex01-items: It missing_item_is_404"},
        "GET /items/99: expected status 404, got 200",
    )
    assert notice.data == "3 of 5 public points"


def test_a_teacher_reads_of_hidden_checks_too_and_first_of_what_costs_most() -> None:
    assert [command.data for command in read(RUNNING, Reader.TEACHER)] == [
        "2 of 5 points: the Location header is missing",
        "GET /items/99: expected status 404, got 200",
        "5 of 10 points",
    ]


def test_nothing_is_wrong_where_all_points_are_reached() -> None:
    assert [command.name for command in read(WHOLE)] == ["notice"]


@pytest.mark.parametrize("lost", [FAULTY, UNAVAILABLE], ids=["error", "unavailable"])
def test_our_fault_is_a_warning(lost: Report) -> None:
    warning, notice = read(lost)
    assert warning.name == "warning"
    assert "fault" in warning.data
    assert notice.data.startswith("not decided")


@pytest.mark.parametrize(("failed", "last"), [(9, None), (10, "and 1 more"), (250, "and 241 more")])
def test_nine_errors_are_shown_and_then_how_many_more_there_are(failed: int, last: str | None) -> None:
    errors = read(report(card(*(check(f"check_{n}", n + 1, 0, f"worth {n + 1}") for n in range(failed)))))[:-1]
    assert [error.data for error in errors[:9]] == [f"worth {failed - n}" for n in range(9)]
    assert [error.data for error in errors[9:]] == ([last] if last else [])


def test_lines_signs_and_places_arrive_as_they_were() -> None:
    told = "100 %\n  main.py, line 12, in call: f(a, b)"
    (error, _) = read(report(card(check("fails", 5, 0, told, title="one: two, three"))))
    assert error.data == told
    assert error.properties == {
        "file": "exercises/ex01-items/main.py", "line": "12", "title": "ex01-items: one: two, three",
    }  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_forges_nothing(text: str) -> None:
    error, notice = read(hostile_report([text]))
    assert error.properties["file"].startswith("exercises/")
    assert notice.data == "1 of 5 points"
