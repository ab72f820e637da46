"""What the student page says to whom, and that it has nothing of anybody else."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache

import pytest
from tests.reports.example_class import check_result, example_class, report_of, student_of
from tests.reports.examples import HOSTILE
from tests.reports.html_reader import elements_of, is_balanced

from proctor.errors import UsageError
from proctor.gradebook.class_report import ClassReport, Row, RowStatus
from proctor.gradebook.student import Student
from proctor.reports.reader import Reader
from proctor.reports.student_page import to_student_page
from proctor.scorecard import CheckResult, Outcome, Visibility

SEEN = check_result("seen", points=30, passed=False, message="expected 1\nseen 2\n  likely: a slip")
LATER = check_result("later", points=50, visibility=Visibility.AFTER_DUE)
NEVER = check_result("never", points=20, passed=False, visibility=Visibility.NEVER, message="the secret is 7")


def class_with(*checks: CheckResult, **more: object) -> ClassReport:
    """One student whose work on one exercise was graded with these checks."""
    row = {"exercise": "cors-desk", "status": "graded", "score": 50, "points": "45.5", "checks": checks} | more
    return report_of(student_of(Student(id="s001", name="Ann"), [Row.model_validate(row)], Decimal("45.50")))


def text_of(report: ClassReport, reader: Reader, student: str = "s001") -> str:
    """The words of a page, without its style."""
    elements = elements_of(to_student_page(report, student, reader))
    (body,) = [one for one in elements if one.name == "body"]
    return " ".join(body.text.split())


# Feedback by visibility


def test_a_student_reads_open_checks_and_of_others_how_many_and_how_much() -> None:
    text = text_of(class_with(SEEN, LATER, NEVER), Reader.STUDENT)
    assert "failed: Seen 0 of 30 expected 1 seen 2 likely: a slip" in text
    assert "1 more check, worth 50 points, is shown after the exercise is due." in text
    assert "1 more check, worth 20 points, is not shown." in text
    assert "Later" not in text
    assert "secret" not in text


def test_before_it_is_due_nothing_tells_what_the_hidden_checks_gave() -> None:
    text = text_of(class_with(SEEN, LATER, NEVER, reasons=["10 % of 50 points are taken off."]), Reader.STUDENT)
    assert "0 of 30 public points" in text
    assert "45.5" not in text
    assert "of 50 points are" not in text
    assert "The grade is shown after the exercises are due." in text


def test_after_it_is_due_students_read_their_points_and_why() -> None:
    reasons = ["1 day late: 4.5 points are taken off."]
    text = text_of(class_with(SEEN, LATER, NEVER, reasons=reasons), Reader.STUDENT_AFTER_DUE)
    assert "45.5 of 100 points" in text
    assert "1 day late: 4.5 points are taken off." in text
    assert "passed: Later 50 of 50" in text
    assert "Grade: 45.5 of 100." in text
    assert "1 more check, worth 20 points, is not shown." in text
    assert "secret" not in text


def test_a_teacher_reads_everything() -> None:
    text = text_of(class_with(SEEN, LATER, NEVER), Reader.TEACHER)
    assert "failed: Never 0 of 20 the secret is 7" in text
    assert "not shown" not in text


def test_where_nothing_is_hidden_students_read_their_points_at_once() -> None:
    text = text_of(class_with(SEEN), Reader.STUDENT)
    assert "45.5 of 100 points" in text
    assert "public" not in text


def test_a_check_that_is_not_decided_costs_nothing() -> None:
    check = SEEN.model_copy(update={"score": None, "outcome": Outcome.ERROR, "message": ""})
    text = text_of(class_with(check, status="error", score=None, points=None), Reader.STUDENT)
    assert "not decided, our fault: Seen not decided" in text
    assert "not decided yet: our fault, and you lose no points" in text


def test_a_passed_check_says_nothing_more() -> None:
    check = check_result("fine", message="only for the log")
    assert "only for the log" not in text_of(class_with(check), Reader.TEACHER)


# Every exercise


def test_every_exercise_is_there_with_its_points() -> None:
    report = example_class()
    text = text_of(report, Reader.STUDENT_AFTER_DUE, "s004")
    assert all(column.title in text for column in report.columns)
    assert "6 of 6 exercises handed in." in text


def test_what_was_missing_is_named() -> None:
    rows = [
        Row(exercise="cors-desk", status=RowStatus.MISSING, points=Decimal(0)),
        Row(exercise="opening-day", status=RowStatus.EXCUSED),
    ]
    text = text_of(report_of(student_of(Student(id="s001"), rows)), Reader.STUDENT)
    assert "Not handed in: Cors desk." in text
    assert "0 of 1 exercise handed in. No grade yet." in text
    assert "excused: it does not count for you" in text


def test_late_work_says_how_late() -> None:
    assert "2 days late" in text_of(class_with(SEEN, late_s=2 * 86_400 + 5), Reader.STUDENT)


# Nobody else


@cache
def crowd() -> ClassReport:
    """A class in which everything about everybody has the student's own mark in it."""
    students = example_class().students
    named = [
        one.model_copy(
            update={
                "student": one.student.model_copy(
                    update={
                        "name": f"name-{one.student.id}",
                        "email": f"mail-{one.student.id}",
                        "ids": {"github": f"hub-{one.student.id}"},
                    }
                ),
                "rows": tuple(row.model_copy(update={"reasons": (f"because-{one.student.id}",)}) for row in one.rows),
            }
        )
        for one in students
    ]
    return example_class().model_copy(update={"students": tuple(named)})


