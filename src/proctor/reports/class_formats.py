"""Every format about a class: what of the gradebook it needs, and what writes it.

A format is one entry here, one name in `proctor.reports.format_name` and one file with the writer.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Final

from proctor.classroom.similarity import SimilarPair, similar_pairs
from proctor.classroom.statistics import class_statistics
from proctor.errors import UsageError
from proctor.gradebook.class_report import ClassReport
from proctor.gradebook.desk import Desk
from proctor.reports.canvas import to_canvas
from proctor.reports.class_page import to_class_page
from proctor.reports.csv_table import CsvFile, decode_csv
from proctor.reports.format_name import FormatName
from proctor.reports.grades_csv import to_grades_csv
from proctor.reports.moodle_grades import to_moodle_grades
from proctor.reports.moodle_worksheet import to_moodle_worksheet
from proctor.reports.nbgrader import to_nbgrader
from proctor.reports.reader import Reader
from proctor.reports.student_page import to_student_page

__all__ = ["WRITERS", "ClassSetting", "Written", "write_class", "write_student_pages"]


@dataclass(frozen=True)
class ClassSetting:
    """What a format may want: who reads it, a file to be filled in, one exercise, one student.

    ``columns`` names, by exercise, what Canvas calls it; the headings are those of a worksheet of Moodle, where nobody
    recognises them.
    """

    reader: Reader = Reader.STUDENT
    template: Path | None = None
    exercise: str | None = None
    student: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    grade_heading: str = ""
    feedback_heading: str = ""


@dataclass(frozen=True)
class Written:
    """A file, as bytes, and sentences for the teacher about what is not in it."""

    content: bytes
    notices: tuple[str, ...] = ()


def write_class(name: FormatName, desk: Desk, setting: ClassSetting) -> Written:
    """Write what is known of a class in a format. Raises UsageError for what is missing, or does not fit the format."""
    return WRITERS[name](desk, setting)


def write_student_pages(desk: Desk, reader: Reader) -> dict[str, bytes]:
    """Return a page for every student, by the name of its file."""
    report = desk.report()
    return {
        f"{one.student.id}.html": to_student_page(report, one.student.id, reader).encode() for one in report.students
    }


def _class_page(desk: Desk, _: ClassSetting) -> Written:
    report = desk.report()
    statistics = class_statistics(report, desk.course, desk.class_file.zone or UTC)
    notices: tuple[str, ...] = ()
    try:
        similar = _similar(desk, report)
    except UsageError as error:  # the library is an extra
        similar, notices = [], (str(error),)
    return Written(to_class_page(report, statistics, similar).encode(), notices)


def _similar(desk: Desk, report: ClassReport) -> list[SimilarPair]:
    """Compare what counts of every student; the first of a team stands for it."""
    works: dict[str, dict[str, Mapping[str, bytes]]] = defaultdict(dict)
    seen: set[tuple[str, str]] = set()
    for one in report.students:
        for row in one.rows:
            team = (row.exercise, one.student.team)
            attempt = next((attempt for attempt in row.attempts if attempt.counts), None)
            if attempt is not None and not (one.student.team and team in seen):
                seen.add(team)
                works[row.exercise][one.student.id] = desk.gradebook.files(attempt.submission)
    return [pair for exercise in desk.course for pair in similar_pairs(exercise, works[exercise.slug])]


def _student_page(desk: Desk, setting: ClassSetting) -> Written:
    if setting.student is None:
        raise UsageError("whose page is it? `--student ID` names one student, `--student all` writes one for each")
    return Written(to_student_page(desk.report(), desk.student(setting.student).id, setting.reader).encode())


def _canvas(desk: Desk, setting: ClassSetting) -> Written:
    if setting.template is None:
        return _table(to_canvas(desk.report(), columns=setting.columns))
    text, encoding = decode_csv(setting.template, _bytes_of(setting.template))
    return _table(to_canvas(desk.report(), text, setting.columns), encoding)


def _moodle_worksheet(desk: Desk, setting: ClassSetting) -> Written:
    if setting.template is None:
        raise UsageError("`--template FILE` is the worksheet to fill in: in Moodle, `Download grading worksheet`")
    exercise = None if setting.exercise is None else desk.column(setting.exercise).exercise
    text, encoding = decode_csv(setting.template, _bytes_of(setting.template))
    filled = to_moodle_worksheet(
        desk.report(),
        text,
        exercise,
        grade_heading=setting.grade_heading,
        feedback_heading=setting.feedback_heading,
        reader=setting.reader,
    )
    return _table(filled, encoding)


def _table(file: CsvFile, encoding: str = "utf-8") -> Written:
    return Written(file.text.encode(encoding), file.notices)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read: {error.strerror}") from None


WRITERS: Final[Mapping[FormatName, Callable[[Desk, ClassSetting], Written]]] = {
    FormatName.CANVAS: _canvas,
    FormatName.CLASS: lambda desk, _: Written(desk.report().to_json().encode()),
    FormatName.CLASS_PAGE: _class_page,
    FormatName.GRADES: lambda desk, _: _table(to_grades_csv(desk.report())),
    FormatName.MOODLE_GRADES: lambda desk, so: _table(to_moodle_grades(desk.report(), so.reader)),
    FormatName.MOODLE_WORKSHEET: _moodle_worksheet,
    FormatName.NBGRADER: lambda desk, _: _table(to_nbgrader(desk.report())),
    FormatName.STUDENT_PAGE: _student_page,
}
