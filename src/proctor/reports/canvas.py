"""Canvas: the gradebook as CSV, as its import reads it.

The surest way is to start from the file that Canvas exports: only the cells of the exercises' columns are filled in,
and what is not decided stays blank, which changes nothing in Canvas. Without such a file one is made of the ids in the
roster; its assignments are found by title, and Canvas offers to create those that it does not have.

The rules are those of `lib/gradebook_importer.rb` in https://github.com/instructure/canvas-lms. Not tried on a real
Canvas. `CsvFile.notices` says what could not be matched, in sentences for the teacher.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from proctor.errors import UsageError
from proctor.gradebook.class_report import ClassReport, Column, Row, RowStatus, StudentReport
from proctor.gradebook.student import Student
from proctor.hostile_text import one_line
from proctor.reports.csv_table import (
    CsvFile,
    Template,
    identity_cell,
    matched,
    name_key,
    named,
    points_cell,
    read_csv,
    scale_of,
    text_cell,
    write_csv,
)

__all__ = ["to_canvas"]

EXCUSED: Final = "EX"
NO_ASSIGNMENT: Final = "N/A"
"""What Canvas exports for a student who does not have an assignment."""

RESERVED: Final = tuple(
    f"{what} {kind}"
    for what, kinds in {
        "Current": ("Score", "Points", "Grade"),
        "Final": ("Score", "Points", "Grade"),
        "Override": ("Score", "Grade", "Status"),
    }.items()
    for kind in kinds
)
"""A column with one of these in its heading is dropped."""

_IDS: Final = ("canvas_id", "sis_user_id", "sis_login_id")
"""What a roster calls the ids of Canvas, the surest first."""

_HEADINGS: Final = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_BEFORE_SECTION: Final = re.compile(r"(SIS Login ID|SIS User ID,SIS Login ID(,Integration ID)?(,Root Account)?)?")
_WITH_ID: Final = re.compile(r"(.*\S)\s*\(([0-9]+)\)\s*")
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def to_canvas(report: ClassReport, template: str | None = None, columns: Mapping[str, str] = _NONE) -> CsvFile:
    """Return the grades of a class for `Grades`, `Import` of Canvas.

    ``template`` is the text of an exported gradebook. ``columns`` names, by exercise, the assignment of Canvas (its
    heading, title or id) where that is not the exercise's title or slug. Points are scaled to what an assignment is
    worth in the template. Raises UsageError for a template that Canvas would not read, for an assignment that is not
    there or whose title Canvas would drop, and where nothing can be written at all.
    """
    unknown = sorted({*columns} - {column.exercise for column in report.columns})
    if unknown:
        raise UsageError(f"the class has no exercise `{one_line(unknown[0], 100)}`, so no column can be named for it")
    return _made(report, columns) if template is None else _filled(report, read_csv(template), columns)


def _cell(row: Row, scale: Fraction = Fraction(1)) -> str:
    return EXCUSED if row.status is RowStatus.EXCUSED else points_cell(row.points, scale)


def _refuse_reserved(heading: str) -> None:
    for word in RESERVED:
        if word.casefold() in heading.casefold():
            raise UsageError(
                f"Canvas drops every column with `{word}` in its heading: give `{one_line(heading, 100)}` another title"
            )


# From what Canvas exported


def _filled(report: ClassReport, template: Template, columns: Mapping[str, str]) -> CsvFile:
    section = _section_of(template.headings)
    places = [number for number, row in enumerate(template.rows) if _is_student(row)]
    worth = next((row for row in template.rows if "Points Possible" in row[0]), None)
    notices: list[str] = []
    targets = [
        (number, column, place)
        for number, column in enumerate(report.columns)
        if (place := _place_of(column, template.headings[section + 1 :], worth, columns, notices)) is not None
    ]
    if not targets:
        raise UsageError(
            "no exercise has a column in this export. Create the assignments in Canvas first, with the titles of the "
            "exercises, or name the column of each exercise."
        )
    keys = [_keys_of(template.headings, template.rows[place]) for place in places]
    found, doubtful = matched(keys, [_keys(one.student) for one in report.students], sure=len(_IDS))
    notices += _strangers(template, places, found, doubtful)
    notices += [
        f"{named(one.student)} is not in the export, so no points of theirs are in this file."
        for number, one in enumerate(report.students)
        if number not in found.values()
    ]
    cells: list[tuple[int, int, str]] = []
    for number, column, offset in targets:
        place = section + 1 + offset
        scale = scale_of(worth[place], column.max_score) if worth is not None else Fraction(1)
        if scale != 1 and worth is not None:
            title, there = one_line(column.title, 100), one_line(worth[place], 30)
            notices.append(f"`{title}` is worth {there} in Canvas and {column.max_score} here: points are scaled.")
        for row, line in enumerate(places):
            owner = report.students[found[row]] if row in found else None
            text = _cell(owner.rows[number], scale) if owner is not None else ""
            if template.rows[line][place].strip() != NO_ASSIGNMENT:
                cells.append((line, place, text))
            elif text and owner is not None:
                title = one_line(column.title, 100)
                notices.append(f"{named(owner.student)} does not have `{title}` in Canvas: {text} was not entered.")
    return CsvFile(template.filled(cells), tuple(notices))


def _section_of(headings: Sequence[str]) -> int:
    """Return the place of the last column about persons. Raises UsageError for a header that Canvas would not read."""
    section = headings.index("Section") if "Section" in headings else -1
    is_known = (
        section >= 2  # noqa: PLR2004 - behind `Student` and `ID`
        and "Student" in headings[0]
        and "ID" in headings[1]
        and _BEFORE_SECTION.fullmatch(",".join(headings[2:section])) is not None
    )
    if not is_known:
        seen = ", ".join(f"`{one_line(heading, 40)}`" for heading in headings[:6])
        raise UsageError(
            f"this is no gradebook of Canvas: it begins with {seen}, and should with `Student`, `ID`, ..., `Section`. "
            "Export it anew (in English, with names in one column)."
        )
    return section


def _is_student(row: Sequence[str]) -> bool:
    """Tell students from the lines about points and about how grades are posted."""
    return bool(row[0].strip() or row[1].strip()) and "Points Possible" not in row[0]


def _place_of(
    column: Column,
    headings: Sequence[str],
    worth: Sequence[str] | None,
    columns: Mapping[str, str],
    notices: list[str],
) -> int | None:
    """Return where the assignment of an exercise is, or take note of why it is not filled in."""
    wanted = {columns[column.exercise]} if column.exercise in columns else {column.title, column.exercise}
    places = [number for number, heading in enumerate(headings) if wanted & _names_of(heading)]
    shown = "`, `".join(one_line(name, 100) for name in sorted(wanted))
    if not places and column.exercise in columns:
        raise UsageError(f"the export has no assignment `{shown}`, which is named for `{column.exercise}`")
    if len(places) != 1:
        what = "no assignment" if not places else f"{len(places)} assignments"
        notices.append(f"Canvas has {what} named `{shown}`, so `{column.exercise}` is not in this file.")
        return None
    _refuse_reserved(headings[places[0]])
    if worth is not None and "(read only)" in worth[len(worth) - len(headings) + places[0]]:
        notices.append(f"Canvas does not let `{shown}` be changed, so `{column.exercise}` is not in this file.")
        return None
    return places[0]


def _names_of(heading: str) -> set[str]:
    """Return what an assignment may be called by: its heading, its title, its id."""
    with_id = _WITH_ID.fullmatch(heading)
    return {heading, heading.strip()} | ({with_id[1].strip(), with_id[2]} if with_id else set[str]())


def _keys_of(headings: Sequence[str], row: Sequence[str]) -> tuple[str, ...]:
    cells = dict(zip(headings, row, strict=True))
    ids = (row[1], cells.get("SIS User ID", ""), cells.get("SIS Login ID", ""))
    canvas_id, user, login = (one.strip().casefold() for one in ids)
    return canvas_id, user, login, login, name_key(row[0])


def _keys(student: Student) -> tuple[str, ...]:
    """Return what Canvas looks for, in its order. The id may be the login, and need not."""
    canvas_id, user, login = (student.ids.get(name, "").casefold() for name in _IDS)
    return canvas_id, user, login, student.id.casefold(), name_key(student.name)


def _strangers(
    template: Template, places: Sequence[int], found: Mapping[int, int], doubtful: set[int]
) -> Iterator[str]:
    for number, place in enumerate(places):
        name = one_line(template.rows[place][0], 60)
        if number in doubtful:
            yield f"`{name}` of the export could be several of the class, so that line was left blank."
        elif number not in found:
            yield f"`{name}` of the export is nobody of the class, so that line was left blank."


# From the roster


def _made(report: ClassReport, columns: Mapping[str, str]) -> CsvFile:
    headings = [columns.get(column.exercise, column.title) for column in report.columns]
    for column, heading in zip(report.columns, headings, strict=True):
        _refuse_reserved(heading)
        if column.exercise not in columns and _WITH_ID.fullmatch(heading):
            raise UsageError(
                f"Canvas takes the number at the end of `{one_line(heading, 100)}` for the id of an assignment: "
                "give it another title, or name its column"
            )
        if headings.count(heading) > 1:
            raise UsageError(f"two exercises have the title `{one_line(heading, 100)}`: Canvas cannot tell them apart")
    known = [one for one in report.students if _has_id(one)]
    if not known:
        raise UsageError(
            "no student of the class has an id of Canvas. Export the gradebook from Canvas and give it as the "
            "template, or add the columns `canvas_id` or `sis_login_id` to the roster."
        )
    rows = [
        [*_HEADINGS, *map(text_cell, headings)],
        ["    Points Possible", "", "", "", "", *(str(column.max_score) for column in report.columns)],
        *([*_identity(one.student), *map(_cell, one.rows)] for one in known),
    ]
    left_out = [one for one in report.students if not _has_id(one)]
    return CsvFile(
        write_csv(rows), tuple(f"{named(one.student)} has no id of Canvas, and is not in the file." for one in left_out)
    )


def _has_id(one: StudentReport) -> bool:
    return any(one.student.ids.get(name) for name in _IDS)


def _identity(student: Student) -> list[str]:
    ids = (student.ids.get(name, "") for name in _IDS)
    return [identity_cell(cell) for cell in (student.name or student.id, *ids, student.section)]
