"""Some submissions that are graded together, in whatever thread, process or machine is free: what goes there, and back.

Theory of operation. `grade_batch` is what an executor of `concurrent.futures` runs. Whoever runs it for the first time
starts a lane, with warm servers of its own, and keeps it for the next batch; `close_lanes` ends the lanes of a process.
A batch names the course by its folder and by the digests of its graders, so that a machine with another course, another
Proctor or other packages refuses it instead of grading by other rules.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from proctor.catalog import Course, load_course
from proctor.environment import environment_digest
from proctor.errors import OurFault
from proctor.grade import Grader, Task
from proctor.isolation.layers import Layer
from proctor.isolation.protection import Isolation, choose
from proctor.lanes import Lanes
from proctor.scorecard import Scorecard
from proctor.submission import Submission

__all__ = ["Batch", "Rules", "Work", "close_lanes", "grade_batch", "interrupt_lanes"]


@dataclass(frozen=True)
class Rules:
    """What all batches of a run have in common: the course, what holds submissions, the seed of the drawn values.

    ``graders`` maps the exercises of the run to the digests of their graders; ``environment`` is that of Proctor and
    the packages.
    """

    root: Path
    graders: Mapping[str, str]
    environment: str
    isolation: Isolation
    without: tuple[Layer, ...]
    seed: int


@dataclass(frozen=True)
class Work:
    """One submission, as plain data; ``key`` is unique in the run."""

    key: str
    exercise: str
    files: Mapping[str, bytes]
    digest: str
    problem: str
    is_stub: bool
    strays: tuple[str, ...]

    @classmethod
    def of(cls, key: str, submission: Submission) -> "Work":
        """Take it apart."""
        return cls(
            key,
            submission.exercise.slug,
            dict(submission.files),
            submission.digest,
            submission.problem,
            submission.is_stub,
            submission.strays,
        )

    def to_submission(self, course: Course) -> Submission:
        """Put it together again, beside the course."""
        exercise = course.exercise(self.exercise)
        return Submission(exercise, self.files, self.digest, self.problem, self.is_stub, self.strays)


@dataclass(frozen=True)
class Batch:
    """Work to be done in one go, by rules."""

    rules: Rules
    work: tuple[Work, ...]


@dataclass
class _Desk:
    """What one thread grades with, again and again."""

    rules: Rules
    course: Course
    lanes: Lanes


@dataclass
class _Desks:
    """The desks of this process; each is used by the thread that has opened it."""

    mine: threading.local = field(default_factory=threading.local)
    opened: list[_Desk] = field(default_factory=list[_Desk])
    opening: threading.Lock = field(default_factory=threading.Lock)


_DESKS: Final = _Desks()


def grade_batch(batch: Batch) -> list[tuple[str, Scorecard]]:
    """Grade a batch; return key and scorecard of each submission.

    Raises OurFault where this machine would grade by other rules than those of the batch.
    """
    desk = _desk_for(batch.rules)
    tasks = [Task(work.key, work.to_submission(desk.course)) for work in batch.work]
    return list(Grader(desk.lanes).grade(tasks, seed=batch.rules.seed))


def interrupt_lanes() -> None:
    """Have what is graded in this process come to its end at once, undecided."""
    with _DESKS.opening:
        for desk in _DESKS.opened:
            desk.lanes.interrupt()


def close_lanes() -> None:
    """End the lanes that were started in this process. Nothing may be graded in it meanwhile."""
    with _DESKS.opening:
        while _DESKS.opened:
            _DESKS.opened.pop().lanes.close()
        _DESKS.mine = threading.local()


def _desk_for(rules: Rules) -> _Desk:
    desk: _Desk | None = getattr(_DESKS.mine, "desk", None)
    if desk is None or desk.rules != rules:
        desk = _open_desk(rules)
        _DESKS.mine.desk = desk
    return desk


def _open_desk(rules: Rules) -> _Desk:
    course = load_course(rules.root)
    here = {slug: course.exercise(slug).graders_digest for slug in rules.graders}
    if here != rules.graders or environment_digest() != rules.environment:
        what = "the graders" if here != rules.graders else "Proctor, Python or the packages"
        raise OurFault(f"{what} in `{rules.root}` are not the same on every machine of this run: make them the same")
    with _DESKS.opening:
        lanes = Lanes(choose(rules.isolation, rules.without), 1)
        lanes.collect(rules.root, list(rules.graders))
        desk = _Desk(rules, course, lanes)
        _DESKS.opened.append(desk)
    return desk
