"""The names of the formats that `proctor report` writes.

What is behind each know `proctor.reports.formats` and, for those of a class, `proctor.reports.class_formats`.
"""

from enum import StrEnum
from typing import Final

__all__ = ["CLASS_FORMATS", "FormatName"]


class FormatName(StrEnum):
    """A format, as it is named on the command line."""

    CANVAS = "canvas"
    CLASS = "class"
    CLASS_PAGE = "class-page"
    GRADES = "grades"
    MOODLE_GRADES = "moodle-grades"
    MOODLE_WORKSHEET = "moodle-worksheet"
    NBGRADER = "nbgrader"
    STUDENT_PAGE = "student-page"

    ANNOTATIONS = "annotations"
    CLASSROOM50 = "classroom50"
    CLASSROOM_REPORTER = "classroom-reporter"
    EXERCISM = "exercism"
    GRADESCOPE = "gradescope"
    JUNIT = "junit"
    PRAIRIELEARN = "prairielearn"
    SHIELDS = "shields"
    STEP_SUMMARY = "step-summary"


CLASS_FORMATS: Final = frozenset(
    {
        FormatName.CANVAS,
        FormatName.CLASS,
        FormatName.CLASS_PAGE,
        FormatName.GRADES,
        FormatName.MOODLE_GRADES,
        FormatName.MOODLE_WORKSHEET,
        FormatName.NBGRADER,
        FormatName.STUDENT_PAGE,
    }
)
"""Those that are written from a gradebook; all others from the report of one submission."""
