"""Moodle: the grades of all exercises for `Grades`, `Import`, `CSV file`.

The file has no fixed headings: the teacher says in Moodle which column is which, and identifies students by
``username``, ``email`` or ``idnumber``. Every exercise has a column of points and one of feedback, and a grade item of
Moodle should be worth as many points as the exercise. Nothing is scaled here, because nothing is known of those items.
"""

from proctor.gradebook.class_report import ClassReport, RowStatus
from proctor.gradebook.student import Student
from proctor.hostile_text import one_line
from proctor.reports.csv_table import CsvFile, identity_cell, named, points_cell, text_cell, write_csv
from proctor.reports.moodle_worksheet import feedback_of
from proctor.reports.reader import Reader

__all__ = ["to_moodle_grades"]


def to_moodle_grades(report: ClassReport, reader: Reader = Reader.STUDENT) -> CsvFile:
    """Return the points and the feedback of every student. What is not decided, or excused, is blank.

    ``reader`` says which checks feedback may name.
    """
    headings = ["username", "email", "idnumber"]
    for column in report.columns:
        headings += [text_cell(column.exercise), text_cell(f"{column.exercise} feedback")]
    rows = [headings]
    notices: list[str] = []
    for one in report.students:
        cells = _identity(one.student)
        for row in one.rows:
            cells += [points_cell(row.points), feedback_of(row, reader)]
            if row.status is RowStatus.EXCUSED:
                exercise = one_line(row.exercise, 100)
                notices.append(f"{named(one.student)} is excused from `{exercise}`: the grade was left blank.")
        rows.append(cells)
        if not one.student.email and not _id_number(one.student):
            notices.append(f"{named(one.student)} has neither email nor id number: Moodle can find only the username.")
    return CsvFile(write_csv(rows), tuple(notices))


def _identity(student: Student) -> list[str]:
    cells = (student.ids.get("username") or student.id, student.email, _id_number(student))
    return [identity_cell(cell) for cell in cells]


def _id_number(student: Student) -> str:
    return student.ids.get("id_number") or student.ids.get("idnumber", "")
