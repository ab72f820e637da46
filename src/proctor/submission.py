"""What a learner hands in for one exercise, read without trusting any of it."""

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from proctor.catalog import Exercise
from proctor.errors import UsageError
from proctor.job import Job, Play

__all__ = ["SIZE_LIMIT", "Submission", "digest_of", "read_all", "read_files", "read_submission"]

SIZE_LIMIT: Final = 256 << 10
"""Bytes of one file. The longest reference has under ten thousand."""

MOST_LOOKED_AT: Final = 1000
MOST_STRAYS: Final = 5


@dataclass(frozen=True)
class Submission:
    """The declared files of one exercise, with the course's given files beside them.

    ``problem`` says why nothing of it can be judged, or is empty. ``digest`` identifies the learner's files. ``strays``
    names Python files beside them that the exercise does not declare, and that no stage gets therefore.
    """

    exercise: Exercise
    files: Mapping[str, bytes]
    digest: str
    problem: str = ""
    is_stub: bool = False
    strays: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Could every file be read?"""
        return all(name in self.files for name in self.exercise.manifest.files)

    def to_job(self, key: str) -> Job:
        """Return the job of running all its checks."""
        exercise = self.exercise
        play = Play(
            exercise=exercise.slug,
            files=dict(self.files),
            given=frozenset(exercise.given),
            main_file=exercise.main_file,
            props=exercise.props,
            interface=exercise.manifest.interface,
            preload=exercise.manifest.preload,
            profile=exercise.manifest.stage,
        )
        return Job(key, play, unreadable=self.problem)


class _UnusableFileError(Exception):
    """A file is not what it should be; the message is for the learner."""


def read_submission(exercise: Exercise, folder: Path) -> Submission:
    """Read the declared files of an exercise from a folder. Of others, not more than their names is looked at."""
    submission = read_files(exercise, {name: folder / name for name in exercise.manifest.files})
    return replace(submission, strays=_strays(exercise, folder))


def read_files(exercise: Exercise, paths: Mapping[str, Path]) -> Submission:
    """Read a submission whose files lie at these paths."""
    files: dict[str, bytes] = {}
    problem = ""
    for name, path in paths.items():
        try:
            files[name] = _read(name, path)
        except _UnusableFileError as error:
            problem = problem or str(error)
    is_stub = not problem and files == exercise.stub_files
    return Submission(exercise, {**files, **exercise.given}, digest_of(files), problem, is_stub)


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return what identifies a learner's files, by their names and contents."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return f"sha256:{digest.hexdigest()}"


def _strays(exercise: Exercise, folder: Path) -> tuple[str, ...]:
    declared = {*exercise.manifest.files, *exercise.manifest.given, exercise.served_file}
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, MOST_LOOKED_AT) if entry.name.endswith(".py")]
    except OSError:  # no such folder, which `problem` says
        return ()
    return tuple(sorted({*names} - declared)[:MOST_STRAYS])


def _read(name: str, path: Path) -> bytes:
    """Read one regular file of bounded size, following no link."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise _UnusableFileError(f"{name} is missing") from None
    except OSError as error:
        hint = "a link, and links are not followed" if path.is_symlink() else f"not readable ({error.strerror})"
        raise _UnusableFileError(f"{name} is {hint}") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no ordinary file"
        raise _UnusableFileError(f"{name} is {kind}; it should be a Python file")
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        size = max(status.st_size, len(content))
        raise _UnusableFileError(f"{name} has {size:,} bytes; more than {SIZE_LIMIT:,} are not read")
    if not content.strip():
        raise _UnusableFileError(f"{name} is empty")
    if b"\0" in content:
        raise _UnusableFileError(f"{name} is a binary file; it should be Python source text")
    return content


def read_all(exercises: list[Exercise], root: Path) -> list[Submission]:
    """Read ``root/<slug>`` for every exercise. Raises UsageError when ``root`` is no folder."""
    if not root.is_dir():
        what = "is no folder" if root.exists() else "does not exist"
        raise UsageError(f"`{root}` {what}. `--submission` names a folder that holds `<exercise>/` folders.")
    return [read_submission(exercise, root / exercise.slug) for exercise in exercises]
