"""Who reads a report decides what is in it, and what its totals are of."""

import pytest
from tests.reports.examples import FAULTY, HIDDEN, LACKING, RIGHT, RUNNING, UNREADABLE, WRONG, card, check, report

from proctor.reports.excerpt import NOT_DECIDED, excerpts_of, feedback, safe_name, total_of
from proctor.reports.reader import Reader
from proctor.verdict import Visibility

NEVER = check("never_shown", 5, 5, visibility="never")


@pytest.mark.parametrize(
    ("reader", "shown"),
    [
        (Reader.STUDENT, ["always"]),
        (Reader.STUDENT_AFTER_DUE, ["always", "after_due"]),
        (Reader.TEACHER, ["always", "after_due", "never"]),
    ],
)
def test_a_reader_reads_what_is_for_them(reader: Reader, shown: list[str]) -> None:
    assert [visibility.value for visibility in Visibility if reader.may_read(visibility)] == shown


@pytest.mark.parametrize(
    ("reader", "total"),
    [
        (Reader.STUDENT, "3 of 5 public points"),
        (Reader.STUDENT_AFTER_DUE, "5 of 10 public points"),
        (Reader.TEACHER, "10 of 15 points"),
    ],
)
def test_a_total_is_of_what_is_shown_and_says_so(reader: Reader, total: str) -> None:
    assert str(total_of(excerpts_of(report(card(RIGHT, WRONG, HIDDEN, NEVER)), reader))) == total


def test_what_is_not_decided_has_no_total() -> None:
    for reader in Reader:
        (excerpt,) = excerpts_of(FAULTY, reader)
        assert excerpt.score is None
        assert str(total_of([excerpt])) == "not decided of 5 points"
        assert excerpt.message.startswith(NOT_DECIDED)


def test_a_hidden_check_that_was_not_decided_leaves_nobody_a_total() -> None:
    spoilt = report(card(RIGHT, check("creates_item", 5, None, visibility="never")))
    assert total_of(excerpts_of(spoilt, Reader.STUDENT)).score is None


def test_a_submission_that_cannot_be_loaded_is_decided() -> None:
    assert str(total_of(excerpts_of(UNREADABLE, Reader.STUDENT))) == "0 of 10 points"


def test_an_exercise_that_cannot_be_graded_here_keeps_what_it_is_worth() -> None:
    both = excerpts_of(report(LACKING, RUNNING.scorecards[0]), Reader.TEACHER)
    assert str(total_of(both)) == "not decided of 110 points"
    assert "not your fault" in both[0].message


def test_names_of_checks_are_unique_in_a_report_about_several_exercises() -> None:
    excerpts = excerpts_of(report(card(RIGHT), card(RIGHT, exercise="ex02")), Reader.STUDENT)
    assert [excerpt.name_of(RIGHT) for excerpt in excerpts] == ["ex01-items.lists_items", "ex02.lists_items"]


def test_feedback_says_what_came_of_a_check() -> None:
    assert feedback(RIGHT) == ""
    assert feedback(WRONG) == "GET /items/99: expected status 404, got 200"
    assert feedback(HIDDEN) == "2 of 5 points: the Location header is missing"
    assert feedback(check("broke", 5, None, "why")) == f"{NOT_DECIDED} why"


@pytest.mark.parametrize(
    ("text", "name"), [("", "_"), ("a b", "a_b"), ("<b>::x\n", "_b_x_"), ("q" * 200, "q" * 100), ("a.b-c_D", "a.b-c_D")]
)
def test_a_safe_name_has_nothing_but_letters_digits_and_three_signs(text: str, name: str) -> None:
    assert safe_name(text) == name
