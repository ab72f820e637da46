"""Feedback tells what a student may know, whatever stands in it, and has room in a check run."""

from decimal import Decimal
from typing import Any

from markdown_it import MarkdownIt
from tests.reports.example_class import check_result, report_of, student_of

from proctor.actions.feedback import ROOM, check_run_of
from proctor.gradebook.class_report import Row, RowStatus
from proctor.gradebook.student import Student
from proctor.reports.reader import Reader
from proctor.scorecard import Visibility

BOB = Student(id="bob", name="Bob")
HIDDEN = check_result("hidden_thing", passed=False, visibility=Visibility.AFTER_DUE, message="expected 4711")


def run(*rows: Row, reader: Reader = Reader.STUDENT) -> dict[str, Any]:
    student = student_of(BOB, rows)
    return check_run_of(report_of(student), student, "c" * 40, reader)


def graded(*checks: Any, **more: Any) -> Row:
    score = sum(one.score for one in checks)
    return Row(exercise="cors-desk", status=RowStatus.GRADED, score=score, points=Decimal(score), checks=checks, **more)


def test_a_check_run_says_points_and_what_failed() -> None:
    said = run(graded(check_result("one"), check_result("two", passed=False, message="expected 1, saw 2")))
    assert (said["head_sha"], said["status"], said["conclusion"]) == ("c" * 40, "completed", "neutral")
    text = said["output"]["text"]
    assert "### Cors desk: 50 of 100 points" in text
    assert "| One | passed | 50 / 50 |" in text
    assert "failed: expected 1, saw 2" in text.replace("&#44;", ",")


def test_hidden_checks_tell_how_many_they_are_and_no_more() -> None:
    row = graded(check_result("one"), HIDDEN, reasons=("10 points are taken off 50",))
    said = run(row)
    text = said["output"]["text"]
    assert "50 of 50 public points" in text
    assert "1 more checks, worth 50 points, are not shown." in text
    assert not any(word in str(said) for word in ("4711", "Hidden", "taken off", "of 100"))
    assert "4711" in run(row, reader=Reader.STUDENT_AFTER_DUE)["output"]["text"]
    assert said["conclusion"] == run(graded(check_result("one"), check_result("two")))["conclusion"]


def test_what_is_undecided_or_missing_costs_nothing() -> None:
    lost = Row(exercise="cors-desk", status=RowStatus.ERROR, message="the machine was lost")
    assert "our fault, and no points are lost" in run(lost)["output"]["text"]
    missing = Row(exercise="cors-desk", status=RowStatus.MISSING)
    said = run(missing, graded(check_result("one")).model_copy(update={"exercise": "other"}))
    assert said["output"]["summary"].startswith("1 of 2 exercises handed in")


def test_hostile_text_stays_text() -> None:
    hostile = "</td><script>alert(1)</script> | @everybody ![x](http://evil.example) ##[error]x\n::error::y"
    text = run(graded(check_result("one", passed=False, message=hostile)))["output"]["text"]
    html = MarkdownIt("gfm-like", {"linkify": True}).render(text)
    assert not any(tag in html for tag in ("<script", "<img", "<a "))
    assert html.count("<tr>") == 2


def test_what_is_too_long_is_cut_shorter() -> None:
    rows = [
        graded(*(check_result(f"check_{name}", points=2, passed=False, message="é" * 400) for name in range(50)))
        for _ in range(15)
    ]
    text = run(*rows)["output"]["text"]
    assert len(text.encode()) <= ROOM
    assert text.endswith("There is no room for more of it here.\n")
