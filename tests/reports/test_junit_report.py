"""JUnit XML: counts, places, three outcomes, and nothing that its consumers pass on as markup or as a command."""

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from tests.reports.actions_runner import commands_in
from tests.reports.examples import (
    FAULTY,
    HOSTILE,
    LACKING,
    RUNNING,
    UNAVAILABLE,
    card,
    check,
    hostile_report,
    report,
)

from proctor.reports.code_place import CodePlace, code_place
from proctor.reports.junit import to_junit
from proctor.reports.reader import Reader
from proctor.scorecard import Report


def read(text: str) -> ET.Element:
    """Read as the strictest of the consumers, and insist on what they take on trust."""
    root = ET.fromstring(text.encode())
    assert root.tag == "testsuites"
    for element in [root, *root.findall("testsuite")]:
        cases = list(element.iter("testcase"))
        counts = [element.get(name) for name in ("tests", "failures", "errors", "skipped")]
        tags = ("testcase", "failure", "error", "skipped")
        assert counts == [str(sum(1 for _ in element.iter(tag))) for tag in tags]
        assert re.fullmatch(r"[0-9]+\.[0-9]{3}", element.get("time", ""))
        for case in cases:
            assert re.fullmatch(r"[A-Za-z0-9_.-]+\.(public|hidden)", case.get("classname", ""))
            assert re.fullmatch(r"[A-Za-z0-9_.-]+", case.get("name", ""))
            assert re.fullmatch(r"exercises/[A-Za-z0-9_.-]+/[\w-]+\.py", case.get("file", ""), re.ASCII)
            assert int(case.get("line", "0")) >= 1
            assert len([child for child in case if child.tag != "properties"]) <= 1
    return root


def outcomes(written: Report, reader: Reader = Reader.TEACHER) -> dict[str, str]:
    cases = read(to_junit(written, reader)).iter("testcase")
    found = {case.get("name", ""): [child.tag for child in case if child.tag != "properties"] for case in cases}
    return {name: tags[0] if tags else "passed" for name, tags in found.items()}


def test_the_running_example_has_one_case_that_passed_and_two_that_failed() -> None:
    assert outcomes(RUNNING) == {"lists_items": "passed", "missing_item_is_404": "failure", "creates_item": "failure"}


def test_hidden_checks_are_left_out_for_students() -> None:
    assert outcomes(RUNNING, Reader.STUDENT) == {"lists_items": "passed", "missing_item_is_404": "failure"}
    root = read(to_junit(RUNNING, Reader.STUDENT))
    assert [one.get("value") for one in root.iter("property") if one.get("name") == "hidden_checks_left_out"] == ["1"]
    assert "Location" not in to_junit(RUNNING, Reader.STUDENT)


def test_points_are_properties_of_a_case() -> None:
    root = read(to_junit(RUNNING))
    points = [(one.get("name"), one.get("value")) for one in root.findall(".//testcase/properties/property")]
    assert points == [
        ("points", "3"), ("max_points", "3"),
        ("points", "0"), ("max_points", "2"),
        ("points", "2"), ("max_points", "5"),
    ]  # fmt: skip


def test_what_was_not_decided_is_an_error_and_no_failure() -> None:
    assert outcomes(FAULTY) == {"lists_items": "passed", "missing_item_is_404": "error"}


def test_an_exercise_that_this_machine_cannot_grade_is_skipped_beside_others_and_an_error_alone() -> None:
    assert outcomes(report(LACKING, RUNNING.scorecards[0]))["graded"] == "skipped"
    assert outcomes(UNAVAILABLE) == {"graded": "error"}


def test_an_exercise_whose_graders_are_broken_is_no_empty_suite() -> None:
    broken = report(card().model_copy(update={"status": "error", "score": None}))
    assert outcomes(broken) == {"graded": "error"}


def test_a_suite_says_when_it_was_graded_where_that_is_known() -> None:
    moment = datetime(2026, 11, 22, 10, tzinfo=UTC)
    (suite,) = read(to_junit(RUNNING, graded_at=moment)).findall("testsuite")
    assert suite.get("timestamp") == "2026-11-22T10:00:00Z"
    (suite,) = read(to_junit(RUNNING)).findall("testsuite")
    assert suite.get("timestamp") is None


def test_a_failure_points_at_the_innermost_place_in_the_code() -> None:
    told = "your code raised KeyError\n  main.py, line 12, in call: f()\n  helper.py, line 7, in f: x['a']"
    case = read(to_junit(report(card(check("fails", 5, 0, told))))).find(".//testcase")
    assert case is not None
    assert (case.get("file"), case.get("line")) == ("exercises/ex01-items/helper.py", "7")


@pytest.mark.parametrize(
    "told",
    [
        "",
        "nothing",
        "../../x.py, line 3, in f: 1",
        "/etc/x.py, line 0, in f",
        "x.py, line 99999999, in f",
        "é.py, line",
    ],
)
def test_a_place_stays_in_the_folder_of_its_exercise(told: str) -> None:
    place = code_place("ex01", check("fails", 5, 0, told))
    assert place in {CodePlace("exercises/ex01/main.py", 1), CodePlace("exercises/ex01/x.py", 3)}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_one_line_without_markup_or_command(text: str) -> None:
    written = to_junit(hostile_report([text]))
    root = read(written)
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    assert len(written) < 20_000
    for failure in root.iter("failure"):
        message, content = failure.get("message", ""), failure.text or ""
        assert len(message) < 400
        assert "\n" not in message
        assert not any(mark in message + content for mark in ("`", "<", ">", "\r", "\x00", "\x1b", "##[", "\u202e"))
        for printed in (message, content, f"CheckFailed: {message}", f"\t{message}"):
            assert commands_in(printed) == []


def test_all_hostile_texts_together_are_counted() -> None:
    root = read(to_junit(hostile_report()))
    assert (root.get("tests"), root.get("failures")) == (str(2 * len(HOSTILE)), str(len(HOSTILE)))
