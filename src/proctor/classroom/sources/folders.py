"""A folder for each student: `SUBMISSIONS/<student>/<exercise>/main.py`.

A student's folder may be a whole clone of the course, with the exercises in `exercises/`; what else is in a clone is
not looked at. Nothing is copied, unless it has to lie elsewhere to be read, and no link is followed: where a student
has put one, the exercise is refused for it.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from proctor.classroom.hand_in import HandIn
from proctor.classroom.sources.declared import (
    COURSE_FOLDER,
    IS_A_LINK,
    Declared,
    Entry,
    FilePath,
    Kind,
    Mirror,
    UnusableError,
    pick,
)
from proctor.classroom.sources.found import Find, Search, Stranger, for_all, is_clutter, nobodys, quoted
from proctor.submission import SIZE_LIMIT

__all__ = ["read_folder", "read_folders", "sorted_entries"]

MOST_LOOKED_AT: Final = 10_000
"""Names in a student's folder."""


def read_folders(search: Search) -> Iterator[Find]:
    """Yield the hand-in of every folder."""
    for entry in sorted_entries(search.path):
        owner = search.people.called(entry.name) if entry.is_dir() or entry.is_symlink() else ()
        if not entry.is_dir() and not entry.is_symlink():
            yield Stranger(f"{quoted(entry.name)} is no folder")
        elif not owner:
            yield nobodys(entry.name, search.people)
        else:
            yield from for_all(owner, read_folder(Path(entry.path), search.declared, search.new_place()))


def sorted_entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return what is in the folder of a class, without what systems leave behind."""
    with os.scandir(folder) as entries:
        return sorted((entry for entry in entries if not is_clutter(entry.name)), key=lambda entry: entry.name)


def read_folder(folder: Path, declared: Declared, work: Path) -> HandIn:
    """Return the hand-in of one folder, still without its student; ``work`` need not exist."""
    origin = f"folder {folder.name}"
    try:
        base, kinds = _base(folder, declared)
        links = {name for name in declared.files if kinds.get(name) is Kind.LINK}
        if not links and declared.known & kinds.keys():
            return HandIn("", base, origin=origin)
        pick(_entries(base, kinds, declared), declared, Mirror(work))
    except UnusableError as error:
        return HandIn("", work, problem=f"{quoted(folder.name)} {error}", origin=origin)
    return HandIn("", work, origin=origin)


def _base(folder: Path, declared: Declared) -> tuple[Path, dict[str, Kind]]:
    """Return the folder in which those of the exercises lie, and what is in it."""
    if folder.is_symlink():
        raise UnusableError(IS_A_LINK)
    kinds = _kinds(folder)
    inner = kinds.get(COURSE_FOLDER)
    if inner is Kind.LINK:
        raise UnusableError(f"holds `{COURSE_FOLDER}`, which {IS_A_LINK}")
    if inner is Kind.FOLDER:
        below = _kinds(folder / COURSE_FOLDER)
        if declared.known & below.keys():
            return folder / COURSE_FOLDER, below
    return folder, kinds


def _kinds(folder: Path) -> dict[str, Kind]:
    try:
        with os.scandir(folder) as entries:
            return {entry.name: _kind(entry) for entry in islice(entries, MOST_LOOKED_AT) if not is_clutter(entry.name)}
    except OSError as error:
        raise UnusableError(f"cannot be read ({error.strerror})") from error


def _kind(entry: os.DirEntry[str]) -> Kind:
    if entry.is_symlink():
        return Kind.LINK
    if entry.is_dir(follow_symlinks=False):
        return Kind.FOLDER
    return Kind.FILE if entry.is_file(follow_symlinks=False) else Kind.OTHER


def _entries(base: Path, kinds: Mapping[str, Kind], declared: Declared) -> Iterator[Entry]:
    """Yield what is in the folder of the exercises and, of their files, those that they declare."""
    for name, kind in kinds.items():
        yield _entry(base / name, (name,)) if name in declared.loose else Entry((name,), kind, 0, _nothing)
        if kind is Kind.FOLDER:
            for file in declared.files.get(name, ()):
                yield _entry(base / name / file, (name, file))


def _entry(path: Path, relative: FilePath) -> Entry:
    try:
        status = path.lstat()
    except OSError:  # not there
        return Entry(relative, Kind.OTHER, 0, _nothing)
    if stat.S_ISLNK(status.st_mode):
        return Entry(relative, Kind.LINK, 0, _nothing)
    kind = Kind.FILE if stat.S_ISREG(status.st_mode) else Kind.OTHER
    return Entry(relative, kind, status.st_size, partial(_read, path))


def _read(path: Path) -> bytes:
    """Read a file that was no link a moment ago, and is none now."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            return file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise UnusableError(f"holds {quoted(path.name)}, which cannot be read ({error.strerror})") from error


def _nothing() -> bytes:
    return b""
