"""Moodle: the grading worksheet of one assignment, filled in.

It is always a file that was downloaded from that assignment (`View all submissions`, `Download grading worksheet`),
because nothing else has its identifiers. Only its grade and its feedback change. A grade that is not decided stays
blank, which changes nothing in Moodle; feedback that we have nothing to say for stays as it came, because Moodle
stores whatever is there.

Moodle skips a grade that is above the maximum, locked, or changed in Moodle after the download. Not tried on a real
Moodle.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from proctor.errors import UsageError, did_you_mean
from proctor.gradebook.class_report import ClassReport, Row, RowStatus, StudentReport
from proctor.gradebook.student import Student
from proctor.hostile_text import one_line
from proctor.reports.csv_table import (
    CsvFile,
    Template,
    matched,
    name_key,
    named,
    points_cell,
    read_csv,
    scale_of,
    text_cell,
)
from proctor.reports.moodle_columns import IDENTIFIER, Places, places_of
from proctor.reports.reader import Reader
from proctor.scorecard import Outcome

__all__ = ["feedback_of", "to_moodle_worksheet"]

HIGHEST_GRADE: Final = 100

SURE_KEYS: Final = 3
"""Username, id number and email; what comes behind them is a guess."""

_MARKUP: Final = str.maketrans({"<": "(", ">": ")", "&": "+"})
"""Moodle takes feedback for HTML."""


@dataclass(frozen=True)
class _Result:
    """What a student gets for the assignment, and what they are told."""

    points: Decimal | None
    feedback: str
    is_excused: bool = False


def to_moodle_worksheet(
    report: ClassReport,
    template: str,
    exercise: str | None,
    *,
    grade_heading: str = "",
    feedback_heading: str = "",
    reader: Reader = Reader.STUDENT,
) -> CsvFile:
    """Return the worksheet ``template`` with the points of an exercise, or with the final grades where that is None.

    Points are scaled to the maximum grade of the assignment. ``grade_heading`` and ``feedback_heading`` name columns
    that are not recognised; ``reader`` says which checks feedback may name. Raises UsageError for an exercise or a
    heading that is not there, and for a file that is no worksheet.
    """
    results, max_score = _results(report, exercise, reader)
    sheet = read_csv(template)
    places = places_of(sheet, grade_heading, feedback_heading)
    keys = [_keys_of(row, places) for row in sheet.rows]
    found, doubtful = matched(keys, [_keys(one.student) for one in report.students], sure=SURE_KEYS)
    notices = [*_strangers(sheet, places, found, doubtful), *_absent(report.students, found)]
    if places.feedback is None:
        notices.append("No feedback is in this file: its column was not recognised. Name it if there is one.")
    cells: list[tuple[int, int, str]] = []
    for number, row in enumerate(sheet.rows):
        if number not in found:
            cells.append((number, places.grade, ""))
            continue
        student, result = report.students[found[number]].student, results[found[number]]
        scale = scale_of(row[places.maximum], max_score) if places.maximum is not None else Fraction(1)
        grade = points_cell(result.points, scale)
        is_locked = places.can_be_changed is not None and row[places.can_be_changed].strip().casefold() == "no"
        is_above = result.points is not None and result.points > max_score
        if result.is_excused:
            notices.append(f"{named(student)} is excused, which Moodle has no word for: the grade was left blank.")
        elif grade and is_locked:
            notices.append(f"The grade of {named(student)} cannot be changed in Moodle: {grade} was not entered.")
        elif grade and is_above:
            notices.append(f"{named(student)} has more than the maximum: Moodle skips a grade of {grade}.")
        cells.append((number, places.grade, "" if is_locked else grade))
        if places.feedback is not None and result.feedback and grade and not is_locked:
            cells.append((number, places.feedback, result.feedback))
    return CsvFile(sheet.filled(cells), tuple(notices))


def feedback_of(row: Row, reader: Reader = Reader.STUDENT) -> str:
    """Return what a student is told about an exercise, as a cell that Moodle may take for HTML."""
    if row.points is None:
        return ""
    failed = [
        check.title for check in row.checks if check.outcome is Outcome.FAILED and reader.may_read(check.visibility)
    ]
    sentences = [
        f"{points_cell(row.points)} of {row.max_score} points.",
        *(reason if reason.endswith(".") else f"{reason}." for reason in row.reasons),
        *([f"Not loaded: {row.message}"] if row.status is RowStatus.UNREADABLE and row.message else []),
        *([f"Not passed: {'; '.join(failed)}."] if failed else []),
    ]
    return text_cell(" ".join(sentences).translate(_MARKUP))


def _results(report: ClassReport, exercise: str | None, reader: Reader) -> tuple[list[_Result], int]:
    """Return what each student gets, and of how many points."""
    if exercise is None:
        return [_Result(one.grade, _about_grade(one.grade)) for one in report.students], HIGHEST_GRADE
    known = [column.exercise for column in report.columns]
    if exercise not in known:
        raise UsageError(f"the class has no exercise `{one_line(exercise, 100)}`. {did_you_mean(exercise, known)}")
    number = known.index(exercise)
    rows = [one.rows[number] for one in report.students]
    results = [_Result(row.points, feedback_of(row, reader), row.status is RowStatus.EXCUSED) for row in rows]
    return results, report.columns[number].max_score


def _about_grade(grade: Decimal | None) -> str:
    return "" if grade is None else f"{points_cell(grade)} of {HIGHEST_GRADE}."


# Whose row is whose


def _keys_of(row: Sequence[str], places: Places) -> tuple[str, ...]:
    username, id_number, email = (
        "" if place is None else row[place].strip().casefold()
        for place in (places.username, places.id_number, places.email)
    )
    name = "" if places.name is None else name_key(row[places.name])
    return username, id_number, email, username, _numbered(row[0], name), name


def _keys(student: Student) -> tuple[str, ...]:
    """Return what a student is looked for by. The id may be the username, and need not."""
    name = name_key(student.name)
    username, id_number = (student.ids.get(system, "").casefold() for system in ("username", "id_number"))
    numbered = _numbered(student.ids.get("moodle_identifier", ""), name)
    return username, id_number, student.email.casefold(), student.id.casefold(), numbered, name


def _numbered(identifier: str, name: str) -> str:
    """Return a key of both: a number is another student's in another assignment."""
    number = IDENTIFIER.fullmatch(identifier.strip())
    return f"{number[1]} {name}" if number and name else ""


def _strangers(sheet: Template, places: Places, found: Mapping[int, int], doubtful: set[int]) -> Iterator[str]:
    for number, row in enumerate(sheet.rows):
        who = one_line(row[0] if places.name is None else f"{row[0]}, {row[places.name]}", 100)
        if number in doubtful:
            yield f"`{who}` of the worksheet could be several of the class, so no grade is in that line."
        elif number not in found:
            yield f"`{who}` of the worksheet is nobody of the class, so no grade is in that line."


def _absent(students: Sequence[StudentReport], found: Mapping[int, int]) -> Iterator[str]:
    present = {*found.values()}
    for number, one in enumerate(students):
        if number not in present:
            yield f"{named(one.student)} is not in the worksheet, so no grade of theirs is in this file."
