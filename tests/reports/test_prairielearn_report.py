"""PrairieLearn's results, read by the rules of its documentation."""

from typing import Any

import pytest
from tests.reports.examples import (
    FAULTY,
    HOSTILE,
    LACKING,
    RUNNING,
    UNAVAILABLE,
    UNREADABLE,
    WHOLE,
    card,
    check,
    hostile_report,
    report,
)
from tests.reports.harmless import read_json

from proctor.reports.prairielearn import to_prairielearn
from proctor.reports.reader import Reader

TOP = {"gradable", "score", "message", "output", "images", "tests", "format_errors"}
TEST = {"name", "description", "points", "max_points", "message", "output", "images"}


def read(text: str) -> dict[str, Any]:
    """Read by the rules of docs/externalGrading.md; the fraction is believed, so it has to be that of the checks."""
    assert len(text.encode()) <= 1_000_000
    document = read_json(text)
    assert set(document) <= TOP
    assert type(document["gradable"]) is bool
    for test in document["tests"]:
        assert set(test) <= TEST
        assert type(test["points"]) is int
        assert type(test["max_points"]) is int
        assert 0 <= test["points"] <= test["max_points"]
    if document["gradable"]:
        points = sum(test["points"] for test in document["tests"])
        assert 0 <= document["score"] <= 1
        assert document["score"] == points / sum(test["max_points"] for test in document["tests"])
    else:
        assert "score" not in document
        assert all(document["format_errors"])
    return document


@pytest.mark.parametrize(
    ("reader", "score", "message"),
    [
        (Reader.STUDENT, 0.6, "3 of 5 public points"),
        (Reader.STUDENT_AFTER_DUE, 0.5, "5 of 10 points"),
        (Reader.TEACHER, 0.5, "5 of 10 points"),
    ],
)
def test_the_running_example_is_the_fraction_of_what_is_shown(reader: Reader, score: float, message: str) -> None:
    document = read(to_prairielearn(RUNNING, reader))
    assert (document["score"], document["message"]) == (score, message)


def test_all_points_are_one() -> None:
    assert read(to_prairielearn(WHOLE))["score"] == 1


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        (FAULTY, "our fault and not yours"),
        (UNAVAILABLE, "not your fault"),
        (report(LACKING, WHOLE.scorecards[0]), "not your fault"),
        (UNREADABLE, "main.py cannot be loaded"),
        (report(), "no check"),
    ],
    ids=["error", "unavailable", "partly unavailable", "unreadable", "nothing graded"],
)
def test_what_is_not_gradable_costs_no_attempt_and_says_why(lost: Any, told: str) -> None:
    document = read(to_prairielearn(lost))
    assert document["gradable"] is False
    assert told in document["format_errors"][0]


def test_every_check_has_points_because_one_without_hides_those_of_all() -> None:
    tests = read(to_prairielearn(FAULTY))["tests"]
    assert [(test["points"], test["max_points"]) for test in tests] == [(3, 3), (0, 2)]


def test_many_long_messages_are_cut_until_they_have_room() -> None:
    many = report(card(*(check(f"check_{n}", 1, 0, "é" * 4000) for n in range(150))))
    assert len(read(to_prairielearn(many))["tests"]) == 150


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text: str) -> None:
    assert read(to_prairielearn(hostile_report([text])))["score"] == 0.2
