"""Plain pytest for a whole class, one process per submission, nothing isolated, no time-out.

``python -m tests.bench.plain_class LANES FOLDER KIND...`` runs the plain checks on the submissions of these kinds of
`tests.bench.classes`, so many at a time, and prints what every pytest prints. Fails when a right answer does.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.classes import Kind, students_in
from tests.bench.contests import CHECKS_MAY_FAIL
from tests.bench.measuring import ROOT
from tests.bench.plain_pytest import plain_pytest


def check(student: Path) -> str:
    """Run the checks on one submission. Raises RuntimeError when their outcome makes no sense."""
    done = subprocess.run(
        plain_pytest(sorted(folder.name for folder in student.iterdir())),
        cwd=ROOT,
        env={**os.environ, "PROCTOR_BENCH_SUBMISSIONS": str(student)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    accepted = {0} if student.name.endswith(f"-{Kind.RIGHT}") else CHECKS_MAY_FAIL
    if done.returncode not in accepted:
        raise RuntimeError(f"pytest ended with {done.returncode} on {student.name}:\n{done.stdout}{done.stderr}")
    return done.stdout


def main(lanes: int, folder: Path, kinds: Sequence[str]) -> None:
    """Check the class."""
    with ThreadPoolExecutor(lanes) as pool:
        for printed in pool.map(check, students_in(folder, kinds)):
            print(printed, end="")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
