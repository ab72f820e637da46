"""Gradescope's results, read by the rules of its documentation."""

from typing import Any

import pytest
from tests.reports.examples import (
    FAULTY,
    HOSTILE,
    RUNNING,
    UNAVAILABLE,
    UNREADABLE,
    card,
    check,
    hostile_report,
    report,
)
from tests.reports.harmless import read_json

from proctor.reports.gradescope import to_gradescope
from proctor.reports.reader import Reader

TOP = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
    "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
    "extra_data",
}  # fmt: skip


def read(text: str) -> dict[str, Any]:
    """Read by the rules of docs/specs.md: known keys, known words, numbers that are numbers."""
    document = read_json(text)
    assert set(document) <= TOP
    assert "score" in document or document["tests"]
    assert {document["output_format"], document["test_output_format"], document["test_name_format"]} == {"text"}
    assert document["stdout_visibility"] == "hidden"
    for test in document["tests"]:
        assert set(test) <= TEST
        assert test["status"] in {"passed", "failed"}
        assert test["visibility"] in {"visible", "hidden", "after_due_date", "after_published"}
        assert type(test["score"]) is int
        assert type(test["max_score"]) is int
        assert 0 <= test["score"] <= test["max_score"]
        assert (test["status"] == "passed") == (test["score"] == test["max_score"])
        assert isinstance(test["number"], str)
    assert len({test["number"] for test in document["tests"]}) == len(document["tests"])
    return document


def total(document: dict[str, Any]) -> tuple[int, int]:
    """Add up as Gradescope does where no total is written."""
    assert "score" not in document
    tests = document["tests"]
    return sum(test["score"] for test in tests), sum(test["max_score"] for test in tests)


def test_the_running_example_adds_up_and_marks_what_is_hidden() -> None:
    document = read(to_gradescope(RUNNING))
    assert total(document) == (5, 10)
    assert [test["visibility"] for test in document["tests"]] == ["visible", "visible", "after_due_date"]
    assert [test["name"] for test in document["tests"]] == ["lists_items", "missing_item_is_404", "creates_item"]
    assert "expected status 404, got 200" in document["tests"][1]["output"]


def test_what_students_read_above_the_checks_is_of_public_points_alone() -> None:
    for reader in (Reader.STUDENT, Reader.TEACHER):
        output = read(to_gradescope(RUNNING, reader))["output"]
        assert output.startswith("3 of 5 public points.")
        assert "Location" not in output


def test_after_the_due_date_a_check_that_waited_for_it_is_visible() -> None:
    never = report(card(*RUNNING.scorecards[0].checks, check("secret", 5, 0, visibility="never")))
    document = read(to_gradescope(never, Reader.STUDENT_AFTER_DUE))
    assert [test["visibility"] for test in document["tests"]] == ["visible", "visible", "visible", "hidden"]
    assert document["output"].startswith("5 of 10 public points.")


def test_a_check_that_could_not_be_decided_is_said_to_be_our_fault() -> None:
    document = read(to_gradescope(FAULTY))
    assert "our fault and not yours" in document["output"]
    assert "our fault and not yours" in document["tests"][1]["output"]


def test_an_exercise_that_could_not_be_graded_keeps_its_points_in_the_total() -> None:
    document = read(to_gradescope(UNAVAILABLE))
    assert total(document) == (0, 100)
    assert "not your fault" in document["tests"][0]["output"]


def test_a_submission_that_cannot_be_loaded_says_why_above_the_checks() -> None:
    assert "main.py cannot be loaded" in read(to_gradescope(UNREADABLE))["output"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text: str) -> None:
    written = to_gradescope(hostile_report([text]))
    assert total(read(written)) == (1, 5)
    assert len(written) < 40_000
