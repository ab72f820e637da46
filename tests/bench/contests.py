"""A contest: contestants are started in turn, round for round, and compared with each other within a round."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from tests.bench.measuring import MB, Run, Spread, environment, measure, say

__all__ = ["CHECKS_MAY_FAIL", "Contestant", "Runs", "contest", "figures_of"]

CHECKS_MAY_FAIL: Final = frozenset({0, 1})
"""The exit statuses of a pytest that has run all checks."""

Runs = dict[str, list[Run]]


@dataclass(frozen=True)
class Contestant:
    """A command, the variables that it gets beside the common ones, and the exit statuses that are no failure of it."""

    command: list[str]
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    accepted: frozenset[int] = frozenset({0})


def contest(what: str, contestants: Mapping[str, Contestant], rounds: int) -> Runs:
    """Run all contestants in turn, so that a busy machine is busy for all of them; the first round does not count."""
    runs: Runs = {name: [] for name in contestants}
    shared = environment()
    for number in range(0 if rounds > 1 else 1, rounds + 1):  # one round alone is a quick look
        say(f"{what}: {f'round {number} of {rounds}' if number else 'warming up'}")
        for name, one in contestants.items():
            run = measure(one.command, shared | dict(one.variables), one.accepted)
            if number:
                runs[name].append(run)
    return runs


def figures_of(runs: Runs, *, plain: str, floor: str) -> dict[str, Any]:
    """Sum up the rounds of a contest. A ratio is the median of the rounds' ratios to ``plain`` and to ``floor``."""
    return {
        name: {
            "wall_s": _spread([run.wall for run in own]),
            "cpu_s": _spread([run.cpu for run in own]),
            "peak_memory_mb": _spread([None if run.memory is None else run.memory / MB for run in own]),
            "wall_to_plain": _ratio(own, runs[plain], "wall"),
            "cpu_to_plain": _ratio(own, runs[plain], "cpu"),
            "wall_to_floor": _ratio(own, runs[floor], "wall"),
            "cpu_to_floor": _ratio(own, runs[floor], "cpu"),
        }
        for name, own in runs.items()
    }


def _spread(values: Iterable[float | None]) -> dict[str, float] | None:
    known = [value for value in values if value is not None]
    return asdict(Spread.of(known)) if known else None


def _ratio(ours: list[Run], theirs: list[Run], field: str) -> dict[str, float] | None:
    pairs: list[tuple[float | None, float | None]] = [
        (getattr(one, field), getattr(other, field)) for one, other in zip(ours, theirs, strict=True)
    ]
    return _spread(None if one is None or other is None else one / other for one, other in pairs)
