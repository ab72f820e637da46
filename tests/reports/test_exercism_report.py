"""Exercism's results, read by the rules of its documentation."""

from typing import Any

import pytest
from tests.reports.examples import (
    FAULTY,
    HOSTILE,
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

from proctor.errors import OurFault, UsageError
from proctor.reports.exercism import to_exercism
from proctor.reports.reader import Reader

TEST = {"name", "status", "message", "output", "test_code", "task_id"}


def read(text: str) -> dict[str, Any]:
    """Read by the rules of interface.md, version 3, and of docker.md."""
    assert len(text.encode()) <= 500_000
    document = read_json(text)
    assert set(document) == {"version", "status", "message", "tests"}
    assert document["version"] == 3
    statuses = [test["status"] for test in document["tests"]]
    if document["status"] == "error":
        assert document["message"]
        assert len(document["message"]) <= 65_535
        assert not statuses
    else:
        assert document["message"] is None
        assert document["status"] == ("pass" if set(statuses) == {"pass"} else "fail")
    for test in document["tests"]:
        assert set(test) <= TEST
        assert test["name"].strip()
        assert test["test_code"]
        assert test["status"] in {"pass", "fail", "error"}
        assert test["status"] == "pass" or test["message"]
        assert len(test.get("output", "")) <= 500
    return document


def statuses(document: dict[str, Any]) -> list[str]:
    return [test["status"] for test in document["tests"]]


def test_the_running_example_fails_and_keeps_the_order_of_its_checks() -> None:
    document = read(to_exercism(RUNNING, Reader.TEACHER))
    assert statuses(document) == ["pass", "fail", "fail"]
    assert [test["name"] for test in document["tests"]] == [
        "It lists_items", "It missing_item_is_404", "It creates_item",
    ]  # fmt: skip


def test_hidden_checks_are_left_out() -> None:
    assert statuses(read(to_exercism(RUNNING))) == ["pass", "fail"]
    assert statuses(read(to_exercism(RUNNING, Reader.STUDENT_AFTER_DUE))) == ["pass", "fail", "fail"]


def test_all_points_are_a_pass() -> None:
    assert read(to_exercism(WHOLE))["status"] == "pass"


def test_a_check_that_could_not_be_decided_is_an_error_and_the_others_are_told() -> None:
    document = read(to_exercism(FAULTY))
    assert statuses(document) == ["pass", "error"]
    assert "our fault and not yours" in document["tests"][1]["message"]


@pytest.mark.parametrize("lost", [UNREADABLE, UNAVAILABLE], ids=["unreadable", "unavailable"])
def test_where_no_check_ran_the_whole_is_an_error(lost: Any) -> None:
    assert read(to_exercism(lost))["status"] == "error"


def test_what_the_learner_printed_is_cut_with_the_words_that_are_asked_for() -> None:
    loud = check("talks", 5, 0, "wrong").model_copy(update={"printed": "x" * 501})
    (test,) = read(to_exercism(report(card(loud))))["tests"]
    assert len(test["output"]) == 500
    assert test["output"].endswith("Output was truncated. Please limit to 500 chars")


def test_several_exercises_are_refused() -> None:
    with pytest.raises(UsageError, match="about one exercise"):
        to_exercism(report(card(check("one", 5, 5)), card(check("one", 5, 5))))


def test_an_exercise_without_a_public_check_is_refused() -> None:
    with pytest.raises(OurFault, match="no check"):
        to_exercism(report(card(check("secret", 5, 5, visibility="never"))))


def test_many_long_messages_are_cut_until_they_have_room() -> None:
    many = report(card(*(check(f"check_{n}", 1, 0, "é" * 4000) for n in range(80))))
    assert len(read(to_exercism(many))["tests"]) == 80


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text: str) -> None:
    assert statuses(read(to_exercism(hostile_report([text])))) == ["fail", "pass"]
