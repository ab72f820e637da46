"""What a reader is shown of a report: the checks that are for them, and totals of these checks alone.

Where checks are left out, the totals are of "public points", so that nobody can reckon what the hidden ones gave. A
total is None where anything in it could not be decided: nobody loses points by our fault.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from proctor.reports.reader import Reader
from proctor.scorecard import CheckResult, Outcome, Report, Scorecard, Status

__all__ = ["NOT_DECIDED", "Excerpt", "Total", "excerpts_of", "feedback", "safe_name", "total_of"]

NOT_DECIDED: Final = "This could not be decided. It is our fault and not yours."

_LONGEST_NAME: Final = 100
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class Excerpt:
    """What a reader is shown of one scorecard; ``left_out`` checks are hidden from them, or were not here at all.

    ``prefix`` comes before the names of checks, so that they are different in a report about several exercises.
    """

    card: Scorecard
    checks: tuple[CheckResult, ...]
    left_out: int
    prefix: str = ""

    @property
    def exercise(self) -> str:
        """The name of the exercise."""
        return safe_name(self.card.exercise)

    @property
    def is_decided(self) -> bool:
        """Is it known what came of all of it?"""
        is_judged = self.card.status in {Status.GRADED, Status.UNREADABLE} or self.card.is_hidden
        return is_judged and all(check.score is not None for check in self.checks)

    @property
    def score(self) -> int | None:
        """The points of the checks that are shown."""
        return sum(check.score or 0 for check in self.checks) if self.is_decided else None

    @property
    def max_score(self) -> int:
        """What the checks that are shown are worth; all of it where no check is known."""
        return sum(check.points for check in self.checks) if self.card.checks else self.card.max_score

    @property
    def message(self) -> str:
        """What is to be said of the exercise as a whole, as it came; often empty."""
        if self.card.status is Status.UNAVAILABLE and not self.card.is_hidden:
            return f"This could not be graded here, which is not your fault: {self.card.message}"
        if self.is_decided:
            return self.card.message
        return f"{NOT_DECIDED} {self.card.message}".rstrip()

    def name_of(self, check: CheckResult) -> str:
        """Return a name of a check that is unique in the report."""
        return f"{self.prefix}{safe_name(check.id)}"


@dataclass(frozen=True)
class Total:
    """Points together. ``score`` is None where they are not decided."""

    score: int | None
    max_score: int
    left_out: int

    @property
    def kind(self) -> str:
        """What these points are called."""
        return "public points" if self.left_out else "points"

    def __str__(self) -> str:
        return f"{'not decided' if self.score is None else self.score} of {self.max_score} {self.kind}"


def excerpts_of(report: Report, reader: Reader) -> list[Excerpt]:
    """Return what a reader is shown of every scorecard, in their order."""
    is_alone = len(report.scorecards) == 1
    return [_excerpt(card, reader, "" if is_alone else f"{safe_name(card.exercise)}.") for card in report.scorecards]


def total_of(excerpts: Sequence[Excerpt]) -> Total:
    """Add up what a reader is shown. Raises nothing, and decides nothing that is not decided."""
    scores = [excerpt.score for excerpt in excerpts]
    known = [score for score in scores if score is not None]
    return Total(
        score=sum(known) if len(known) == len(scores) else None,
        max_score=sum(excerpt.max_score for excerpt in excerpts),
        left_out=sum(excerpt.left_out for excerpt in excerpts),
    )


def feedback(check: CheckResult) -> str:
    """Return what is to be said of a check, as it came: the caller makes it harmless. Empty for one that passed."""
    if check.outcome is Outcome.PASSED:
        return ""
    if check.outcome is Outcome.ERROR:
        return f"{NOT_DECIDED} {check.message}".rstrip()
    return f"{check.score} of {check.points} points: {check.message}" if check.score else check.message


def safe_name(text: str) -> str:
    """Return a name of letters, digits and ``_.-``, which no format takes for anything but a name."""
    return _UNSAFE.sub("_", text[:_LONGEST_NAME]) or "_"


def _excerpt(card: Scorecard, reader: Reader, prefix: str) -> Excerpt:
    shown = tuple(check for check in card.checks if reader.may_read(check.visibility))
    elsewhere = card.hidden.checks if card.hidden else 0
    return Excerpt(card, shown, len(card.checks) - len(shown) + elsewhere, prefix)
