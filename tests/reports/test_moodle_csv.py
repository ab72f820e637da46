"""Moodle's worksheet and grade import, read by the rules of its importers, written anew here."""

import csv
import io
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from typing import Final

import pytest
from tests.reports.lms_class import HOSTILE_NAMES, a_check, a_class, a_row, a_student

from proctor.errors import UsageError
from proctor.gradebook.class_report import ClassReport, RowStatus
from proctor.reports.moodle_grades import to_moodle_grades
from proctor.reports.moodle_worksheet import feedback_of, to_moodle_worksheet
from proctor.reports.reader import Reader

WORDS: Final = {
    "en": ("Participant ", "Identifier", "Grade", "Last modified (grade)", "Feedback comments"),
    "de": ("Teilnehmer/in", "ID", "Bewertung", "Zuletzt geändert (Bewertung)", "Feedback als Kommentar"),
}


@dataclass
class Assignment:
    """An assignment of Moodle in one language: what an upload of a worksheet changes in it."""

    maximum: Decimal
    language: str = "en"
    locked: frozenset[int] = frozenset()
    grades: dict[int, Decimal] = field(default_factory=dict[int, Decimal])
    feedback: dict[int, str] = field(default_factory=dict[int, str])
    skipped: dict[int, str] = field(default_factory=dict[int, str])

    def upload(self, text: str, delimiter: str = ",") -> None:
        """Read a worksheet, as mod/assign/feedback/offline/importgradeslib.php does."""
        word, identifier, grade, modified, comments = WORDS[self.language]
        header, *rows = csv.reader(
            io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True
        )
        for needed in (identifier, grade, modified):
            assert header.count(needed) == 1
        for row in rows:
            cells = dict(zip(header, row, strict=True))
            number = int(cells[identifier][len(word) :])
            if cells.get(comments):
                self.feedback[number] = cells[comments]
            given = cells[grade].strip().replace(",", ".")
            if given in {"", "-"}:
                continue
            value = Decimal(given)
            if number in self.locked or value > self.maximum or value < 0:
                self.skipped[number] = given
            elif self.grades.get(number) != value:
                self.grades[number] = value


WORKSHEET: Final = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\r\n'
    '"Participant 5301","Alice Example",alice@example.edu,"Submitted for grading",,10.00,Yes,'
    '"Sunday, 22 November 2026, 9:59 AM",-,\r\n'
    '"Participant 5302","Bob, Example",Bob@example.edu,"No submission",3.00,10.00,Yes,-,-,"See me"\r\n'
    '"Participant 5303",Stranger,x@example.edu,"No submission",4.00,10.00,Yes,-,-,Hello\r\n'
)

GERMAN: Final = (
    "ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert werden;"
    "Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung);Feedback als Kommentar\n"
    "Teilnehmer/in5301;Alice Example;alice@example.edu;Zur Bewertung abgegeben;;10,00;Ja;-;-;\n"
    "Teilnehmer/in5302;Bob, Example;bob@example.edu;Keine Abgabe;3,00;10,00;Ja;-;-;\n"
)


