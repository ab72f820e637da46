"""How pages say what has come of one student's work on one exercise: points, a sign, and the words for the sign."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from proctor.gradebook.class_report import Row, RowStatus
from proctor.reports.html_page import number

__all__ = ["CHANGED", "LEGEND", "Cell", "Sign", "cell_of", "late"]

TINTS: Final = 5
MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


@dataclass(frozen=True)
class Sign:
    """A sign beside the points, told by its shape: ``words`` are for who hears the page, ``about`` explains them."""

    shape: str
    words: str
    about: str
    style: str


CHANGED: Final = Sign("*", "changed", "graded; late, or changed by a teacher: the remarks say why", "changed")

LEGEND: Final = {
    RowStatus.MISSING: Sign("○", "missing", "nothing was handed in: no points", "missing"),
    RowStatus.UNREADABLE: Sign("\N{MULTIPLICATION SIGN}", "unreadable", "it cannot be loaded: no points", "unreadable"),
    RowStatus.ERROR: Sign("!", "our fault", "not decided, by a fault of ours: nobody loses points", "error"),
    RowStatus.UNAVAILABLE: Sign("◇", "not graded here", "this machine lacks what the exercise needs", "unavailable"),
    RowStatus.EXCUSED: Sign("\N{EN DASH}", "excused", "it does not count", "excused"),
}
"""The sign of every status but ``graded``, whose sign is that it has none."""

NOT_COUNTED: Final = Sign("\N{EN DASH}", "does not count", "", "excused")


@dataclass(frozen=True)
class Cell:
    """What is shown for a row: points of ``max_score``, or nothing, and a sign, or none. ``tint`` is from 0 to 5."""

    points: str
    sign: Sign | None
    tint: int

    @property
    def style(self) -> str:
        """The classes of the cell."""
        return self.sign.style if self.sign and self.sign is not CHANGED else f"t{self.tint}"


def cell_of(row: Row) -> Cell:
    """Return what is shown for a row."""
    sign = LEGEND.get(row.status)
    if sign is None and row.points is None:
        sign = NOT_COUNTED
    elif sign is None and (row.points != row.score or row.reasons):
        sign = CHANGED
    points = "" if row.points is None else number(row.points)
    return Cell(points, sign, _tint(row.points or Decimal(0), row.max_score))


def late(seconds: int) -> str:
    """Return how late something was, in the words in which one would say it; empty for what was in time."""
    for unit, word in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second")):
        if seconds >= unit:
            count = seconds // unit
            return f"{count} {word}{'' if count == 1 else 's'} late"
    return ""


def _tint(points: Decimal, max_score: int) -> int:
    """Full points alone have the deepest tint."""
    return min(int(points * TINTS / max_score), TINTS) if max_score else 0
