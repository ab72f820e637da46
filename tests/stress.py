"""Does any check ever change its outcome, and does anything pile up? Grades again and again, under load.

    python -m tests.stress --rounds 20 --burn 2
    python -m tests.stress --hostile 1000

Every round runs all checks of all variants in another random order, with values drawn anew, while processes that do
nothing but compute keep the cores busy. Exits with 1 if an outcome differs from that of the first round.

With ``--hostile`` so many attacks are graded in a row instead, with every layer. Exits with 1 if one gains anything,
if a right answer among them notices, or if a process or a file is left behind.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil
from tests.attack_suite import ATTACKS, command_line, run_attacks, toy_exercise
from tests.test_exercises import TASKS

from proctor.grade import grade
from proctor.isolation.protection import Isolation, choose

__all__ = ["main"]

FULL: Final = 100
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


def endure(wanted: int) -> int:
    """Grade so many attacks, print a line for each run of the suite, and return the exit status."""
    protection, graded, troubles = choose(Isolation.STRICT), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        exercise = toy_exercise(Path(folder))
        attacks = [attack for attack in ATTACKS if attack.fits(exercise)]
        before = _surroundings()
        while graded < wanted:
            run = run_attacks(exercise, attacks, protection)
            graded += len(attacks)
            left = [*run.left_processes, *run.left_files, *(_surroundings() - before)]
            gained, disturbed = run.successes(attacks), [card for card in run.neighbours if card.score != FULL]
            troubles += len(gained) + len(disturbed) + len(left)
            print(
                f"{graded} attacks: {len(gained)} gained something, {len(disturbed)} right answers disturbed, ", end=""
            )
            print(f"{len(left)} processes or files left {gained or ''} {left or ''}", flush=True)
    return 1 if troubles else 0


def _surroundings() -> set[str]:
    """Return every process of Proctor, and every entry of the folders that everybody may write to."""
    processes = {f"process {each.pid}" for each in psutil.process_iter() if "proctor" in " ".join(command_line(each))}
    places = [Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/dev/shm")]  # noqa: S108 - looked at, not written to
    return processes | {str(path) for place in places if place.is_dir() for path in place.iterdir()}


def main() -> int:
    """Run the rounds, print a line for each, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--burn", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--hostile", type=int, default=0, metavar="N")
    arguments = parser.parse_args()
    if arguments.hostile:
        return endure(arguments.hostile)
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
