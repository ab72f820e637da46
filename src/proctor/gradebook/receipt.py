"""What was found of one student's work on one exercise, the last time that submissions were looked at."""

from dataclasses import dataclass
from datetime import datetime

from proctor.gradebook.class_report import RowStatus

__all__ = ["Receipt"]


@dataclass(frozen=True)
class Receipt:
    """What came of it: ``status``, and why in ``message``. There is one for every student and every exercise.

    ``submission`` is the digest of what was handed in, empty where nothing was.
    """

    student: str
    exercise: str
    status: RowStatus
    message: str
    submission: str
    submitted_at: datetime | None
    looked_at: datetime
