"""Our own table, and what holds for every table: no cell is a formula, and who somebody is stays as it was."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from tests.reports.lms_class import FORMULAS, HOSTILE_NAMES, TRIGGERS, a_check, a_class, a_row, a_student

from proctor.errors import UsageError
from proctor.gradebook.class_report import ClassReport, Column, RowStatus
from proctor.gradebook.student import Student
from proctor.reports.canvas import to_canvas
from proctor.reports.csv_table import CsvFile, decode_csv, points_cell, read_csv, scale_of, write_csv
from proctor.reports.grades_csv import to_grades_csv
from proctor.reports.moodle_grades import to_moodle_grades
from proctor.reports.moodle_worksheet import to_moodle_worksheet
from proctor.reports.nbgrader import to_nbgrader


def worksheet(report: ClassReport) -> CsvFile:
    template = [
        ["Identifier", "Username", "Grade", "Last modified (grade)", "Feedback comments"],
        *([f"Participant {number}", one.student.id, "", "", ""] for number, one in enumerate(report.students)),
    ]
    return to_moodle_worksheet(report, write_csv(template), report.columns[0].exercise)


WRITERS: list[Callable[[ClassReport], CsvFile]] = [
    to_canvas,
    to_grades_csv,
    to_moodle_grades,
    to_nbgrader,
    worksheet,
]


def records(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_as_a_formula_does(write: Callable[[ClassReport], CsvFile], text: str) -> None:
    row = a_row(
        "5",
        RowStatus.UNREADABLE,
        exercise=text,
        reasons=[text, text],
        message=text,
        checks=[a_check(text, passed=False, mistake=text), a_check(text)],
    )
    student = Student(
        id="s1",
        name=text,
        email=text,
        section=text,
        team=text,
        ids={"canvas_id": text, "sis_user_id": text, "sis_login_id": text, "id_number": text, text: text},
    )
    report = a_class(a_student("s1", row).model_copy(update={"student": student}))
    column = Column(exercise=text, title=text, chapter=text, due_at=datetime(2026, 1, 1, tzinfo=UTC))
    table = records(write(report.model_copy(update={"columns": (column,)})).text)
    assert len({len(cells) for cells in table}) == 1
    for cells in table:
        for cell in cells:
            assert not cell.lstrip().startswith(TRIGGERS)
            assert not set(cell) & {"\n", "\r", "\0", "\t"}
            assert len(cell) <= 32_767


@pytest.mark.parametrize("write", [to_canvas, to_grades_csv])
def test_names_that_a_roster_lets_in_are_written_unchanged(write: Callable[[ClassReport], CsvFile]) -> None:
    report = a_class(
        *(
            a_student(f"s{number}", a_row("1"), full_name=name, ids={"canvas_id": f"{number}"})
            for number, name in enumerate(HOSTILE_NAMES)
        )
    )
    cells = {cell for row in records(write(report).text) for cell in row}
    assert {*HOSTILE_NAMES} <= cells


def test_a_row_has_what_a_teacher_asks_for() -> None:
    row = a_row(
        "64.5",
        score=75,
        reasons=["1 day late: 10.5 points are taken off.", "Hello, world"],
        submitted_at=datetime(2026, 11, 22, 9, 59, 41, tzinfo=UTC),
        checks=[a_check("one"), a_check("two", passed=False, mistake="too_late"), a_check("three", passed=False)],
    )
    student = a_student("alice", row, email="alice@example.edu", full_name="Example, Alice", ids={"github": "ali"})
    report = a_class(
        student.model_copy(update={"grade": Decimal("64.50")}),
        a_student("bob", a_row(None, RowStatus.ERROR, message="the stage\nwent silent")),
    )
    header, first, second = records(to_grades_csv(report).text)
    alice = dict(zip(header, first, strict=True))
    assert alice == {
        "student": "alice",
        "name": "Example, Alice",
        "email": "alice@example.edu",
        "section": "",
        "team": "",
        "id_github": "ali",
        "grade": "64.5",
        "exercise": "little-server",
        "title": "little-server",
        "chapter": "",
        "weight": "1",
        "due_at": "",
        "status": "graded",
        "score": "75",
        "points": "64.5",
        "max_score": "100",
        "submitted_at": "2026-11-22T09:59:41+00:00",
        "graded_at": "",
        "late_s": "0",
        "attempts": "0",
        "passed_checks": "one",
        "failed_checks": "two three",
        "undecided_checks": "",
        "mistakes": "too_late",
        "reasons": "1 day late: 10.5 points are taken off. Hello, world",
        "message": "",
    }
    bob = dict(zip(header, second, strict=True))
    assert (bob["status"], bob["points"], bob["grade"], bob["message"]) == ("error", "", "", "the stage went silent")


@pytest.mark.parametrize(
    ("points", "scale", "cell"),
    [
        ("100", Fraction(1), "100"),
        ("1234567.80", Fraction(1), "1234567.8"),
        ("0.00", Fraction(1), "0"),
        ("0.05", Fraction(1, 10), "0.01"),
        ("85", Fraction(1, 3), "28.33"),
    ],
)
def test_points_have_at_most_two_decimals(points: str, scale: Fraction, cell: str) -> None:
    assert points_cell(Decimal(points), scale) == cell


@pytest.mark.parametrize(
    ("worth", "scale"),
    [("10", "1/10"), ("10.00", "1/10"), ("10,5", "21/200"), ("1.000,00", "10"), ("1,000.00", "10"), ("100", "1")],
)
def test_what_a_column_is_worth_is_read_as_it_is_written_in_any_country(worth: str, scale: str) -> None:
    assert scale_of(worth, 100) == Fraction(scale)


@pytest.mark.parametrize("worth", ["", "-", "0", "0.00", "many", "\u0661\u0660", "-5"])
def test_what_says_nothing_about_points_changes_none(worth: str) -> None:
    assert scale_of(worth, 100) == 1


def test_a_file_is_read_and_written_as_it_came() -> None:
    path = Path("grades.csv")
    for data in ("a,b\r\n1,ü\r\n".encode("utf-8-sig"), "a;b\n1;ü\n".encode(), "a\tb\r\n1\tü\r\n".encode("utf-16")):
        text, encoding = decode_csv(path, data)
        assert read_csv(text).filled([]).encode(encoding) == data
    with pytest.raises(UsageError, match=r"`grades.csv` is not UTF-8"):
        decode_csv(path, "a,b\r\n1,ü\r\n".encode("latin-1"))


def test_cells_with_line_breaks_and_quotes_survive_in_a_template() -> None:
    cells = ["a\rb", "a\nb", "a\r\nb", '"', '""', "", " ", ",", ";", "\t", '="x"', "'", "\0"]
    text = write_csv([[f"h{number}" for number in range(len(cells))], cells], line_end="\n")
    template = read_csv(text)
    assert template.rows == (tuple(cells),)
    assert read_csv(template.filled([(0, 0, "new")])).rows == (("new", *cells[1:]),)
