"""A roster is read as it comes, or refused with everything that is wrong with it."""

from pathlib import Path

import pytest

from proctor.classroom.roster import read_roster
from proctor.errors import UsageError
from proctor.gradebook.student import Student

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,ex01-items (4711),Current Score\r\n"
    ",,,,,Manual Posting,\r\n"
    "    Points Possible,,,,,10,(read only)\r\n"
    '"Example, Alice",101,u123,alice@example.edu,Section 1,5,50\r\n'
    '"Student, Test",103,,,"Section 1 and Section 2",,\r\n'
)
MOODLE = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Last modified (grade)","Feedback comments"\n'
    '"Participant 5301","Alice Example",alice@example.edu,"Submitted for grading",,10.00,-,\n'
    '"Participant 5302","Bob O\'Neil",bob@example.edu,"No submission",=1+1,10.00,-,"@cmd"\n'
)


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(folder: Path, text: str | bytes) -> list[str]:
    """Return the lines of the refusal, without the first one."""
    with pytest.raises(UsageError) as caught:
        read_roster(written(folder, text))
    assert "roster.csv" in str(caught.value)
    return str(caught.value).splitlines()[1:]


def test_every_column_has_its_place(tmp_path: Path) -> None:
    text = "student,name,email,section,team,GitHub,Student Number\nalice,Alice Example,a@x.edu,A,red,alice-x,0042\n"
    assert read_roster(written(tmp_path, text)) == [
        Student(
            id="alice",
            name="Alice Example",
            email="a@x.edu",
            section="A",
            team="red",
            ids={"github": "alice-x", "student_number": "0042"},
        )
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_marks_and_line_ends_do_not_matter(tmp_path: Path, separator: str, mark: str, end: str) -> None:
    lines = [["login", "first_name", "last_name"], ["alice", "Alice", "Example"], ["", "", ""], ["bob", "", "Bob"]]
    text = mark + end.join(separator.join(line) for line in lines)
    students = read_roster(written(tmp_path, text))
    assert [(one.id, one.name) for one in students] == [("alice", "Alice Example"), ("bob", "Bob")]


@pytest.mark.parametrize("heading", ["student", "Student", "id", "username", "login"])
def test_the_id_may_be_called_differently(tmp_path: Path, heading: str) -> None:
    assert read_roster(written(tmp_path, f"name,{heading}\nAlice,alice\n"))[0].id == "alice"


def test_of_several_ids_the_first_is_taken_and_the_others_are_kept(tmp_path: Path) -> None:
    (student,) = read_roster(written(tmp_path, "login,student,id\nalice01,alice,17\n"))
    assert (student.id, dict(student.ids)) == ("alice", {"login": "alice01", "id": "17"})


@pytest.mark.parametrize(
    "name",
    [
        "Example, Alice",
        "عائشة بنت أبي بكر",
        "שרה כהן",
        "Ada 👩\u200d💻 Lovelace",
        "علی\u200cرضا",  # noqa: RUF001 - as Persian is written
        "Łukasz Ó Briain",
        "<b>Bold</b> & Sons",
        "O'Neil; DROP",
    ],
)
def test_names_of_all_languages_are_fine(tmp_path: Path, name: str) -> None:
    assert read_roster(written(tmp_path, f'student,name\nalice,"{name}"\n'))[0].name == name


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201", " =1"]
)
@pytest.mark.parametrize("column", ["student", "name", "email", "section", "team", "github"])
def test_what_a_spreadsheet_takes_for_a_formula_is_refused_everywhere(tmp_path: Path, cell: str, column: str) -> None:
    columns = {"student": "alice", "name": "", "email": "", "section": "", "team": "", "github": "", column: cell}
    line = ",".join(f'"{one}"' for one in columns.values())
    (fault,) = refused(tmp_path, f"{','.join(columns)}\n{line}\n")
    assert fault.startswith(f"  line 2, column `{column}`: ")
    assert "formula" in fault


@pytest.mark.parametrize(
    "cell", ["a\x1b[31mb", "a\u202eb", "a\u200bb", "a\0b", "a\u00adb", "a\nb", "\u00a0a", "a\U000e0041b", "a\u200d"]
)
def test_what_nobody_can_see_is_refused(tmp_path: Path, cell: str) -> None:
    (fault,) = refused(tmp_path, f'student,name\nalice,"{cell}"\n')
    assert fault.startswith("  line 2, column `name`: ")
    assert fault.isprintable()


