"""The floor under a class: `tests.bench.floor` for many submissions, with a fork per check or one per submission.

``python -m tests.bench.class_floor LANES FOLDER check|submission`` performs the right answers of `tests.bench.classes`,
and prints one JSON object about the forks alone.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.classes import Kind, students_in
from tests.bench.floor import Check, checks_of, perform, time_forks


def checks_by_process(students: Sequence[Path], *, per_check: bool) -> list[tuple[Path, list[Check]]]:
    """Return whose checks every child performs."""
    shares: list[tuple[Path, list[Check]]] = []
    for student in students:
        checks = [check for folder in sorted(student.iterdir()) for check in checks_of(folder.name)]
        shares += [(student, [check]) for check in checks] if per_check else [(student, checks)]
    return shares


def perform_for(student: Path, checks: Sequence[Check]) -> None:
    """Perform checks on one submission; runs in the child."""
    os.environ["PROCTOR_BENCH_SUBMISSIONS"] = str(student)
    perform(checks)


def main(lanes: int, folder: Path, share: str) -> None:
    """Warm up, then fork."""
    students = students_in(folder, [Kind.RIGHT])
    shares = checks_by_process(students, per_check=share == "check")
    seconds = time_forks([lambda own=own: perform_for(*own) for own in shares], lanes)
    print(json.dumps({**seconds, "submissions": len(students), "forks": len(shares)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
