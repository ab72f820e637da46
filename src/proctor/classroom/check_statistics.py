"""Which checks of an exercise tell something about those who met them.

Theory of operation
-------------------
Does a check tell those who can do it from those who cannot? `CheckStatistics.discrimination` is the corrected
point-biserial correlation: of passing the check (1 or 0) with the points of all *other* checks of the exercise. The
check's own points are left out, because they would correlate with themselves (Henrysson, "Correction of item-total
correlations in item analysis", Psychometrika 28, 1963; "item-rest correlation" in Crocker & Algina, "Introduction to
Classical and Modern Test Theory", 1986, chapter 14). It uses every student, and needs no groups of equals to be cut in
two, as the upper and lower 27 % do: most students of a course that teaches have all points. Around 0.3 and above is
good; near 0 the check tells nothing; below 0 those who can do the rest fail it more often than those who cannot.

Only students whose work was graded, with every check of the exercise decided, are asked: a file that cannot be loaded
fails every check alike and would make all of them look telling. Where fewer than ten are left a correlation says more
about who they are than about the check, and where all of them agree there is none; `why_none` says which.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from math import floor
from typing import Final

from proctor.gradebook.class_report import Row
from proctor.scorecard import CheckResult, Outcome, Visibility

__all__ = ["FEWEST_STUDENTS", "CheckStatistics", "check_statistics", "rounded"]

FEWEST_STUDENTS: Final = 10
"""Fewer say nothing about a check."""


@dataclass(frozen=True)
class CheckStatistics:
    """One check. ``passed``, ``failed`` and ``undecided`` count the students whose work was graded.

    ``pass_rate`` is the share (0 to 1) that passed of those where it was decided. ``discrimination`` is from -1 to 1,
    or None: ``why_none`` says why, in a sentence. ``is_suspicious``: strong students fail it more than weak ones, by
    more than chance alone would usually do. Look at the check, not at the students.
    """

    exercise: str
    id: str
    title: str
    points: int
    visibility: Visibility
    passed: int
    failed: int
    undecided: int
    pass_rate: Decimal | None
    discrimination: Decimal | None
    why_none: str
    is_suspicious: bool


def check_statistics(exercise: str, graded: Sequence[Row]) -> tuple[CheckStatistics, ...]:
    """Count every check that anybody met, in the order in which they were met first."""
    met: dict[str, list[tuple[CheckResult, Row]]] = defaultdict(list)
    for row in graded:
        for check in row.checks:
            met[check.id].append((check, row))
    return tuple(_of_a_check(exercise, results) for results in met.values())


def _of_a_check(exercise: str, results: Sequence[tuple[CheckResult, Row]]) -> CheckStatistics:
    first = results[0][0]
    outcomes = Counter(check.outcome for check, _ in results)
    passed, failed = outcomes[Outcome.PASSED], outcomes[Outcome.FAILED]
    discrimination, why_none, is_suspicious = _discrimination(
        [
            (check.outcome is Outcome.PASSED, sum(other.score or 0 for other in row.checks if other is not check))
            for check, row in results
            if all(other.outcome is not Outcome.ERROR for other in row.checks)
        ]
    )
    return CheckStatistics(
        exercise=exercise,
        id=first.id,
        title=first.title,
        points=first.points,
        visibility=first.visibility,
        passed=passed,
        failed=failed,
        undecided=outcomes[Outcome.ERROR],
        pass_rate=rounded(Fraction(passed, passed + failed), 4) if passed + failed else None,
        discrimination=discrimination,
        why_none=why_none,
        is_suspicious=is_suspicious,
    )


def _discrimination(pairs: Sequence[tuple[bool, int]]) -> tuple[Decimal | None, str, bool]:
    """Correlate passing with the points of the other checks: the number, why there is none, whether it is suspicious.

    Where nothing is correlated, such a number strays from 0 by about 1/sqrt(n - 1). Only below that it is suspicious.
    """
    count = len(pairs)
    passed = sum(has_passed for has_passed, _ in pairs)
    if count < FEWEST_STUDENTS:
        return (
            None,
            f"Only {count} of the class have every check decided; fewer than {FEWEST_STUDENTS} say nothing.",
            False,
        )
    if passed in (0, count):
        return None, f"All {count} {'passed' if passed else 'failed'} it, so it tells nobody from anybody.", False
    total = sum(points for _, points in pairs)
    together = count * sum(points for has_passed, points in pairs if has_passed) - passed * total
    spread = passed * (count - passed) * (count * sum(points * points for _, points in pairs) - total * total)
    if not spread:
        return None, f"All {count} have the same points in the other checks, so nobody is stronger than others.", False
    with localcontext(Context(prec=28, rounding=ROUND_HALF_UP)):
        correlation = (Decimal(together) / Decimal(spread).sqrt()).quantize(Decimal("0.01")) + 0  # no "-0.00"
    return correlation, "", together < 0 and together * together * (count - 1) > spread


def rounded(value: Fraction, places: int) -> Decimal:
    """Round a number that is not negative, halves up, as people do."""
    scale: int = 10**places
    return Decimal(floor(value * scale + Fraction(1, 2))).scaleb(-places)
