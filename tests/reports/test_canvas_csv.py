"""The Canvas file, read by the rules of Canvas's importer (lib/gradebook_importer.rb), written anew here."""

import csv
import io
import re
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from tests.reports.lms_class import HOSTILE_NAMES, a_class, a_row, a_student

from proctor.errors import UsageError
from proctor.gradebook.class_report import ClassReport, RowStatus
from proctor.reports.canvas import to_canvas

DROPPED = (
    "current score|current points|current grade|final score|final points|final grade|override (score|grade|status)"
)


@dataclass
class Gradebook:
    """A gradebook of Canvas: what it knows, and what an import has changed."""

    users: dict[str, dict[str, str]]  # by canvas id: sis, login, name
    assignments: dict[str, str]  # by id: title
    created: list[str] = field(default_factory=list[str])
    worth: dict[str, Decimal] = field(default_factory=dict[str, Decimal])
    scores: dict[tuple[str, str], Decimal | str] = field(default_factory=dict[tuple[str, str], Decimal | str])
    new_students: list[str] = field(default_factory=list[str])

    def load(self, text: str) -> None:
        """Import a file."""
        head = text.splitlines()[:3]
        delimiter = max(",;", key=lambda sign: sum(line.count(sign) for line in head))
        records = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if row]
        header, rows = records[0], records[1:]
        first = self._persons(header)
        columns = {place: self._assignment(heading) for place, heading in enumerate(header) if place >= first}
        for row in rows:
            assert len(row) == len(header)
            if "Points Possible" in row[0]:
                self.worth |= {name: _number(row[place]) for place, name in columns.items() if name and row[place]}
            elif any(cell.strip() for cell in row[:2]):
                self._enter(header, row, columns)

    def _persons(self, header: list[str]) -> int:
        assert len(header) >= 4
        assert "Student" in header[0]
        assert "ID" in header[1]
        layouts = [
            ["Section"],
            ["SIS Login ID", "Section"],
            *(
                ["SIS User ID", "SIS Login ID", *more, "Section"]
                for more in ([], ["Integration ID"], ["Root Account"], ["Integration ID", "Root Account"])
            ),
        ]
        layout = next(layout for layout in layouts if header[2 : 2 + len(layout)] == layout)
        return 2 + len(layout)

    def _assignment(self, heading: str) -> str:
        if re.search(DROPPED, heading, re.IGNORECASE):
            return ""
        found = re.search(r" \((\d+)\)$", heading)
        if found and found[1] in self.assignments:
            return found[1]
        same = [name for name, title in self.assignments.items() if title == heading]
        if not same:
            self.created.append(heading)
            self.assignments[heading] = heading
            return heading
        return same[0]

    def _enter(self, header: list[str], row: list[str], columns: dict[int, str]) -> None:
        cells = dict(zip(header, row, strict=True))
        keys = [
            ("id", row[1]),
            ("sis", cells.get("SIS User ID", "")),
            ("login", cells.get("SIS Login ID", "")),
            ("name", row[0]),
        ]
        owner = next(
            (
                user
                for kind, key in keys
                if key
                for user, facts in self.users.items()
                if {"id": user, **facts}.get(kind) == key
            ),
            None,
        )
        if owner is None:
            self.new_students.append(row[0])
            return
        for place, name in columns.items():
            cell = row[place].strip()
            if name and cell not in {"", "-", "N/A"}:
                self.scores[owner, name] = "EX" if cell.upper() == "EX" else _number(cell)


def _number(cell: str) -> Decimal:
    assert re.fullmatch(r"[0-9]+([.,][0-9]+)*", cell), cell
    whole, _, decimals = cell.replace(",", ".").rpartition(".") if re.search("[.,]", cell) else (cell, "", "")
    return Decimal(f"{whole.replace('.', '')}.{decimals or 0}")


