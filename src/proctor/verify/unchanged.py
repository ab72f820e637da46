"""Runs that found nothing, so that an exercise is not examined again before something has changed.

What counts as a change: a file of the exercise, the order of the course, the settings of the tools, Proctor itself,
Python, or an installed package. A run that found anything, a note included, is not remembered.
"""

import hashlib
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from pydantic import BaseModel, ValidationError

from proctor import __file__ as package
from proctor.catalog import Exercise
from proctor.verify.report import ExerciseReport
from proctor.verify.rules.files import files_of

__all__ = ["CleanRuns"]


class _Run(BaseModel):
    digest: str
    report: ExerciseReport


class CleanRuns:
    """One small file for each exercise, below a folder.

    Exercises are looked at before anything is graded: what somebody saves meanwhile was not examined.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._digests: dict[str, str] = {}

    def look_at(self, exercise: Exercise) -> None:
        """Take in how an exercise is now."""
        self._digests[exercise.slug] = _digest(exercise)

    def is_as_it_was(self, exercise: Exercise) -> bool:
        """Tell whether an exercise is still as it was when it was looked at."""
        return self._digests[exercise.slug] == _digest(exercise)

    def recall(self, exercise: Exercise, *, mutants: bool) -> ExerciseReport | None:
        """Return what the last clean run said, if nothing has changed and it graded the mutants that are asked for."""
        try:
            run = _Run.model_validate_json(self._path(exercise).read_bytes())
        except (OSError, ValidationError):
            return None
        is_enough = run.report.mutants is not None or not mutants
        return run.report if is_enough and run.digest == self._digests[exercise.slug] else None

    def keep(self, exercise: Exercise, report: ExerciseReport) -> None:
        """Remember a run that found nothing in the exercise as it was looked at."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        remembered = report.model_copy(update={"unchanged_since": now})
        path = self._path(exercise)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".new")
        run = _Run(digest=self._digests[exercise.slug], report=remembered)
        unfinished.write_text(run.model_dump_json(indent=1), encoding="utf-8")
        unfinished.replace(path)

    def _path(self, exercise: Exercise) -> Path:
        return self._folder / f"{exercise.slug}.json"


def _digest(exercise: Exercise) -> str:
    settings = [exercise.root / "exercises" / "course.toml", exercise.root / "pyproject.toml"]
    paths = [*files_of(exercise), *(path for path in settings if path.is_file())]
    return hashlib.sha256(f"{_surroundings()} {_content(exercise.root, paths)}".encode()).hexdigest()


@cache
def _surroundings() -> str:
    root = Path(package).parent
    packages = sorted(f"{one.name} {one.version}" for one in distributions())
    return "\n".join([sys.version, *packages, _content(root, sorted(root.rglob("*.py")))])


def _content(root: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
