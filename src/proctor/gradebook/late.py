"""How late work is, and what that costs: the table ``[late]`` of ``class.toml``.

Theory of operation. Lateness is what a stopwatch would show between two moments, in whole seconds: both are put into
UTC first, so that the night when clocks are set back does not hide an hour, and a day is 24 hours on that night, too.
Work is late from the first full second after it was due. Every limit belongs to the better side: with a grace of 15
minutes, 15 minutes late costs nothing and a second more does.

All durations count from when it was due, and not one from the end of another. Percent are of what the exercise is worth
and not of what was reached: a day costs everybody the same, and can be said before anything is graded. What is left
is never less than nothing; ``at_most`` keeps work worth doing however late it is.

Points are decimal numbers and durations are integers. There is no binary fraction in here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

__all__ = [
    "LatePolicy",
    "Penalty",
    "Step",
    "duration_in_words",
    "lateness",
    "number",
    "penalty",
    "time_in_words",
    "to_cents",
]

DAY: Final = 24 * 60 * 60
_UNITS: Final = {"week": 7 * DAY, "day": DAY, "hour": 60 * 60, "minute": 60, "second": 1}
_SHORT: Final = {"h": "hour", "min": "minute", "s": "second"}
_DURATION: Final = re.compile(r"(\d{1,6}) ?([a-z]+)")
_IN_WORDS: Final = ("day", "hour", "minute", "second")
_CENT: Final = Decimal("0.01")


def _duration(value: Any) -> int:
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    unit = "" if found is None else _SHORT.get(found[2], found[2].removesuffix("s"))
    if found is None or unit not in _UNITS:
        raise ValueError(f'{value!r} is no duration: write "15 min", "2 h", "1 day" or "2 weeks"')
    return int(found[1]) * _UNITS[unit]


Duration = Annotated[int, BeforeValidator(_duration)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]


class Step(BaseModel):
    """What work loses that is later than ``after``, in percent of what the exercise is worth."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Duration
    minus: Percent


class LatePolicy(BaseModel):
    """What late work loses. Without any of it: nothing, however late.

    ``per_day`` is taken off for every day that has begun, up to ``at_most``; ``steps`` are the other way to say it, and
    the last one that was passed holds. Later than ``refused_after``, work gets no points. Durations are in seconds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    grace: Duration = 0
    per_day: Percent | None = None
    at_most: Percent | None = None
    steps: tuple[Step, ...] = ()
    refused_after: Duration | None = None

    @model_validator(mode="after")
    def _is_one_policy(self) -> Self:
        if self.steps and self.per_day is not None:
            raise ValueError("`per_day` and `steps` are two ways to say what late work loses: choose one")
        if self.at_most is not None and self.per_day is None:
            raise ValueError("`at_most` limits `per_day`, and there is none")
        if any(one.after >= other.after or one.minus > other.minus for one, other in pairwise(self.steps)):
            raise ValueError("each of the `steps` comes later than the one before it, and takes no less")
        if self.refused_after is not None and self.refused_after < self.grace:
            raise ValueError("`refused_after` ends before `grace` does: within it, nothing would be late")
        return self


@dataclass(frozen=True)
class Penalty:
    """What late work loses: ``points``, and why in ``reason``, which is empty where it loses nothing."""

    points: Decimal = Decimal(0)
    reason: str = ""


def lateness(submitted_at: datetime | None, due_at: datetime | None) -> int:
    """Return the full seconds between two moments that are aware of their time zones; 0 where it is not late.

    What nobody knows the time of, and what is never due, is never late.
    """
    if submitted_at is None or due_at is None:
        return 0
    return max((submitted_at.astimezone(UTC) - due_at.astimezone(UTC)) // timedelta(seconds=1), 0)


def penalty(late_s: int, worth: int, policy: LatePolicy) -> Penalty:
    """Return what work loses that is so many seconds late, of an exercise that is worth so many points."""
    if late_s <= policy.grace:
        return Penalty()
    if policy.refused_after is not None and late_s > policy.refused_after:
        limit = duration_in_words(policy.refused_after)
        return Penalty(Decimal(worth), f"{duration_in_words(late_s)} late: there are no points after {limit}")
    percent = _percent(late_s, policy)
    points = to_cents(percent * worth / 100)
    if not points:
        return Penalty()
    return Penalty(points, f"{duration_in_words(late_s)} late: {number(points)} of {worth} points off")


def _percent(late_s: int, policy: LatePolicy) -> Decimal:
    if policy.per_day is not None:
        begun_days = -(-late_s // DAY)
        return min(policy.per_day * begun_days, policy.at_most if policy.at_most is not None else Decimal(100))
    return max((step.minus for step in policy.steps if late_s > step.after), default=Decimal(0))


def duration_in_words(seconds: int) -> str:
    """Say how long something is, with all that is not nothing: ``2 days 1 hour 5 seconds``."""
    return " ".join(_counted(seconds)) or "0 seconds"


def _counted(seconds: int) -> Iterable[str]:
    for unit in _IN_WORDS:
        count, seconds = divmod(seconds, _UNITS[unit])
        if count:
            yield f"{count} {unit}{'s' * (count != 1)}"


def time_in_words(moment: datetime, zone: tzinfo | None) -> str:
    """Write a moment as clocks in a zone show it, or else with the offset that it has."""
    return (moment if zone is None else moment.astimezone(zone)).isoformat(" ", "minutes")


def to_cents(points: Decimal) -> Decimal:
    """Round to two decimals; halves go up."""
    return points.quantize(_CENT, ROUND_HALF_UP)


def number(points: Decimal) -> str:
    """Write points as a person would: ``20``, ``12.5``."""
    text = f"{points:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