def records(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def two(alice: str | None = "85", bob: RowStatus = RowStatus.ERROR) -> ClassReport:
    return a_class(
        a_student("alice", a_row(alice), email="alice@example.edu"),
        a_student("bob", a_row(None, bob), email="bob@example.edu"),
    )


def test_only_grades_and_feedback_change_and_moodle_reads_them() -> None:
    written = to_moodle_worksheet(two(), WORKSHEET, "little-server")
    assignment = Assignment(Decimal(10))
    assignment.upload(written.text)
    assert assignment.grades == {5301: Decimal("8.5")}
    assert assignment.feedback == {5301: "85 of 100 points.", 5302: "See me", 5303: "Hello"}
    before, after = records(WORKSHEET), records(written.text)
    assert {
        (row, place)
        for row, cells in enumerate(after)
        for place, cell in enumerate(cells)
        if cell != before[row][place]
    } == {(1, 4), (1, 9), (2, 4), (3, 4)}
    assert written.notices == (
        "`Participant 5303, Stranger` of the worksheet is nobody of the class, so no grade is in that line.",
    )


@pytest.mark.parametrize("status", [RowStatus.ERROR, RowStatus.UNAVAILABLE, RowStatus.MISSING, RowStatus.EXCUSED])
def test_what_is_not_decided_or_excused_is_blank_and_never_0(status: RowStatus) -> None:
    written = to_moodle_worksheet(two(bob=status), WORKSHEET, "little-server")
    assert records(written.text)[2][4] == ""
    assert any("is excused" in notice for notice in written.notices) == (status is RowStatus.EXCUSED)


def test_a_worksheet_in_another_language_is_known_by_positions() -> None:
    written = to_moodle_worksheet(two(), GERMAN, "little-server")
    assignment = Assignment(Decimal(10), language="de")
    assignment.upload(written.text, ";")
    assert assignment.grades == {5301: Decimal("8.5")}
    assert assignment.feedback == {5301: "85 of 100 points."}
    assert "\r" not in written.text
    assert written.notices == ()


def test_feedback_that_nobody_can_tell_from_dates_is_not_written_unless_it_is_named() -> None:
    template = GERMAN.replace("Ja;-;-;\n", "Ja;-;-;Gut\n", 1)
    written = to_moodle_worksheet(two(), template, "little-server")
    assert records(written.text, ";")[1][9] == "Gut"
    assert any("No feedback is in this file" in notice for notice in written.notices)
    named = to_moodle_worksheet(two(), template, "little-server", feedback_heading="Feedback als Kommentar")
    assert records(named.text, ";")[1][9] == "85 of 100 points."


def test_grades_that_nobody_can_tell_from_other_numbers_are_refused_unless_they_are_named() -> None:
    template = GERMAN.replace("Status", "Nr").replace("Zur Bewertung abgegeben", "7").replace("Keine Abgabe", "7")
    template = (
        template.replace("E-Mail-Adresse", "Zahl").replace("alice@example.edu", "1").replace("bob@example.edu", "2")
    )
    with pytest.raises(UsageError, match="cannot be told in this language"):
        to_moodle_worksheet(two(), template, "little-server")
    report = a_class(a_student("alice", a_row("5"), full_name="Alice Example"))
    named = to_moodle_worksheet(report, template, "little-server", grade_heading="Bewertung")
    assert [row[4] for row in records(named.text, ";")[1:]] == ["5", ""]


def test_the_final_grade_can_be_what_the_assignment_is_for() -> None:
    report = two()
    graded = [
        one.model_copy(update={"grade": Decimal("91.25") if one.student.id == "alice" else None})
        for one in report.students
    ]
    written = to_moodle_worksheet(report.model_copy(update={"students": tuple(graded)}), WORKSHEET, None)
    assert [row[4] for row in records(written.text)[1:]] == ["9.13", "", ""]
    assert records(written.text)[1][9] == "91.25 of 100."


def test_a_number_of_another_assignment_gives_nobody_the_points_of_somebody_else() -> None:
    report = a_class(
        a_student("alice", a_row("90"), full_name="Alice Example", ids={"moodle_identifier": "Participant 5302"}),
        a_student("carol", a_row("10"), full_name="Carol", ids={"moodle_identifier": "Participant 5301"}),
        a_student("x", a_row("20"), full_name="Stranger", email="other@example.edu"),
    )
    written = to_moodle_worksheet(report, WORKSHEET, "little-server")
    assert [row[4] for row in records(written.text)[1:]] == ["9", "", ""]
    assert any("`carol` (Carol) is not in the worksheet" in notice for notice in written.notices)


def test_grades_that_moodle_would_skip_are_told() -> None:
    locked = WORKSHEET.replace("10.00,Yes", "10.00,No", 1)
    written = to_moodle_worksheet(two(), locked, "little-server")
    assert records(written.text)[1][4] == ""
    assert any("cannot be changed in Moodle: 8.5 was not entered" in notice for notice in written.notices)
    above = to_moodle_worksheet(two("110"), WORKSHEET, "little-server")
    assert any("more than the maximum: Moodle skips a grade of 11" in notice for notice in above.notices)


def test_what_is_no_worksheet_is_refused() -> None:
    with pytest.raises(UsageError, match="no grading worksheet of Moodle"):
        to_moodle_worksheet(two(), "a,b\r\n1,2\r\n", "little-server")
    with pytest.raises(UsageError, match="no grading worksheet of Moodle"):
        to_moodle_worksheet(two(), GERMAN.split("\n")[0] + "\n", "little-server")
    with pytest.raises(UsageError, match="Did you mean `little-server`"):
        to_moodle_worksheet(two(), WORKSHEET, "little-sever")
    with pytest.raises(UsageError, match="no column of its own named `Note`"):
        to_moodle_worksheet(two(), WORKSHEET, "little-server", grade_heading="Note")


def test_names_survive_as_moodle_has_them() -> None:
    names = [*HOSTILE_NAMES, "=1+1", "two\nlines"]
    file = io.StringIO(newline="")
    csv.writer(file).writerows(
        [
            ["Identifier", "Full name", "Username", "Grade", "Maximum Grade", "Last modified (grade)"],
            *([f"Participant {number}", name, f"u{number}", "", "100.00", "-"] for number, name in enumerate(names)),
        ]
    )
    report = a_class(*(a_student(f"u{number}", a_row("1")) for number in range(len(names))))
    after = records(to_moodle_worksheet(report, file.getvalue(), "little-server").text)
    assert [row[1] for row in after[1:]] == names
    assert {row[3] for row in after[1:]} == {"1"}


def test_feedback_names_no_hidden_check_and_is_text_when_it_is_read_as_html() -> None:
    row = a_row(
        "40",
        RowStatus.UNREADABLE,
        reasons=["20 points are taken off"],
        message="main.py: <script>alert(1)</script> &lt;b&gt;\n=1+1",
        checks=[a_check("answers_first", passed=False), a_check("secret", passed=False, hidden=True), a_check("fine")],
    )
    feedback = feedback_of(row)
    assert "Not passed: answers first." in feedback
    assert "secret" not in feedback
    assert "secret" in feedback_of(row, Reader.TEACHER)
    seen: list[str] = []

    class Page(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append(f"{tag} {attrs}")

        def handle_data(self, data: str) -> None:
            seen.append(data)

    page = Page()
    page.feed(feedback)
    page.close()
    assert "".join(seen) == feedback
    assert feedback.startswith("40 of 100 points. 20 points are taken off. Not loaded: main.py: (script)alert(1)")


def test_the_grade_import_has_a_line_for_every_student_and_two_columns_for_every_exercise() -> None:
    report = a_class(
        a_student(
            "alice",
            a_row("5"),
            a_row(None, RowStatus.EXCUSED, exercise="essay"),
            email="alice@example.edu",
            ids={"id_number": "007", "username": "a.example"},
        ),
        a_student("bob", a_row("0", RowStatus.MISSING), a_row(None, RowStatus.ERROR, exercise="essay")),
    )
    written = to_moodle_grades(report)
    assert records(written.text) == [
        ["username", "email", "idnumber", "little-server", "little-server feedback", "essay", "essay feedback"],
        ["a.example", "alice@example.edu", "007", "5", "5 of 100 points.", "", ""],
        ["bob", "", "", "0", "0 of 100 points.", "", ""],
    ]
    assert written.notices == (
        "`alice` is excused from `essay`: the grade was left blank.",
        "`bob` has neither email nor id number: Moodle can find only the username.",
    )
