"""Everything in the repository that can be handed in for an exercise: its stub, its right answers, its mistakes.

An answer is named ``stub``, ``reference``, ``accepted/<name>`` or ``mistake/<name>``.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from proctor.catalog import Exercise
from proctor.errors import CourseError
from proctor.grade import Task
from proctor.submission import read_files, read_submission

__all__ = [
    "ACCEPTED",
    "MISTAKE",
    "REFERENCE",
    "STUB",
    "can_be_graded",
    "place_of",
    "shown_place",
    "tasks_of",
    "tasks_of_all",
]

STUB: Final = "stub"
REFERENCE: Final = "reference"
ACCEPTED: Final = "accepted/"
MISTAKE: Final = "mistake/"


def tasks_of(exercise: Exercise) -> Iterator[Task]:
    """Yield a task for every known answer; its key is the slug, a slash and the name of the answer."""
    yield Task(f"{exercise.slug}/{STUB}", read_submission(exercise, exercise.stub))
    yield Task(f"{exercise.slug}/{REFERENCE}", read_submission(exercise, exercise.solution))
    for variant in exercise.accepted_variants():
        yield Task(f"{exercise.slug}/{ACCEPTED}{variant.name}", read_files(exercise, variant.files))
    for variant in exercise.mistake_variants():
        yield Task(f"{exercise.slug}/{MISTAKE}{variant.name}", read_files(exercise, variant.files))


def tasks_of_all(exercises: Sequence[Exercise]) -> list[Task]:
    """Return the tasks of all these exercises, without those that lack what grading takes for granted."""
    return [task for exercise in exercises if can_be_graded(exercise) for task in tasks_of(exercise)]


def can_be_graded(exercise: Exercise) -> bool:
    """Tell whether all is there that grading takes for granted. The rules about files say what is not."""
    try:
        _ = exercise.given, exercise.stub_files, exercise.mistakes, exercise.graders_digest
    except (CourseError, OSError):
        return False
    return True


def shown_place(exercise: Exercise, answer: str) -> str:
    """Return where an answer lies as a path below the root of the course; an accepted one may go by its bare name."""
    is_bare = answer not in {STUB, REFERENCE} and "/" not in answer
    return place_of(exercise, f"{ACCEPTED}{answer}" if is_bare else answer).relative_to(exercise.root).as_posix()


def place_of(exercise: Exercise, answer: str) -> Path:
    """Return where an answer lies: its file, or its folder where the learner edits several files."""
    if answer in {STUB, REFERENCE}:
        folder = exercise.stub if answer == STUB else exercise.solution
        return folder / exercise.main_file if len(exercise.manifest.files) == 1 else folder
    kind, _, name = answer.partition("/")
    folder = exercise.solution / "accepted" if f"{kind}/" == ACCEPTED else exercise.grader / "mistakes"
    return folder / f"{name}.py" if len(exercise.manifest.files) == 1 else folder / name
