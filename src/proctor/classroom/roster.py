"""Who is in the class: one student a line, from a file of your own, from Canvas or from Moodle.

Three kinds of files are read, and told apart by their headings:

======================  ==================================  ============================================================
kind                    told by                             the id of a student is
======================  ==================================  ============================================================
a list of your own      none of the others                  `student`, else `id`, `username` or `login`
Canvas gradebook        first `Student`, then `ID`, and     `SIS Login ID`; in a line without one (or where your account
export                  `Section`                           may not see it), `ID`
Moodle grading          `Identifier` and `Grade` or `Full   `Username`, else `Email address`, else the number in
worksheet               name`                               `Identifier`
======================  ==================================  ============================================================

An id should stay the same for the whole course, because everything that is ever graded is filed under it. That is why
the number of Moodle comes last: a student has another one in every assignment.

In a list of your own, `name` (or `first_name` and `last_name`), `email`, `section` and `team` are what they say, and
every other column is what another system knows the student by, kept in ``ids`` under its heading. Of Canvas and Moodle
only the columns about persons are kept: ``canvas_id``, ``sis_user_id``, ``sis_login_id``, ``integration_id`` and
``root_account``; ``moodle_identifier`` (as in the worksheet: `Participant 5301`), ``username`` and ``id_number``. The
points of Canvas and the grades of Moodle are of no interest here.

Moodle writes its headings in the language of the teacher; only the English ones are known. [The group of a worksheet is
taken for the team, which is how Moodle's `gradingtable.php` fills it; not tried on a real Moodle.]
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from proctor.classroom.csv_table import Faults, Row, Table, read_table, shown
from proctor.classroom.identity import fault_of, fault_of_email, fault_of_id, fault_of_name
from proctor.errors import UsageError
from proctor.gradebook.student import Student

__all__ = ["ID_COLUMNS", "read_roster"]

ID_COLUMNS: Final = ("student", "id", "username", "login")
"""Headings for the id of a student in files of a teacher's own; the first one that is there."""

_ONE_PERSON: Final = (
    "github",
    "canvas_id",
    "sis_user_id",
    "sis_login_id",
    "integration_id",
    "moodle_identifier",
    "id_number",
)
"""Ids of other systems that two students cannot share. Of other columns nobody knows that."""

_CANVAS_IDS: Final = {
    "id": "canvas_id",
    **{column: column for column in ("sis_user_id", "sis_login_id", "integration_id", "root_account")},
}
_MOODLE_IDS: Final = {"identifier": "moodle_identifier", "username": "username", "id_number": "id_number"}
_OWN: Final = {"name", "first_name", "last_name", "email", "section", "team"}


@dataclass(frozen=True)
class _Cell:
    """A text, and the column that it stands in."""

    text: str = ""
    column: str = ""


@dataclass(frozen=True)
class _Entry:
    """One line, sorted by what its cells mean."""

    line: int
    id: _Cell
    name: tuple[_Cell, ...] = ()
    email: _Cell = _Cell()
    section: _Cell = _Cell()
    team: _Cell = _Cell()
    ids: Mapping[str, _Cell] = field(default_factory=dict[str, _Cell])

    @property
    def full_name(self) -> str:
        return " ".join(cell.text for cell in self.name if cell.text)


def read_roster(path: Path) -> list[Student]:
    """Return the students of a roster in its order.

    Raises UsageError, with every fault of the file by line and column, when a cell would not survive being written and
    read again, when two students are the same, and when there is none.
    """
    faults = Faults(path)
    table = read_table(path, faults)
    entries = list(_reader_of(path, table)(table))
    for entry in entries:
        _judge(entry, faults)
    _judge_together(entries, faults)
    faults.tell()
    if not entries:
        raise UsageError(f"`{path}` names no student: there is nothing below its headings")
    return [_student(entry) for entry in entries]


def _student(entry: _Entry) -> Student:
    return Student(
        id=entry.id.text,
        name=entry.full_name,
        email=entry.email.text,
        section=entry.section.text,
        team=entry.team.text,
        ids={system: cell.text for system, cell in entry.ids.items() if cell.text},
    )


# Kinds of files


