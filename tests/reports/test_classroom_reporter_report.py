"""Results for the former GitHub Classroom: read as its reporter does, whose two totals have to agree."""

import base64
import re
from fractions import Fraction
from typing import Any

import pytest
from tests.reports.actions_runner import commands_in, environment_of
from tests.reports.examples import (
    FAULTY,
    HOSTILE,
    RUNNING,
    UNAVAILABLE,
    WHOLE,
    card,
    check,
    hostile_report,
    report,
)
from tests.reports.harmless import read_json

from proctor.errors import OurFault
from proctor.reports.classroom_reporter import to_classroom_reporter
from proctor.reports.reader import Reader

KEYS = {"name", "status", "score", "message", "test_code", "filename", "line_no", "duration"}


def read(text: str) -> dict[str, dict[str, Any]]:
    """Read as src/main.js does: each runner's variable, decoded; every key that it would miss is there."""
    variables = environment_of(text)
    runners = variables.pop("PROCTOR_RUNNERS")
    assert re.fullmatch(r"([a-zA-Z0-9]+,)*[a-zA-Z0-9]+", runners)
    results: dict[str, dict[str, Any]] = {}
    for runner in runners.split(","):
        assert len(runner) <= 18
        results[runner] = read_json(base64.b64decode(variables.pop(f"{runner.upper()}_RESULTS")).decode() + "\n")
    assert not variables
    for result in results.values():
        assert result["tests"]
        assert type(result["max_score"]) is int
        for test in result["tests"]:
            assert set(test) == KEYS
            assert type(test["score"]) is int
            assert "\n" not in test["name"] + test["message"] + test["test_code"]
    return results


def table(results: dict[str, dict[str, Any]]) -> tuple[Fraction, int]:
    """Add up as src/aggregate-results.js: the share of tests that passed, times the points of the runner."""
    scores = [
        Fraction(sum(test["status"] == "pass" for test in result["tests"]), len(result["tests"])) * result["max_score"]
        for result in results.values()
    ]
    return sum(scores, Fraction(0)), sum(result["max_score"] for result in results.values())


def notice(results: dict[str, dict[str, Any]]) -> tuple[int, int]:
    """Add up as src/notify-classroom.js: the points of tests."""
    scores = [test["score"] for result in results.values() for test in result["tests"]]
    return sum(scores), sum(result["max_score"] for result in results.values())


def exit_code(results: dict[str, dict[str, Any]]) -> int:
    return 1 if {result["status"] for result in results.values()} & {"fail", "error"} else 0


def log(results: dict[str, dict[str, Any]]) -> str:
    """Print as src/console-results.js what comes from a result."""
    tests = [test for result in results.values() for test in result["tests"]]
    return "".join(f"{test['name']}\nError: {test['message']}\n{test['test_code']}\n" for test in tests)


@pytest.mark.parametrize(
    ("reader", "points"), [(Reader.STUDENT, (3, 5)), (Reader.STUDENT_AFTER_DUE, (5, 10)), (Reader.TEACHER, (5, 10))]
)
def test_both_totals_of_the_running_example_agree(reader: Reader, points: tuple[int, int]) -> None:
    results = read(to_classroom_reporter(RUNNING, reader))
    assert table(results) == notice(results) == points
    assert exit_code(results) == 1


def test_a_check_is_a_runner_with_one_test() -> None:
    results = read(to_classroom_reporter(WHOLE))
    assert [len(result["tests"]) for result in results.values()] == [1, 1, 1]
    assert exit_code(results) == 0
    assert table(results) == notice(results) == (10, 10)


def test_a_part_of_the_points_of_a_check_is_so_many_tests_of_equal_worth() -> None:
    results = read(to_classroom_reporter(report(card(check("partly", 15, 10)))))
    ((result,),) = (list(results.values()),)
    assert [(test["status"], test["score"]) for test in result["tests"]] == [("pass", 5), ("pass", 5), ("fail", 0)]
    assert table(results) == notice(results) == (10, 15)


def test_points_are_public_where_checks_are_left_out() -> None:
    names = [test["name"] for result in read(to_classroom_reporter(RUNNING)).values() for test in result["tests"]]
    assert names == ["lists_items (3 public points)", "missing_item_is_404 (2 public points)"]


def test_what_was_not_decided_is_an_error_with_a_reason() -> None:
    results = read(to_classroom_reporter(FAULTY))
    assert [result["status"] for result in results.values()] == ["pass", "error"]
    assert "our fault and not yours" in log(results)


def test_an_exercise_that_could_not_be_graded_is_an_error() -> None:
    ((result,),) = (list(read(to_classroom_reporter(UNAVAILABLE)).values()),)
    assert (result["status"], result["max_score"], result["tests"][0]["status"]) == ("error", 100, "error")


def test_nothing_is_written_where_the_reporter_would_break() -> None:
    with pytest.raises(OurFault, match="breaks on an empty list"):
        to_classroom_reporter(report(card(check("secret", 5, 5, visibility="never"))))


def test_runners_of_exercises_with_the_same_letters_are_different() -> None:
    both = report(card(check("one", 5, 5), exercise="a-b"), card(check("one", 5, 0), exercise="ab"))
    assert list(read(to_classroom_reporter(both))) == ["ab1x1", "ab2x1"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_fires_nothing_in_the_log(text: str) -> None:
    written = to_classroom_reporter(hostile_report([text]))
    results = read(written)
    assert table(results) == notice(results) == (1, 5)
    assert commands_in(log(results)) == []
    assert len(written) < 20_000


def test_a_whole_course_has_room_in_an_environment() -> None:
    course = report(*(card(*(check(f"check_{n}", 5, 0, "x" * 5000) for n in range(8))) for _ in range(34)))
    written = to_classroom_reporter(course)
    assert len(written) < 1_000_000
    assert max(map(len, written.splitlines())) < 100_000
