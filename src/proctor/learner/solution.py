"""Right answers, for those who have one of their own, and for those who give up."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from proctor.catalog import Exercise
from proctor.errors import UsageError
from proctor.learner.progress import Progress

__all__ = ["RightAnswer", "insist_on_a_right", "right_answers", "solution_lines"]


@dataclass(frozen=True)
class RightAnswer:
    """One right answer: its name, what makes it different in one line, and its files."""

    name: str
    difference: str
    files: tuple[Path, ...]


def insist_on_a_right(exercise: Exercise, progress: Progress, *, give_up: bool) -> None:
    """Return if the learner may see right answers now; giving up is remembered.

    Raises UsageError, which says what is to be done, if not. Giving up gives nothing up where no answer is here.
    """
    if not exercise.may_have_solution:
        raise UsageError(
            f"this is a released course, which comes without solutions: that of `{exercise.slug}` is your teacher's, "
            f"and may follow once the work is due. `nox -s hint -- {exercise.slug}` helps on"
        )
    if progress.has_passed(exercise.slug) or progress.has_given_up(exercise.slug):
        return
    if not give_up:
        raise UsageError(
            f"`{exercise.slug}` does not have all its points yet. `nox -s hint -- {exercise.slug}` helps on; "
            f"`nox -s solution -- {exercise.slug} --give-up` shows right answers all the same, and the board says so."
        )
    progress.give_up(exercise.slug)


def right_answers(exercise: Exercise) -> list[RightAnswer]:
    """Return the reference, then the others. Raises UsageError where this copy of the course has none."""
    paths = tuple(exercise.solution / name for name in exercise.manifest.files)
    if not all(path.is_file() for path in paths):
        raise UsageError(
            f"this copy of the course comes without the solution of `{exercise.slug}`: whoever gave it to you has it"
        )
    others = (
        RightAnswer(one.name, _first_sentence(one.files[exercise.main_file]), tuple(one.files.values()))
        for one in exercise.accepted_variants()
    )
    return [RightAnswer("reference", _first_sentence(paths[0]), paths), *others]


def solution_lines(exercise: Exercise) -> Iterator[str]:
    """Yield the reference as it stands, and the list of the others."""
    reference, *others = right_answers(exercise)
    for path in reference.files:
        yield f"{path.relative_to(exercise.root)}:"
        yield ""
        yield from (f"    {line}".rstrip() for line in path.read_text(encoding="utf-8").splitlines())
        yield ""
    if others:
        yield "Other right answers, and what makes them different:"
    for other in others:
        yield f"  {other.files[0].relative_to(exercise.root)}"
        yield f"    {other.difference}"


def _first_sentence(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    return docstring.splitlines()[0] if docstring else ""