def _reader_of(path: Path, table: Table) -> Callable[[Table], Iterator[_Entry]]:
    """Tell the kind of a file. Raises UsageError when it has no column for the id of a student."""
    columns = set(table.headings)
    if [*table.headings.values()][:2] == ["Student", "ID"] and "section" in columns:
        return _read_canvas
    if "identifier" in columns and columns & {"grade", "full_name"}:
        return _read_moodle
    if not columns & set(ID_COLUMNS):
        known = ", ".join(shown(heading) for heading in table.headings.values())
        raise UsageError(
            f"`{path}` has no column `student`. Its headings are {known}. Name the column of the ids `student`, "
            "or give the gradebook export of Canvas or the grading worksheet of Moodle (in English) as it is."
        )
    return _read_own


def _cell(table: Table, row: Row, column: str) -> _Cell:
    return _Cell(row[column], table.headings.get(column, column))


def _read_own(table: Table) -> Iterator[_Entry]:
    id_column = next(column for column in ID_COLUMNS if column in table.headings)
    others = [column for column in table.headings if column and column not in {id_column, *_OWN}]
    names = ("name",) if "name" in table.headings else ("first_name", "last_name")
    for row in table.rows:
        yield _Entry(
            line=row.line,
            id=_cell(table, row, id_column),
            name=tuple(_cell(table, row, column) for column in names),
            email=_cell(table, row, "email"),
            section=_cell(table, row, "section"),
            team=_cell(table, row, "team"),
            ids={column: _cell(table, row, column) for column in others},
        )


def _read_canvas(table: Table) -> Iterator[_Entry]:
    for row in table.rows:
        says_no_student = not row["student"] and not row["id"]  # how grades are posted
        if says_no_student or "points possible" in row["student"].casefold():
            continue
        yield _Entry(
            line=row.line,
            id=_cell(table, row, "sis_login_id" if row["sis_login_id"] else "id"),
            name=(_cell(table, row, "student"),),
            section=_cell(table, row, "section"),
            ids={name: _cell(table, row, column) for column, name in _CANVAS_IDS.items()},
        )


def _read_moodle(table: Table) -> Iterator[_Entry]:
    for row in table.rows:
        number = _Cell(row["identifier"].rpartition(" ")[2], table.headings["identifier"])
        known_by = next((column for column in ("username", "email_address") if row[column]), "")
        team = _cell(table, row, "group")
        yield _Entry(
            line=row.line,
            id=_cell(table, row, known_by) if known_by else number,
            name=(_cell(table, row, "full_name"),),
            email=_cell(table, row, "email_address"),
            team=_Cell() if team.text == "Default group" else team,  # of all who are in no group
            ids={name: _cell(table, row, column) for column, name in _MOODLE_IDS.items()},
        )


# Faults


def _judge(entry: _Entry, faults: Faults) -> None:
    """Take note of every cell of a line that would not survive."""
    judged = [
        (entry.id, fault_of_id(entry.id.text)),
        *((cell, fault_of_name(cell.text)) for cell in entry.name),
        (entry.email, fault_of_email(entry.email.text)),
        *((cell, fault_of(cell.text)) for cell in (entry.section, entry.team, *entry.ids.values())),
    ]
    told: set[str] = set()  # a cell may have two meanings
    for cell, fault in judged:
        if fault and cell.column not in told:
            told.add(cell.column)
            faults.add(entry.line, cell.column, f"{shown(cell.text)} {fault}" if cell.text else fault)


def _judge_together(entries: list[_Entry], faults: Faults) -> None:
    """Take note of students that share what belongs to one. Case does not tell two apart: folders may ignore it."""
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    for entry in entries:
        told: set[str] = set()
        for what, cell in (("", entry.id), ("email", entry.email), *entry.ids.items()):
            if not cell.text or (what not in {"", "email"} and what not in _ONE_PERSON):
                continue
            line, other = seen.setdefault((what, cell.text.casefold()), (entry.line, cell.text))
            if line != entry.line and cell.column not in told:
                told.add(cell.column)
                how = "is there, too" if other == cell.text else f"differs only in case from {shown(other)}"
                faults.add(entry.line, cell.column, f"{shown(cell.text)} {how}, on line {line}")
