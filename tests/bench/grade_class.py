"""Grades a whole class with Proctor in one process: ``python -m tests.bench.grade_class FOLDER [KIND...]``.

Grades all submissions of `tests.bench.classes` in a folder, or those of some kinds, with the isolation that there is.
Prints one JSON object: seconds, scorecards by status, and the memory of this process, which coordinates the others.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.bench.classes import Kind, students_in
from tests.bench.measuring import KIB, ROOT

from proctor.catalog import Course, load_course
from proctor.grade import Grader, Task
from proctor.isolation.protection import Isolation, choose
from proctor.lanes import Lanes
from proctor.scorecard import Scorecard, Status
from proctor.submission import read_submission

_PEAK: Final = (Path("/proc/self/status"), "VmHWM:")
_SHARE: Final = (Path("/proc/self/smaps_rollup"), "Pss:")


def tasks_in(course: Course, students: list[Path]) -> Iterator[Task]:
    """Read what every student has handed in, when it is asked for."""
    for student in students:
        for folder in sorted(student.iterdir()):
            submission = read_submission(course.exercise(folder.name), folder)
            yield Task(f"{student.name}/{folder.name}", submission)


def bytes_of(file: Path, name: str) -> int | None:
    """Read a size from a file of this process as proc(5) has them, or None on a system without."""
    if not file.exists():
        return None
    line = next(line for line in file.read_text(encoding="ascii").splitlines() if line.startswith(name))
    return int(line.split()[1]) * KIB


def insist_on_a_sound_verdict(key: str, card: Scorecard) -> None:
    """Raise RuntimeError unless the right answers, and they alone, have all points."""
    student, _, _ = key.partition("/")
    is_right = student.endswith(f"-{Kind.RIGHT}")
    if card.status is Status.ERROR or card.is_complete is not is_right:
        raise RuntimeError(f"{student} got {card.score} points ({card.status}: {card.message})")


def main() -> None:
    """Grade and tell."""
    students = students_in(Path(sys.argv[1]), sys.argv[2:] or tuple(Kind))
    begin = time.perf_counter()
    statuses, checks = Counter[str](), 0
    with Lanes(choose(Isolation.AUTO)) as lanes:
        course = load_course(ROOT)
        lanes.collect(ROOT, sorted({folder.name for student in students for folder in student.iterdir()}))
        for key, card in Grader(lanes).grade(tasks_in(course, students)):
            insist_on_a_sound_verdict(key, card)
            statuses[card.status] += 1
            checks += len(card.checks)
    told = {
        "submissions": statuses.total(),
        "seconds": time.perf_counter() - begin,
        "statuses": statuses,
        "checks": checks,
        "peak_bytes": bytes_of(*_PEAK),
        "pss_bytes": bytes_of(*_SHARE),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
