"""One grading of one submission: what the gradebook keeps of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from proctor.scorecard import Scorecard

__all__ = ["Attempt", "Circumstances"]


@dataclass(frozen=True)
class Circumstances:
    """What a verdict depends on beside submission and graders: the drawn values, what is installed, what held it.

    ``environment`` is the digest of `proctor.environment.environment_digest`.
    """

    seed: int
    environment: str
    isolation: tuple[str, ...]


@dataclass(frozen=True)
class Attempt:
    """One student's submission to one exercise (``scorecard.exercise``), and what came of it.

    Two attempts are the same one if student, exercise, submission digest, graders digest and circumstances are. When it
    was handed in (aware of its time zone, None where nobody knows) and when it was graded do not matter for that.
    ``files`` are the learner's files by name.
    """

    student: str
    scorecard: Scorecard
    circumstances: Circumstances
    files: Mapping[str, bytes]
    submitted_at: datetime | None
    graded_at: datetime
