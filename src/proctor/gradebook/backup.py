"""Copies of a gradebook beside it, one made before each migration: what they are called, and who is still in them."""

import glob
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

__all__ = ["back_up", "backups_of", "backups_that_hold", "sync_folder"]

_UNFINISHED: Final = ".unfinished"


def back_up(path: Path, version: int, now: Callable[[], datetime]) -> Path:
    """Copy a gradebook of this version; the copy is whole and on the disk when this returns.

    Call it with the write lock of the gradebook, so that nobody else copies it meanwhile. Raises OSError or
    sqlite3.Error when it cannot be copied.
    """
    for left in path.parent.glob(f"{_pattern(path)}{_UNFINISHED}"):  # by a process that was killed
        left.unlink(missing_ok=True)
    stamp = now().astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    copy = path.with_name(f"{path.stem}-backup-v{version}-{stamp}{path.suffix}")
    unfinished = copy.with_name(copy.name + _UNFINISHED)
    try:
        unfinished.touch(mode=0o600)  # marks are nobody else's business, not even for a moment
        with (
            closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as original,
            closing(sqlite3.connect(unfinished)) as database,
        ):
            original.backup(database)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        shutil.copymode(path, unfinished)
        unfinished.rename(copy)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)
    return copy


def backups_of(path: Path) -> list[Path]:
    """Return the copies beside a gradebook in the order of their names, with those that were never finished."""
    pattern = _pattern(path)
    return sorted({*path.parent.glob(pattern), *path.parent.glob(f"{pattern}{_UNFINISHED}")})


def backups_that_hold(path: Path, student: str) -> list[Path]:
    """Return the copies that hold a student, and those of which it cannot be told."""
    return [copy for copy in backups_of(path) if _may_hold(copy, student)]


def _pattern(path: Path) -> str:
    return f"{glob.escape(path.stem)}-backup-v*{glob.escape(path.suffix)}"


def _may_hold(copy: Path, student: str) -> bool:
    try:
        with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as database:
            return database.execute("SELECT 1 FROM students WHERE id = ?", (student,)).fetchone() is not None
    except sqlite3.Error:
        return True


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
