"""One attempt as the gradebook gives it back."""

from dataclasses import dataclass
from datetime import datetime

from proctor.gradebook.attempt import Circumstances
from proctor.scorecard import Scorecard

__all__ = ["RecordedAttempt"]


@dataclass(frozen=True)
class RecordedAttempt:
    """An `Attempt` without its files, which `Gradebook.files` has. Times are in UTC.

    The scorecard is the document: what it leaves out of its JSON (what was printed, and notes) is not recorded.
    """

    student: str
    scorecard: Scorecard
    circumstances: Circumstances
    submitted_at: datetime | None
    graded_at: datetime
