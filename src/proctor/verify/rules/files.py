"""Rules about files: those that are declared, and no others."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from proctor.catalog import Exercise
from proctor.verify.finding import Flaw
from proctor.verify.subject import Subject
from proctor.verify.transcript import FILE as TRANSCRIPT

__all__ = ["RULES", "files_of"]

EQUIVALENT: Final = "equivalent.toml"
TO_DO: Final = re.compile(r"\bTODO\b")


def no_file_is_missing(subject: Subject) -> Iterator[Flaw]:
    """Every file that the manifest names is there, and so are manifest, README, checks and mistakes."""
    for path in _needed(subject.exercise):
        if not path.is_file():
            yield Flaw(subject.place(path), "is missing", "write it, or correct the manifest that names it")
    if not list(subject.exercise.grader.glob("test_*.py")):
        where = subject.place(subject.exercise.grader)
        yield Flaw(where, "holds no checks", "write them in a file whose name begins with `test_`")


def no_file_is_stray(subject: Subject) -> Iterator[Flaw]:
    """The folders of an exercise hold nothing that nobody has asked for."""
    known = {*_needed(subject.exercise), *_possible(subject.exercise)}
    for path in files_of(subject.exercise):
        if path not in known:
            yield Flaw(
                subject.place(path), "belongs to nothing", "delete it, or name it in `files` or `given` of the manifest"
            )


def nothing_is_left_to_write(subject: Subject) -> Iterator[Flaw]:
    """What is still to be written says TODO, and nothing but the stub does in the end."""
    exercise = subject.exercise
    finished = [exercise.folder / "README.md", *files_of(exercise, exercise.grader, exercise.solution)]
    for path in finished:
        texts = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
        lines = [str(number) for number, text in enumerate(texts, 1) if TO_DO.search(text)]
        if lines and "mistakes" not in path.parts:  # a mistake may begin with the stub
            where = f"line{'s' * (len(lines) > 1)} {', '.join(lines)}"
            yield Flaw(subject.place(path), f"still says TODO in {where}", "write what belongs there")


RULES: Final = (no_file_is_missing, no_file_is_stray, nothing_is_left_to_write)


def files_of(exercise: Exercise, *folders: Path) -> list[Path]:
    """Return all files of an exercise, or of these folders, sorted; what Python has compiled is none of them."""
    return [
        path
        for folder in folders or (exercise.folder, exercise.grader, exercise.solution)
        for path in sorted(folder.rglob("*"))
        if "__pycache__" not in path.parts and not path.is_dir()
    ]


def _needed(exercise: Exercise) -> list[Path]:
    manifest = exercise.manifest
    variants = [*exercise.accepted_variants(), *exercise.mistake_variants()]
    return [
        *(exercise.folder / name for name in ("exercise.toml", "README.md", *manifest.files, *manifest.given)),
        exercise.folder / exercise.served_file,
        *(folder / name for folder in (exercise.stub, exercise.solution) for name in manifest.files),
        exercise.grader / "mistakes.toml",
        *(path for variant in variants for path in variant.files.values()),
    ]


def _possible(exercise: Exercise) -> list[Path]:
    """Beside the checks, what they name: another given file, say, that learners do not have."""
    names = ("props.py", EQUIVALENT, TRANSCRIPT)
    checks = sorted(exercise.grader.glob("test_*.py"))
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in checks]
    named = [path for path in exercise.grader.glob("*.py") if any(f'"{path.name}"' in text for text in texts)]
    return [*checks, *named, *(exercise.grader / name for name in names)]
