"""Does any attack gain anything, and does anything pile up? Grades attacks in a row, with every layer.

    python -m tests.stress --attacks 1000

Exits with 1 if an attack gains anything, if a right answer among them notices, or if a process or a file is left
behind. Outcomes that change under load are another question: `proctor verify --repeat 20 --burn`.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

import psutil
from tests.attack_suite import ATTACKS, command_line, run_attacks, toy_exercise

from proctor.isolation.protection import Isolation, choose

__all__ = ["main"]

FULL: Final = 100


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
    """Grade as many attacks as the command line wants, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attacks", type=int, default=1000)
    return endure(parser.parse_args().attacks)


if __name__ == "__main__":
    sys.exit(main())
