"""`proctor classroom`: from submissions to a gradebook, all of a class or one shard of it."""

import tempfile
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proctor.catalog import Course, Exercise, find_root, load_course
from proctor.classroom.batch import Rules
from proctor.classroom.class_work import HandedIn, NotThere, class_work, stored_work
from proctor.classroom.engine import crew_of
from proctor.classroom.engine_name import Engine
from proctor.classroom.grade_class import ClassGrader, Tally
from proctor.classroom.meter import Meter
from proctor.classroom.roster import read_roster
from proctor.classroom.shard_results import write_results
from proctor.classroom.sources import hand_ins
from proctor.environment import environment_digest
from proctor.errors import Interrupted, UsageError
from proctor.gradebook.class_report import RowStatus
from proctor.gradebook.gradebook import Gradebook
from proctor.gradebook.student import Student
from proctor.isolation.layers import Layer
from proctor.isolation.protection import Isolation, choose
from proctor.place import insist_on_a_place
from proctor.released import insist_on_all_checks
from proctor.shard import WHOLE, Shard
from proctor.terminal import Terminal

__all__ = ["ClassWish", "grade_class"]

INTERRUPTED: Final = "interrupted; what was graded is in the gradebook, and the same command goes on from there"
MOST_STRANGERS: Final = 20


@dataclass(frozen=True)
class ClassWish:
    """What is asked for. Without ``submissions``, what the gradebook has kept is graded anew."""

    submissions: Path | None
    gradebook: Path
    roster: Path | None = None
    slugs: Sequence[str] = ()
    kind: str | None = None
    engine: Engine = Engine.LOCAL
    scheduler: str | None = None
    workers: int | None = None
    shard: Shard = WHOLE
    results: Path | None = None
    seed: int | None = None
    isolation: Isolation = Isolation.STRICT
    without: tuple[Layer, ...] = ()


def grade_class(wish: ClassWish) -> int:
    """Grade a class and show what came of it. Return the exit code."""
    _insist_on_sense(wish)
    root = find_root(Path.cwd())
    insist_on_all_checks(root, "a class is graded")
    course = load_course(root)
    exercises = course.select(wish.slugs)
    protection = choose(wish.isolation, wish.without)
    terminal = Terminal()
    with Gradebook.open(wish.gradebook, seed=wish.seed) as gradebook, tempfile.TemporaryDirectory() as work_folder:
        for notice in gradebook.notices:
            terminal.line(notice, "yellow")
        rules = _rules(course, exercises, gradebook, wish)
        roster = None if wish.roster is None else read_roster(wish.roster)
        found = _find(wish, gradebook, roster, exercises, Path(work_folder), terminal)
        layers = tuple(protection.layers)
        with Meter(terminal, found.count) as meter:
            grader = ClassGrader(gradebook, rules, layers, told=meter.told)
            with crew_of(wish.engine, workers=wish.workers, scheduler=wish.scheduler) as crew, _told_when_interrupted():
                tally = grader.grade(found.work, crew)
        if wish.results is not None:
            write_results(wish.results, gradebook, rules, layers, found.students, wish.shard)
    _show(terminal, tally, wish)
    return tally.exit_code


@dataclass(frozen=True)
class _Found:
    """The class, and its work, of which there are ``count`` pieces."""

    students: tuple[str, ...]
    work: Iterable[HandedIn | NotThere]
    count: int


def _insist_on_sense(wish: ClassWish) -> None:
    """Refuse at once what cannot be meant. Raises UsageError."""
    insist_on_a_place(wish.gradebook)
    insist_on_a_place(wish.results)
    if wish.submissions is None and (wish.roster is not None or wish.shard != WHOLE or wish.results is not None):
        raise UsageError("without SUBMISSIONS what the gradebook has kept is graded anew: leave out the other options")
    if (wish.shard != WHOLE) != (wish.results is not None):
        raise UsageError("`--shard I/N` and `--results FILE` belong together: the file is what `gradebook merge` reads")
    if wish.shard != WHOLE and wish.seed is None:
        raise UsageError("the shards of a class draw the same values: give all of them the same `--seed NUMBER`")


def _rules(course: Course, exercises: Sequence[Exercise], gradebook: Gradebook, wish: ClassWish) -> Rules:
    graders = {exercise.slug: exercise.graders_digest for exercise in exercises}
    return Rules(course.root, graders, environment_digest(), wish.isolation, wish.without, gradebook.seed)


def _find(
    wish: ClassWish,
    gradebook: Gradebook,
    roster: list[Student] | None,
    exercises: Sequence[Exercise],
    work_folder: Path,
    terminal: Terminal,
) -> _Found:
    if wish.submissions is None:
        stored = stored_work(gradebook, exercises)
        return _Found((), stored, len(stored))
    found = hand_ins(wish.submissions, roster, exercises, work_folder, wish.kind)
    students = sorted(found.students, key=lambda one: one.id)
    mine = wish.shard.share(students)
    gradebook.enroll(mine)
    for stranger in found.strangers[:MOST_STRANGERS]:
        terminal.line(f"not graded: {stranger}", "yellow")
    if len(found.strangers) > MOST_STRANGERS:
        terminal.line(f"and {len(found.strangers) - MOST_STRANGERS} more whose they are nobody knows", "yellow")
    by_student = {one.student: one for one in found.hand_ins}
    late = [f"`{one.id}`" for one in mine if one.id in by_student and by_student[one.id].is_marked_late]
    if late:
        what = "late where it was handed in, which does not say by how much, so nothing is taken off here"
        terminal.line(f"{what}: {', '.join(late)}", "yellow")
    work = class_work(mine, by_student, exercises)
    return _Found(tuple(one.id for one in students), work, len(mine) * len(exercises))


@contextmanager
def _told_when_interrupted() -> Generator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(INTERRUPTED) from None


def _show(terminal: Terminal, tally: Tally, wish: ClassWish) -> None:
    terminal.line(f"{tally.count:,} rows: {tally}")
    if tally.graded_before:
        terminal.line(f"{tally.graded_before:,} of them were graded before: nothing has changed there.", "dim")
    if tally.rows[RowStatus.ERROR]:
        terminal.line("What was not decided costs nobody points; the same command tries it again.", "yellow")
    terminal.line(f"gradebook: {wish.gradebook}")
