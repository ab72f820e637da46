"""From failed checks to the misconception behind them.

Each exercise declares its known mistakes with the checks that they fail. The one whose declaration fits the failed
checks best is named, on every check that it explains, with the sentence that helps and a link. Two mistakes that fail
the same checks are told apart by what was seen.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from proctor.catalog import Exercise, Mistake
from proctor.scorecard import CheckResult, Outcome

__all__ = ["best_match", "explain"]

CLOSE_ENOUGH: Final = 0.6
"""Least share of checks, of those that failed or were declared, that both have in common (the Jaccard index)."""


def best_match(exercise: Exercise, failed: Iterable[CheckResult]) -> str:
    """Return the name of the mistake that explains the failed checks best, or an empty text."""
    checks = list(failed)
    ids = {check.id for check in checks}
    told = "\n".join(check.message for check in checks)
    ranked = sorted(
        (
            (_fit(mistake, ids), len(mistake.seen), name)
            for name, mistake in exercise.mistakes.items()
            if all(text in told for text in mistake.seen)
        ),
        key=lambda entry: (-entry[0], -entry[1], entry[2]),
    )
    return ranked[0][2] if ranked and ranked[0][0] >= CLOSE_ENOUGH else ""


def _fit(mistake: Mistake, failed: set[str]) -> float:
    declared = set(mistake.fails)
    return len(declared & failed) / len(declared | failed) if failed else 0.0


def explain(exercise: Exercise, results: list[CheckResult], usual: Mapping[str, str]) -> list[CheckResult]:
    """Return the results with the likely misconception named on the failed checks that it explains.

    ``usual`` has, by check id, the mistake that a check alone usually shows; it is named where no better match is.
    """
    best = best_match(exercise, (result for result in results if result.outcome is Outcome.FAILED))
    return [_explained(exercise, result, best, usual.get(result.id, "")) for result in results]


def _explained(exercise: Exercise, result: CheckResult, best: str, usual: str) -> CheckResult:
    name = best if best and result.id in exercise.mistakes[best].fails else usual
    mistake = exercise.mistakes.get(name)
    if mistake is None or result.outcome is not Outcome.FAILED:
        return result
    message = f"{result.message}\n  likely: {mistake.says}\n  read: {mistake.link}"
    return result.model_copy(update={"mistake": name, "message": message})
