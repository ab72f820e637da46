"""Who reads a report, and so what is in it: a hidden check says nothing to students before it may."""

from enum import StrEnum
from typing import Final

from proctor.verdict import Visibility

__all__ = ["Reader"]


class Reader(StrEnum):
    """The person for whom a report is written."""

    STUDENT = "student"
    STUDENT_AFTER_DUE = "student_after_due"
    TEACHER = "teacher"

    def may_read(self, visibility: Visibility) -> bool:
        """Tell whether a check with this visibility is shown to this reader."""
        return visibility in _SHOWN[self]


_SHOWN: Final = {
    Reader.STUDENT: frozenset({Visibility.ALWAYS}),
    Reader.STUDENT_AFTER_DUE: frozenset({Visibility.ALWAYS, Visibility.AFTER_DUE}),
    Reader.TEACHER: frozenset(Visibility),
}
