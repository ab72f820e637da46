"""Runs that found nothing, so that an exercise is not examined again before something has changed.

What counts as a change: a file of the exercise, the order of the course, the settings of the tools, Proctor itself,
Python, or an installed package. A run that found anything, a note included, is not remembered.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from proctor.catalog import Exercise
from proctor.environment import digest_of_content, environment_digest
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
    return hashlib.sha256(f"{environment_digest()} {digest_of_content(exercise.root, paths)}".encode()).hexdigest()
