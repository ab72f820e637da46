"""What isolation costs a check, and what starving submissions cost those who are graded beside them."""

import os
from collections.abc import Sequence
from typing import Any, Final

from tests.attack_suite import ATTACKS

from proctor.catalog import Course, Exercise
from proctor.grade import Task, grade
from proctor.isolation.protection import BARE, Isolation, Protection, choose
from proctor.scorecard import Scorecard
from proctor.submission import read_files, read_submission

__all__ = ["time_layers", "time_neighbours"]

HONEST: Final = 10
STARVING: Final = ("forks_without_end", "fills_memory", "writes_many_files", "loops_at_import")
"""A fork bomb, a memory hog, an endless writer and an endless loop."""


def time_layers(course: Course) -> dict[str, Any]:
    """Grade every reference with no layer and with all of them; return seconds a check."""
    exercises = list(course)
    bare, held = (_seconds_a_check(exercises, protection) for protection in (BARE, choose(Isolation.AUTO)))
    return {"bare_s": bare, "held_s": held, "layers": list(choose(Isolation.AUTO).layers)}


def _seconds_a_check(exercises: Sequence[Exercise], protection: Protection) -> float:
    answers = [Task(exercise.slug, read_submission(exercise, exercise.solution)) for exercise in exercises]
    cards = grade([*_warm_up(exercises[0]), *answers], protection=protection)[-len(answers) :]
    _insist(cards)
    return sum(card.duration_s for card in cards) / sum(len(card.checks) for card in cards)


def time_neighbours(course: Course) -> dict[str, Any]:
    """Grade ten right answers alone and beside four that starve; return the seconds of the ten and how the four end."""
    exercise = course.exercise("middleware-onion")
    honest = [Task(f"honest {number}", read_submission(exercise, exercise.solution)) for number in range(HONEST)]
    stub = (exercise.stub / exercise.main_file).read_text(encoding="utf-8")
    hostile: list[Task] = []
    for attack in ATTACKS:
        if attack.name in STARVING:
            path = exercise.root / ".proctor" / "bench" / f"{attack.name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{attack.source}\n{stub}", encoding="utf-8")
            hostile.append(Task(attack.name, read_files(exercise, {exercise.main_file: path})))
    alone = grade([*_warm_up(exercise), *honest])[-HONEST:]
    beside = grade([*_warm_up(exercise), *hostile, *honest])
    _insist(alone)
    _insist(beside[-HONEST:])
    endings = {task.key: card.message for task, card in zip(hostile, beside[-HONEST - len(hostile) :], strict=False)}
    return {
        "alone_s": sum(card.duration_s for card in alone),
        "beside_s": sum(card.duration_s for card in beside[-HONEST:]),
        "endings": endings,
    }


def _warm_up(exercise: Exercise) -> list[Task]:
    """The first check of every lane waits for the warm server, so it is one that does not count."""
    return [
        Task(f"warm-up {lane}", read_submission(exercise, exercise.solution)) for lane in range(os.cpu_count() or 1)
    ]


def _insist(cards: Sequence[Scorecard]) -> None:
    if not all(card.is_complete for card in cards):
        raise RuntimeError("a right answer did not get all points: what took so long was not what is compared")
