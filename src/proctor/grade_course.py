"""Grades one folder of submissions, one for each exercise: shows the board and writes the reports."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from proctor import __version__
from proctor.board import Board
from proctor.catalog import find_root, load_course
from proctor.errors import Interrupted
from proctor.grade import Grader, Task
from proctor.lanes import Lanes
from proctor.reports.junit import to_junit
from proctor.reports.place import insist_on_a_place
from proctor.scorecard import Report
from proctor.submission import read_all

__all__ = ["Wish", "grade_course"]


@dataclass(frozen=True)
class Wish:
    """What is asked for: exercises (all where none is named), the folder that mirrors ``exercises/``, and reports."""

    slugs: Sequence[str] = ()
    submission: Path | None = None
    json: Path | None = None
    junit: Path | None = None
    seed: int | None = None
    shuffle: int | None = None


def grade_course(lanes: Lanes, wish: Wish) -> int:
    """Grade, show and write. Return the exit code."""
    course = load_course(find_root(Path.cwd()))
    exercises = course.select(wish.slugs)
    lanes.collect(course.root, [exercise.slug for exercise in exercises])
    for target in (wish.json, wish.junit):
        insist_on_a_place(target)
    folder = (wish.submission or course.root / "exercises").absolute()
    tasks = [Task(one.exercise.slug, one) for one in read_all(exercises, folder)]
    seed = secrets.randbelow(1 << 31) if wish.seed is None else wish.seed
    board = Board(course, folder)
    try:
        with board.progress() as progress:
            cards = Grader(lanes).grade_all(tasks, seed=seed, shuffle=wish.shuffle, progress=progress)
    except KeyboardInterrupt:
        raise Interrupted("interrupted; nothing was written, and grading again starts afresh") from None
    report = Report(
        proctor=__version__,
        seed=seed,
        isolation=lanes.protection.layers,
        not_protected=tuple(lanes.protection.open_doors()),
        scorecards=tuple(cards),
    )
    if wish.json is not None:
        wish.json.write_text(report.to_json(), encoding="utf-8")
    if wish.junit is not None:
        wish.junit.write_text(to_junit(report), encoding="utf-8")
    board.show(report)
    return report.exit_code
