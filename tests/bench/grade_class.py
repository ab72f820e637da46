"""Grades a whole class with Proctor in one process: ``python -m tests.bench.grade_class FOLDER [KIND...]``.

Grades all submissions of `tests.bench.classes` in a folder, or those of some kinds, with the isolation that there is.
Prints one JSON object: seconds, scorecards by status, and the memory of this process, which coordinates the others.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Final

from tests.bench.classes import Kind, students_in
from tests.bench.measuring import KIB, ROOT

from proctor.catalog import load_course
from proctor.grade import Task, grade
from proctor.scorecard import Scorecard, Status
from proctor.submission import read_submission

_PEAK: Final = (Path("/proc/self/status"), "VmHWM:")
_SHARE: Final = (Path("/proc/self/smaps_rollup"), "Pss:")


def tasks_in(students: list[Path]) -> list[Task]:
    """Read what every student has handed in."""
    course = load_course(ROOT)
    return [
        Task(f"{student.name}/{folder.name}", read_submission(course.exercise(folder.name), folder))
        for student in students
        for folder in sorted(student.iterdir())
    ]


def bytes_of(file: Path, name: str) -> int | None:
    """Read a size from a file of this process as proc(5) has them, or None on a system without."""
    if not file.exists():
        return None
    line = next(line for line in file.read_text(encoding="ascii").splitlines() if line.startswith(name))
    return int(line.split()[1]) * KIB


def insist_on_sound_verdicts(students: list[Path], cards: list[Scorecard]) -> None:
    """Raise RuntimeError unless the right answers, and they alone, have all points."""
    for student, card in zip(students, cards, strict=True):
        is_right = student.name.endswith(f"-{Kind.RIGHT}")
        if card.status is Status.ERROR or card.is_complete is not is_right:
            raise RuntimeError(f"{student.name} got {card.score} points ({card.status}: {card.message})")


def main() -> None:
    """Grade and tell."""
    students = students_in(Path(sys.argv[1]), sys.argv[2:] or tuple(Kind))
    begin = time.perf_counter()
    tasks = tasks_in(students)
    cards = grade(tasks)
    seconds = time.perf_counter() - begin
    told = {
        "submissions": len(tasks),
        "seconds": seconds,
        "statuses": Counter(card.status for card in cards),
        "checks": sum(len(card.checks) for card in cards),
        "peak_bytes": bytes_of(*_PEAK),
        "pss_bytes": bytes_of(*_SHARE),
    }
    insist_on_sound_verdicts(students, cards)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
