"""Does any check ever change its outcome? Grades every variant of every exercise again and again, under load.

    python -m tests.stress --rounds 20 --burn 2

Every round runs all checks of all variants in another random order, with values drawn anew, while processes that do
nothing but compute keep the cores busy. Exits with 1 if an outcome differs from that of the first round.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

from tests.test_exercises import TASKS

from proctor.grade import grade

__all__ = ["main"]

Outcomes = dict[tuple[str, str], str]


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


def outcomes_of(seed: int) -> Outcomes:
    """Grade everything once, and return the outcome of every check by variant and check."""
    cards = grade(TASKS, seed=seed, shuffle=seed)
    return {
        (task.key, check.id): check.outcome for task, card in zip(TASKS, cards, strict=True) for check in card.checks
    }


def main() -> int:
    """Run the rounds, print a line for each, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--burn", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    first, changed = Outcomes(), 0
    with burning(arguments.burn):
        for number in range(arguments.rounds):
            seen = outcomes_of(number)
            first = first or seen
            different = {key for key in first.keys() | seen.keys() if first.get(key) != seen.get(key)}
            changed += len(different)
            print(
                f"round {number + 1}: {len(seen)} checks of {len(TASKS)} variants, {len(different)} changed", flush=True
            )
            for variant, check in sorted(different):
                print(
                    f"  {variant}: {check}: {first.get((variant, check))}, now {seen.get((variant, check))}", flush=True
                )
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