@pytest.mark.parametrize("reader", list(Reader))
def test_nothing_of_anybody_else_is_there(reader: Reader) -> None:
    report = crowd()
    for one in report.students[::5]:
        page = to_student_page(report, one.student.id, reader)
        assert {*re.findall(r"s0\d\d", page)} == {one.student.id}


def test_the_others_make_no_difference() -> None:
    report = crowd()
    alone = report.model_copy(update={"students": report.students[3:4]})
    for reader in Reader:
        assert to_student_page(report, "s004", reader) == to_student_page(alone, "s004", reader)


def test_somebody_unknown_is_told_with_a_near_miss() -> None:
    with pytest.raises(UsageError, match=r"`s0044` is no student of this class\. Did you mean `s004`\?"):
        to_student_page(example_class(), "s0044", Reader.STUDENT)


# What it is made of


def test_the_page_has_a_style_and_no_script() -> None:
    elements = elements_of(to_student_page(example_class(), "s004", Reader.STUDENT))
    (policy,) = [one.attributes["content"] for one in elements if one.attributes.get("http-equiv")]
    assert re.fullmatch(r"default-src 'none'; style-src 'sha256-[\w+/]+='; base-uri 'none'; form-action 'none'", policy)
    assert not [one for one in elements if one.name in {"script", "img", "link", "form"}]


def test_text_of_strangers_stays_text() -> None:
    def page(texts: Sequence[str]) -> str:
        checks = [SEEN.model_copy(update={"title": text, "message": text}) for text in texts]
        rows = [
            Row.model_validate(
                {"exercise": "cors-desk", "status": "graded", "message": text, "reasons": [text], "checks": checks[:9]}
            )
            for text in texts
        ]
        report = report_of(student_of(Student(id="s001", name=texts[5]), rows))
        columns = tuple(
            column.model_copy(update={"title": text}) for column, text in zip(report.columns, texts, strict=True)
        )
        return to_student_page(report.model_copy(update={"columns": columns}), "s001", Reader.TEACHER)

    hostile, harmless = page(HOSTILE), page(["harmless" if text else text for text in HOSTILE])
    assert [(one.name, sorted(one.attributes)) for one in elements_of(hostile)] == [
        (one.name, sorted(one.attributes)) for one in elements_of(harmless)
    ]
    assert is_balanced(hostile)