def test_all_faults_are_told_at_once_in_their_order(tmp_path: Path) -> None:
    text = (
        "student,name,email,github\n"
        "alice,=1,alice,gh\n"
        "../bob,Bob,bob@x.edu,GH\n"
        ",Nobody,c@x.edu,\n"
        "Alice,Second,BOB@x.edu,\n"
        f"{'x' * 101},{'y' * 201},,,one,too many\n"
    )
    faults = refused(tmp_path, text)
    places = [fault.split(": ")[0].strip() for fault in faults]
    assert places == [
        "line 2, column `name`",
        "line 2, column `email`",
        "line 3, column `student`",
        "line 3, column `github`",
        "line 4, column `student`",
        "line 5, column `student`",
        "line 5, column `email`",
        "line 6",
        "line 6, column `student`",
        "line 6, column `name`",
    ]
    assert "`Alice` differs only in case from `alice`, on line 2" in faults[5]


def test_the_same_student_twice_is_refused(tmp_path: Path) -> None:
    (fault,) = refused(tmp_path, "student\nalice\nbob\nalice\n")
    assert fault == "  line 4, column `student`: `alice` is there, too, on line 2"


def test_a_line_is_counted_where_it_begins(tmp_path: Path) -> None:
    faults = refused(tmp_path, 'student,name\nalice,"two\nlines"\nbob,=1\n')
    assert [fault.split(",")[0].strip() for fault in faults] == ["line 2", "line 4"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("student,name\n", "names no student"),
        ("student,name\n,\n", "names no student"),
        ("name,email\nAlice,a@x.edu\n", "has no column `student`"),
        ("student\nÄlice\n".encode("latin-1"), "is not UTF-8"),
        ("student\nalice\n".encode("utf-16"), "is not UTF-8"),
        (b"PK\x03\x04\x00\xff", "is not UTF-8"),
        ('student,name\nalice,"never closed\n', "cannot be read as CSV"),
        (f"student,name\nalice,{'x' * 200_000}\n", "cannot be read as CSV"),
        ("student,name,name\nalice,a,b\n", "two columns of this name"),
        ("\0\0\0", "student"),
    ],
)
def test_what_is_no_roster_is_refused(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read_roster(written(tmp_path, text))


def test_a_roster_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_roster(tmp_path / "none.csv")


def test_the_gradebook_export_of_canvas_is_read_as_it_comes(tmp_path: Path) -> None:
    alice, test_student = read_roster(written(tmp_path, "\ufeff" + CANVAS))
    assert alice == Student(
        id="alice@example.edu",
        name="Example, Alice",
        section="Section 1",
        ids={"canvas_id": "101", "sis_user_id": "u123", "sis_login_id": "alice@example.edu"},
    )
    assert (test_student.id, dict(test_student.ids)) == ("103", {"canvas_id": "103"})


def test_an_export_of_canvas_without_logins_has_the_ids_of_canvas(tmp_path: Path) -> None:
    text = 'Student;ID;Section;ex01 (1)\n"    Points Possible";;;10\n"Example, Alice";101;A;5,5\n'
    (alice,) = read_roster(written(tmp_path, text))
    assert (alice.id, alice.name, dict(alice.ids)) == ("101", "Example, Alice", {"canvas_id": "101"})


def test_a_fault_in_an_export_of_canvas_names_its_column(tmp_path: Path) -> None:
    faults = refused(tmp_path, CANVAS.replace("alice@example.edu", "=alice").replace("103", "101"))
    assert [fault.split(": ")[0].strip() for fault in faults] == [
        "line 4, column `SIS Login ID`",
        "line 5, column `ID`",
    ]


def test_the_grading_worksheet_of_moodle_is_read_as_it_comes(tmp_path: Path) -> None:
    alice, bob = read_roster(written(tmp_path, MOODLE))
    assert alice == Student(
        id="alice@example.edu",
        name="Alice Example",
        email="alice@example.edu",
        ids={"moodle_identifier": "Participant 5301"},
    )
    assert bob.name == "Bob O'Neil"  # and his feedback, which begins with a formula, is nobody's identity


def test_an_anonymous_worksheet_of_moodle_has_nothing_but_numbers(tmp_path: Path) -> None:
    text = 'Identifier,Status,Grade,"Last modified (grade)"\n"Participant 5301",-,-,-\n'
    (student,) = read_roster(written(tmp_path, text))
    assert (student.id, student.name, dict(student.ids)) == ("5301", "", {"moodle_identifier": "Participant 5301"})


def test_a_group_of_moodle_is_a_team_unless_it_is_the_default_one(tmp_path: Path) -> None:
    text = "Identifier,Full name,Username,Group,Grade\nParticipant 1,A B,ab,Red,\nParticipant 2,C D,cd,Default group,\n"
    assert [(one.id, one.team) for one in read_roster(written(tmp_path, text))] == [("ab", "Red"), ("cd", "")]