def records(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


EXPORT = (
    "Student,ID,SIS User ID,SIS Login ID,Section,little-server (4711),Essay (9),Final Score\r\n"
    "    Points Possible,,,,,100.00,10,(read only)\r\n"
    '"Example, Alice",101,u123,alice@example.edu,"Section 1, morning",,7,81\r\n'
    '"Example, Bob",102,u124,bob@example.edu,Section 1,3,,12\r\n'
    '"Student, Test",999,,t9,Section 1,4,,\r\n'
)


def two(alice: str | None = "85.5", bob: RowStatus = RowStatus.EXCUSED) -> ClassReport:
    return a_class(
        a_student("alice", a_row(alice), full_name="Example, Alice", ids={"canvas_id": "101"}),
        a_student("bob", a_row(None, bob), ids={"sis_login_id": "bob@example.edu"}),
    )


def test_only_the_grades_of_an_export_change_and_canvas_reads_them() -> None:
    written = to_canvas(two(), EXPORT)
    gradebook = Gradebook(
        {"101": {"sis": "u123"}, "102": {"login": "bob@example.edu"}, "999": {}},
        {"4711": "little-server", "9": "Essay"},
    )
    gradebook.load(written.text)
    assert gradebook.scores == {
        ("101", "4711"): Decimal("85.5"),
        ("101", "9"): Decimal(7),
        ("102", "4711"): "EX",
    }
    assert not gradebook.created
    assert not gradebook.new_students
    before, after = records(EXPORT), records(written.text)
    changed = {
        (row, place)
        for row, cells in enumerate(after)
        for place, cell in enumerate(cells)
        if cell != before[row][place]
    }
    assert changed == {(2, 5), (3, 5), (4, 5)}
    assert written.notices == ("`Student, Test` of the export is nobody of the class, so that line was left blank.",)


@pytest.mark.parametrize("status", [RowStatus.ERROR, RowStatus.UNAVAILABLE, RowStatus.MISSING])
def test_what_is_not_decided_is_blank_and_never_0(status: RowStatus) -> None:
    after = records(to_canvas(two(None, status), EXPORT).text)
    assert [row[5] for row in after[2:]] == ["", "", ""]


def test_what_is_missing_and_counts_is_0() -> None:
    report = a_class(a_student("alice", a_row("0", RowStatus.MISSING), ids={"canvas_id": "101"}))
    assert records(to_canvas(report, EXPORT).text)[2][5] == "0"


def test_delimiter_line_ends_and_byte_order_mark_stay_as_they_came() -> None:
    template = "\ufeff" + EXPORT.replace('"Section 1, morning"', "Section 1").replace('"Example, ', '"Example# ')
    template = template.replace(",", ";").replace("#", ",").replace("\r\n", "\n")
    text = to_canvas(two(), template).text
    assert text.startswith("\ufeffStudent;ID;")
    assert "\r" not in text
    assert records(text, ";")[2][:6] == ["Example, Alice", "101", "u123", "alice@example.edu", "Section 1", "85.5"]


def test_students_are_matched_by_the_surest_id_first() -> None:
    report = a_class(
        a_student("x1", a_row("1"), full_name="Example, Bob", ids={"canvas_id": "101"}),
        a_student("x2", a_row("2"), full_name="Nobody", ids={"sis_user_id": "U124"}),
    )
    assert [row[5] for row in records(to_canvas(report, EXPORT).text)[2:4]] == ["1", "2"]


def test_the_id_of_a_student_may_be_the_login_and_a_name_may_be_turned_round() -> None:
    report = a_class(
        a_student("alice@example.edu", a_row("1")),
        a_student("bobby", a_row("2"), full_name="Bob  EXAMPLE"),
    )
    assert [row[5] for row in records(to_canvas(report, EXPORT).text)[2:4]] == ["1", "2"]


def test_whoever_takes_the_name_of_somebody_else_gets_none_of_their_points() -> None:
    template = EXPORT.replace('"Example, Bob"', '"Example, Alice"')
    report = a_class(
        a_student("alice", a_row("90"), full_name="Example, Alice", ids={"canvas_id": "500"}),
        a_student("also", a_row("80"), full_name="Alice Example"),
    )
    written = to_canvas(report, template)
    assert [row[5] for row in records(written.text)[2:4]] == ["", ""]
    assert any("could be several" in notice for notice in written.notices)
    assert any("`alice` (Example, Alice) is not in the export" in notice for notice in written.notices)


def test_points_are_scaled_to_what_the_assignment_is_worth_there() -> None:
    written = to_canvas(two("33.33"), EXPORT.replace("100.00", "10"))
    assert records(written.text)[2][5] == "3.33"
    assert "`little-server` is worth 10 in Canvas and 100 here: points are scaled." in written.notices


def test_points_have_no_sign_between_thousands() -> None:
    assert records(to_canvas(two("12345.50"), EXPORT).text)[2][5] == "12345.5"


def test_a_student_without_the_assignment_keeps_that() -> None:
    written = to_canvas(two(), EXPORT.replace('morning",,', 'morning",N/A,'))
    assert records(written.text)[2][5] == "N/A"
    assert any("does not have `little-server` in Canvas: 85.5" in notice for notice in written.notices)


@pytest.mark.parametrize("wanted", ["9", "Essay", "Essay (9)"])
def test_an_assignment_can_be_named(wanted: str) -> None:
    row = records(to_canvas(two("50"), EXPORT, {"little-server": wanted}).text)[2]
    assert row[5:7] == ["", "5"]


def test_what_cannot_be_matched_is_refused_or_told() -> None:
    with pytest.raises(UsageError, match="no assignment `Poem`"):
        to_canvas(two(), EXPORT, {"little-server": "Poem"})
    with pytest.raises(UsageError, match="has no exercise `poem`"):
        to_canvas(two(), EXPORT, {"poem": "Essay"})
    with pytest.raises(UsageError, match="Canvas drops every column with `Final Score`"):
        to_canvas(two(), EXPORT, {"little-server": "Final Score"})
    with pytest.raises(UsageError, match="no exercise has a column"):
        to_canvas(two(), EXPORT.replace("little-server", "other"))
    with pytest.raises(UsageError, match="no exercise has a column"):
        to_canvas(two(), EXPORT.replace("100.00", "(read only)"))
    with pytest.raises(UsageError, match="no gradebook of Canvas"):
        to_canvas(two(), "Student,ID,SIS User ID,Section,little-server\r\n")
    with pytest.raises(UsageError, match="no gradebook of Canvas"):
        to_canvas(two(), "a,b\r\n1,2\r\n")
    with pytest.raises(UsageError, match="the file is empty"):
        to_canvas(two(), "")
    with pytest.raises(UsageError, match="has 9 cells"):
        to_canvas(two(), EXPORT.replace(",u124", ",,u124"))


def test_names_survive_as_canvas_has_them_whatever_they_begin_with() -> None:
    names = [*HOSTILE_NAMES, '="=1+1"', "@home", "two\nlines", " blank "]
    file = io.StringIO(newline="")
    csv.writer(file).writerows(
        [
            ["Student", "ID", "SIS Login ID", "Section", "little-server (1)"],
            *([name, str(number), f"l{number}", "S", ""] for number, name in enumerate(names)),
        ]
    )
    report = a_class(*(a_student(f"l{number}", a_row(str(number))) for number in range(len(names))))
    after = records(to_canvas(report, file.getvalue()).text)
    assert [row[0] for row in after[1:]] == names
    assert [row[4] for row in after[1:]] == [str(number) for number in range(len(names))]


def test_without_an_export_the_ids_of_the_roster_are_enough() -> None:
    report = a_class(
        *(
            a_student(f"s{number}", a_row(str(number)), full_name=name, ids={"canvas_id": str(100 + number)})
            for number, name in enumerate(HOSTILE_NAMES)
        ),
        a_student("nobody", a_row("5"), full_name="No Body"),
        titles={"little-server": "Little, server"},
    )
    written = to_canvas(report)
    gradebook = Gradebook({str(100 + number): {} for number in range(len(HOSTILE_NAMES))}, {"4711": "Little, server"})
    gradebook.load(written.text)
    assert gradebook.scores == {(str(100 + number), "4711"): Decimal(number) for number in range(len(HOSTILE_NAMES))}
    assert gradebook.worth == {"4711": Decimal(100)}
    assert not gradebook.created
    assert not gradebook.new_students
    assert [row[0] for row in records(written.text)[2:]] == list(HOSTILE_NAMES)
    assert written.text.count("\r\n") == written.text.count("\n")
    assert written.notices == ("`nobody` (No Body) has no id of Canvas, and is not in the file.",)


@pytest.mark.parametrize("title", ["The final grade", "Current Points of all", "override status"])
def test_titles_that_canvas_would_drop_are_refused(title: str) -> None:
    report = a_class(a_student("a", a_row("1"), ids={"canvas_id": "1"}), titles={"little-server": title})
    with pytest.raises(UsageError, match="Canvas drops every column"):
        to_canvas(report)


def test_a_title_that_looks_like_an_id_is_refused_and_a_class_without_ids() -> None:
    report = a_class(a_student("a", a_row("1"), ids={"canvas_id": "1"}), titles={"little-server": "Servers (2)"})
    with pytest.raises(UsageError, match="for the id of an assignment"):
        to_canvas(report)
    assert records(to_canvas(report, columns={"little-server": "Servers (2)"}).text)[0][5] == "Servers (2)"
    with pytest.raises(UsageError, match="no student of the class has an id of Canvas"):
        to_canvas(a_class(a_student("a", a_row("1"))))
