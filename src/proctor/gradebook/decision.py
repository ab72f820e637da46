"""What a teacher decides about one student's work on one exercise, beside what the checks gave."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

__all__ = ["Decision", "DecisionKind"]


class DecisionKind(StrEnum):
    """What a decision changes."""

    OVERRIDE = "override"  # `points` are the points, whatever the checks gave and however late it was
    GIVEN = "given"  # `points` are added to what the checks gave; the only points of a column that no check is for
    EXTENSION = "extension"  # `until` takes the place of the time when it is due
    EXCUSE = "excuse"  # the exercise does not count for this student


@dataclass(frozen=True)
class Decision:
    """One decision, which is never changed. The latest of its kind, for a student and an exercise, is in force.

    A decision that ``is_withdrawn`` puts an end to the one before it, so that none of its kind is in force.
    """

    student: str
    exercise: str
    kind: DecisionKind
    author: str
    reason: str
    made_at: datetime
    points: Decimal | None = None
    until: datetime | None = None
    is_withdrawn: bool = False
