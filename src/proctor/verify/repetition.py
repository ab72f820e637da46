"""Does any check ever change its outcome? Grades known answers again and again, in random order and under load.

Every round draws its values anew, runs submissions and checks in another random order, and has the processors busy with
something else, so that whatever depends on time, order or luck comes out sooner or later.
"""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from proctor.grade import Grader, Progress, Task, lanes_for
from proctor.isolation.protection import Protection
from proctor.lanes import Lanes
from proctor.scorecard import Outcome, Scorecard
from proctor.shard import WHOLE, Shard
from proctor.verdict import Verdict

__all__ = ["Repeated", "Repetition", "Unstable", "burning", "repeat"]


@dataclass(frozen=True)
class Repetition:
    """How to repeat: so many ``rounds``, beside ``burn`` processes that compute; one ``shard`` of it."""

    rounds: int
    burn: int = 0
    shard: Shard = WHOLE

    @classmethod
    def read(cls, rounds: int, *, burn: bool, shard: str | None) -> "Repetition":
        """Read what a command line says: a shard is ``2/5``, load is a process for every processor.

        Raises UsageError for a shard that there is not.
        """
        part = WHOLE if shard is None else Shard.read(shard)
        return cls(rounds, (os.cpu_count() or 1) if burn else 0, part)


@dataclass(frozen=True)
class Unstable:
    """A check whose outcome is not constant on one answer; ``outcomes`` counts each, ``messages`` has one of each."""

    answer: str
    check: str
    outcomes: dict[str, int]
    messages: dict[str, str]

    @property
    def counted(self) -> str:
        """Say how often it came out in which way."""
        return " and ".join(f"{outcome} {count} times" for outcome, count in self.outcomes.items())

    @property
    def is_ours(self) -> bool:
        """Was a round among them in which nothing could be decided?"""
        return Outcome.ERROR in self.outcomes


@dataclass(frozen=True)
class Repeated:
    """What came of all rounds: the checks that are unstable, and why answers were not graded at all, by their keys."""

    unstable: tuple[Unstable, ...]
    ungraded: dict[str, str]


def repeat(
    tasks: Sequence[Task],
    repetition: Repetition,
    *,
    protection: Protection,
    progress: Progress = lambda _verdict, _total: None,
    told: Callable[[int], None] = lambda _round: None,
) -> Repeated:
    """Grade known answers so many times; return what has ever changed.

    ``progress`` hears every verdict, ``told`` the number of each round that is done.
    """
    outcomes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    messages: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    ungraded: dict[str, str] = {}
    tasks = repetition.shard.share(tasks)
    if not tasks:
        return Repeated((), {})
    with burning(repetition.burn), lanes_for(tasks, protection) as lanes:
        total = repetition.rounds * sum(len(lanes.specs(task.submission.exercise.slug)) for task in tasks)
        for number in range(1, repetition.rounds + 1):
            for key, card in _round(lanes, tasks, number, lambda verdict: progress(verdict, total)):
                if not card.checks:
                    ungraded[key] = card.message
                for check in card.checks:
                    outcomes[key, check.id][check.outcome] += 1
                    messages[key, check.id].setdefault(check.outcome, check.message)
            told(number)
    unstable = (
        Unstable(answer, check, dict(counted), messages[answer, check])
        for (answer, check), counted in sorted(outcomes.items())
        if len(counted) > 1
    )
    return Repeated(tuple(unstable), ungraded)


def _round(
    lanes: Lanes, tasks: Sequence[Task], number: int, heard: Callable[[Verdict], None]
) -> list[tuple[str, Scorecard]]:
    shuffled = Random(number).sample(tasks, len(tasks))  # noqa: S311 - an order, not a secret
    return list(Grader(lanes).grade(shuffled, seed=number, shuffle=number, heard=heard))


@contextmanager
def burning(count: int) -> Generator[None]:
    """Keep so many processes computing for as long as the block lasts."""
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()
