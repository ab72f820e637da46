"""Puts the stub of an exercise back, and keeps a copy of what was there."""

from collections.abc import Iterator
from pathlib import Path

from proctor.catalog import Exercise
from proctor.errors import UsageError
from proctor.learner.keeping import keep, replace_file

__all__ = ["is_untouched", "reset", "reset_lines"]


def is_untouched(exercise: Exercise) -> bool:
    """Tell whether the learner's files are the stub."""
    return _work(exercise) == exercise.stub_files


def reset(exercise: Exercise) -> Path | None:
    """Put the stub back. Return the folder with the copy of the work, or nothing where there was no work.

    Raises UsageError when a file cannot be read or written; the work is in its place, or in the copy, or in both.
    """
    work = _work(exercise)
    if work == exercise.stub_files:
        return None
    kept = keep(exercise.root, exercise.slug, work) if work else None
    try:
        for name, content in exercise.stub_files.items():
            replace_file(exercise.folder / name, content)
    except OSError as error:
        where = f" A copy of your work is in `{kept}`." if kept else ""
        raise UsageError(f"the stub cannot be written: {error}.{where}") from error
    return kept


def reset_lines(exercise: Exercise) -> Iterator[str]:
    """Put the stub back, and say what was done."""
    if is_untouched(exercise):
        yield f"`{exercise.slug}` is as it was in the beginning: there is nothing to put back."
        return
    kept = reset(exercise)
    files = " and ".join(exercise.manifest.files)
    yield f"The stub of `{exercise.slug}` is back in {files}."
    if kept is not None:
        shown = kept.relative_to(exercise.root)
        yield f"Your work is kept: cp {shown}/*.py exercises/{exercise.slug}/ brings it back."


def _work(exercise: Exercise) -> dict[str, bytes]:
    """Return what is in the learner's files; one that is missing is left out."""
    paths = {name: exercise.folder / name for name in exercise.manifest.files}
    try:
        return {name: path.read_bytes() for name, path in paths.items() if path.exists()}
    except OSError as error:
        raise UsageError(f"your work cannot be read, and was left alone: {error}") from error
