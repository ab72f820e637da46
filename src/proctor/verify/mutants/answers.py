"""Right answers as texts that can be changed, and changed texts as answers that can be graded."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from proctor.catalog import Exercise, Variant
from proctor.grade import Task
from proctor.submission import read_files
from proctor.verify.mutants.equivalents import REFERENCE

__all__ = ["task_of", "texts_of_right_answers"]


def texts_of_right_answers(exercise: Exercise) -> dict[str, dict[str, str]]:
    """Return the texts of the reference and of every accepted answer, by their names and those of their files."""
    reference = Variant(REFERENCE, {name: exercise.solution / name for name in exercise.manifest.files})
    return {
        variant.name: {name: path.read_text(encoding="utf-8") for name, path in variant.files.items()}
        for variant in (reference, *exercise.accepted_variants())
    }


def task_of(exercise: Exercise, key: str, texts: Mapping[str, str]) -> Task:
    """Return the task of grading an answer with these texts, which is read from files like any other."""
    with TemporaryDirectory(prefix="proctor-mutants-") as folder:
        paths = {name: Path(folder, name) for name in texts}
        for name, path in paths.items():
            path.write_text(texts[name], encoding="utf-8")
        return Task(key, read_files(exercise, paths))
