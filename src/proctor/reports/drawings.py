"""Where the pieces of small drawings stand, and the words for who does not see them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from proctor.classroom.statistics import AttemptsOfADay, Distribution
from proctor.reports.html_page import number, plural

__all__ = ["Histogram", "Timeline", "histogram_of", "timeline_of"]

COLUMN: Final = 32
TALLEST: Final = 72
"""Of 104: above it is room for a count, below it for the axis."""
FLOOR: Final = 90

WIDTH: Final = 720
TALLEST_DAY: Final = 92
FLOOR_OF_DAYS: Final = 100
WIDEST_DAY: Final = 24.0


@dataclass(frozen=True)
class _Column:
    x: int
    y: float
    height: float
    students: int


@dataclass(frozen=True)
class Histogram:
    """How many students have how many points, as columns. ``words`` say the same without seeing."""

    columns: tuple[_Column, ...]
    max_score: int
    words: str
    caption: str


@dataclass(frozen=True)
class _Day:
    x: float
    y: float
    height: float
    day: date
    attempts: int
    exercises: str


@dataclass(frozen=True)
class Timeline:
    """How many attempts there were on each day that had any, in their order; days without leave a gap."""

    days: tuple[_Day, ...]
    width: float
    words: str


def histogram_of(distribution: Distribution, what: str) -> Histogram:
    """Return the drawing of a distribution; ``what`` is counted in the caption: points, grades."""
    most = max((one.students for one in distribution.bins), default=0)
    columns: list[_Column] = []
    for position, one in enumerate(distribution.bins):
        height = round(one.students / most * TALLEST, 1) if one.students else 1
        columns.append(_Column(position * COLUMN + 1, round(FLOOR - height, 1), height, one.students))
    filled = [one for one in distribution.bins if one.students]
    ranges = [f"{one.students} from {number(one.lower)} to {number(one.upper)}" for one in filled]
    caption = f"{what} of {plural(distribution.students, 'student')}"
    return Histogram(
        columns=tuple(columns),
        max_score=distribution.max_score,
        words=f"{caption}: {', '.join(ranges)}" if ranges else f"{caption}: nothing to draw",
        caption=caption,
    )


def timeline_of(attempts: Sequence[AttemptsOfADay]) -> Timeline:
    """Return the drawing of attempts by day."""
    by_day: defaultdict[date, list[AttemptsOfADay]] = defaultdict(list)
    for one in attempts:
        by_day[one.day].append(one)
    if not by_day:
        return Timeline((), 0, "No attempts")
    first, last = min(by_day), max(by_day)
    pitch = min(WIDTH / ((last - first).days + 1), WIDEST_DAY)
    most = max(sum(one.attempts for one in of_day) for of_day in by_day.values())
    days: list[_Day] = []
    for day, of_day in sorted(by_day.items()):
        count = sum(one.attempts for one in of_day)
        height = round(count / most * TALLEST_DAY, 1)
        words = ", ".join(f"{one.exercise} {one.attempts}" for one in of_day)
        days.append(_Day(round((day - first).days * pitch, 1), FLOOR_OF_DAYS - height, height, day, count, words))
    busiest = max(days, key=lambda one: one.attempts)
    total = sum(one.attempts for one in days)
    when = f"on {first}" if first == last else f"from {first} to {last}"
    words = f"{plural(total, 'attempt')} {when}, most of them ({busiest.attempts}) on {busiest.day}"
    return Timeline(tuple(days), round(max(pitch * 0.8, 0.6), 2), words)
