"""Which files the exercises declare, where they lie in what a student hands in, and the copies that are made of them.

Theory of operation. Whatever a student has handed in is, to this file, a list of `Entry`: paths with a kind each, of an
archive or of a repository, that nobody has unpacked. `pick` looks for the declared files among them, reads those and no
others, and writes them to names that come from the course alone. So no path of a stranger is ever opened, joined or
created, whatever it looks like. Nothing is written before everything was read.

The files lie at one of three places: ``exercises/<slug>/<file>`` (a clone of the course), ``<slug>/<file>``, or, where
the class has one exercise, ``<file>``. The first of them that holds any exercise of the course counts for all.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final

from proctor.catalog import Exercise
from proctor.submission import SIZE_LIMIT

__all__ = ["COURSE_FOLDER", "IS_A_LINK", "Declared", "Entry", "FilePath", "Kind", "Mirror", "UnusableError", "pick"]

COURSE_FOLDER: Final = "exercises"
MOST_TOGETHER: Final = 32 << 20
"""Bytes of all declared files of one student."""

IS_A_LINK: Final = "is a link, and links are not followed"
_LARGEST_SHOWN: Final = 16 << 20
_NOWHERE: Final = "links-are-not-followed"

FilePath = tuple[str, ...]


class UnusableError(Exception):
    """Nothing of a hand-in can be used; the message says why, in a sentence about it."""


class Kind(Enum):
    """What a path is."""

    FILE = auto()
    LINK = auto()
    FOLDER = auto()
    OTHER = auto()  # a device, a submodule: nothing that can be read
    OUTSIDE = auto()  # its path leads out of what holds it


@dataclass(frozen=True)
class Entry:
    """One thing among what was handed in. ``read`` returns all of a file, which has ``size`` bytes."""

    path: FilePath
    kind: Kind
    size: int
    read: Callable[[], bytes]


class Declared:
    """The files of the exercises that are graded. ``known`` are all exercises of the course, graded or not."""

    def __init__(self, exercises: Sequence[Exercise]) -> None:
        self.files: Mapping[str, tuple[str, ...]] = {one.slug: one.manifest.files for one in exercises}
        self.known = frozenset(self.files).union(*(_folders(root) for root in {one.root for one in exercises}))
        self.only = exercises[0].slug if len(exercises) == 1 else ""

    @property
    def loose(self) -> tuple[str, ...]:
        """The files that may lie outside any folder, because there is only one that they can belong to."""
        return self.files[self.only] if self.only else ()

    @property
    def expected(self) -> str:
        """Where they should lie, for messages."""
        slug, files = next(iter(self.files.items()), ("<exercise>", ("main.py",)))
        return f"`{slug}/{files[0]}`"


def _folders(root: Path) -> list[str]:
    try:
        with os.scandir(root / COURSE_FOLDER) as entries:
            return [entry.name for entry in entries if entry.is_dir()]
    except OSError:  # the course is read by others, who say what is wrong with it
        return []


class Mirror:
    """A folder like `exercises/`, written by us, with the declared files of one student."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, slug: str, name: str, content: bytes) -> None:
        """Write a file."""
        self._place(slug, name).write_bytes(content)

    def mark_too_large(self, slug: str, name: str, size: int) -> None:
        """Leave a file without content that is as large, so that it is refused for what it is."""
        with self._place(slug, name).open("wb") as file:
            file.truncate(min(size, _LARGEST_SHOWN))

    def mark_as_link(self, slug: str, name: str) -> None:
        """Leave a link that leads nowhere, so that it is refused for what it is."""
        self._place(slug, name).symlink_to(_NOWHERE)

    def _place(self, slug: str, name: str) -> Path:
        folder = self.folder / slug
        folder.mkdir(parents=True, exist_ok=True)
        return folder / name


def pick(entries: Iterable[Entry], declared: Declared, mirror: Mirror) -> None:
    """Write the declared files to a mirror. Raises UnusableError."""
    there = _by_path(entries)
    places = _places(there, declared)
    contents: dict[tuple[str, str], bytes] = {}
    others: list[Callable[[], None]] = []
    for (slug, name), path in places.items():
        entry = there.get(path)
        if entry is None or entry.kind not in {Kind.FILE, Kind.LINK}:
            continue
        if entry.kind is Kind.LINK:
            others.append(lambda slug=slug, name=name: mirror.mark_as_link(slug, name))
        elif entry.size > SIZE_LIMIT:
            others.append(lambda slug=slug, name=name, size=entry.size: mirror.mark_too_large(slug, name, size))
        else:
            contents[slug, name] = entry.read()
            if sum(map(len, contents.values())) > MOST_TOGETHER:
                raise UnusableError(f"has more than {MOST_TOGETHER:,} bytes in the files of the exercises")
    for (slug, name), content in contents.items():
        mirror.write(slug, name, content)
    for mark in others:
        mark()


def _by_path(entries: Iterable[Entry]) -> dict[FilePath, Entry]:
    there: dict[FilePath, Entry] = {}
    for entry in entries:
        before = there.get(entry.path)
        if not entry.path and entry.kind is Kind.LINK:
            raise UnusableError(IS_A_LINK)
        if entry.kind is Kind.OUTSIDE:
            raise UnusableError("holds a path that leads out of it")
        if before is not None and {before.kind, entry.kind} != {Kind.FOLDER}:
            raise UnusableError("holds two files of one path: nobody knows which of them counts")
        there[entry.path] = entry
    return there


def _places(there: Mapping[FilePath, Entry], declared: Declared) -> dict[tuple[str, str], FilePath]:
    """Return where each declared file lies. Raises UnusableError when nothing of the course is there."""
    for base in ((COURSE_FOLDER,), ()):
        below = {path[len(base)] for path in there if len(path) > len(base) and path[: len(base)] == base}
        if below & declared.known:
            return {
                (slug, name): (*base, slug) if _is_link(there, (*base, slug)) else (*base, slug, name)
                for slug, names in declared.files.items()
                for name in names
            }
    loose = {(declared.only, name): (name,) for name in declared.loose}
    if there and not any(path in there for path in loose.values()):
        raise UnusableError(f"holds nothing of this course: it should hold {declared.expected}")
    return loose


def _is_link(there: Mapping[FilePath, Entry], path: FilePath) -> bool:
    return path in there and there[path].kind is Kind.LINK
