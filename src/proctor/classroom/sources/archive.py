"""ZIP files: one with a folder for each student, or a folder with one ZIP for each student, `<student>.zip`.

What `zip_file` and `declared` say of safety holds for all of it. An archive that cannot be read makes its student
unreadable, and nobody else. A folder around everything in an archive is looked through.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from proctor.classroom.hand_in import HandIn
from proctor.classroom.sources.declared import (
    COURSE_FOLDER,
    IS_A_LINK,
    Declared,
    Entry,
    Kind,
    Mirror,
    UnusableError,
    pick,
)
from proctor.classroom.sources.folders import read_folder, sorted_entries
from proctor.classroom.sources.found import Find, Search, Stranger, for_all, is_clutter, nobodys, quoted
from proctor.classroom.sources.zip_file import OF_A_CLASS, open_zip
from proctor.errors import UsageError

__all__ = ["is_zip", "read_class_zip", "read_zip", "read_zips", "without_clutter"]


def is_zip(name: str) -> bool:
    """Tell by its name whether a file should be a ZIP."""
    return name.casefold().endswith(".zip")


def read_zips(search: Search) -> Iterator[Find]:
    """Yield the hand-in of every archive in a folder, and of the folders among them."""
    for entry in sorted_entries(search.path):
        is_folder = entry.is_dir(follow_symlinks=False)
        name = entry.name if is_folder else entry.name[: -len(".zip")]
        owner = search.people.called(name) if is_zip(entry.name) or is_folder else ()
        if not is_zip(entry.name) and not is_folder:
            yield Stranger(f"{quoted(entry.name)} is neither a ZIP nor a folder")
        elif not owner:
            yield nobodys(entry.name, search.people)
        else:
            read = read_folder if is_folder else read_zip
            yield from for_all(owner, read(Path(entry.path), search.declared, search.new_place()))


def read_zip(path: Path, declared: Declared, work: Path, called: str = "") -> HandIn:
    """Return the hand-in of one archive, still without its student; ``work`` need not exist.

    ``called`` is the name that its student knows it by, if that is not the one of the file.
    """
    name = called or path.name
    problem = ""
    try:
        with open_zip(path) as entries:
            pick(_unwrapped(without_clutter(entries), declared), declared, Mirror(work))
    except UnusableError as error:
        problem = f"{quoted(name)} {error}"
    return HandIn("", work, problem=problem, origin=f"archive {name}")


def read_class_zip(search: Search) -> Iterator[Find]:
    """Yield the hand-in of every folder in an archive. Raises UsageError when the archive itself cannot be read."""
    try:
        with open_zip(search.path.resolve(), OF_A_CLASS) as entries:
            yield from _folders(search, entries)
    except UnusableError as error:
        raise UsageError(f"`{search.path}` {error}") from error


def _folders(search: Search, entries: Iterable[Entry]) -> Iterator[Find]:
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in _unwrapped_class(without_clutter(entries), search.declared):
        groups[entry.path[0] if entry.path else ""].append(entry)
    for name, group in sorted(groups.items()):
        owner = search.people.called(name)
        if not owner:
            yield nobodys(name, search.people)
        else:
            yield from for_all(owner, _folder(search, name, group))


def _folder(search: Search, name: str, group: Sequence[Entry]) -> HandIn:
    work = search.new_place()
    inside = [replace(entry, path=entry.path[1:]) for entry in group if len(entry.path) > 1]
    alone = [entry for entry in group if len(entry.path) == 1 and entry.kind is not Kind.FOLDER]
    problem = ""
    try:
        if alone:
            is_link = alone[0].kind is Kind.LINK
            raise UnusableError(IS_A_LINK if is_link else "is no folder")  # noqa: TRY301 - one place for all problems
        pick(inside, search.declared, Mirror(work))
    except UnusableError as error:
        problem = f"{quoted(name)} {error}"
    return HandIn("", work, problem=problem, origin=f"folder {name} in archive {search.path.name}")


def without_clutter(entries: Iterable[Entry]) -> list[Entry]:
    """Leave out what systems put into archives, and what else nobody has handed in."""
    return [entry for entry in entries if not any(is_clutter(part) and part != ".." for part in entry.path)]


def _unwrapped(entries: list[Entry], declared: Declared) -> list[Entry]:
    """Look through the folder around the work of one student, if there is one."""
    top = _only_folder(entries)
    if top is None or top in declared.known | {COURSE_FOLDER}:
        return entries
    return [replace(entry, path=entry.path[1:]) for entry in entries if len(entry.path) > 1]


def _unwrapped_class(entries: list[Entry], declared: Declared) -> list[Entry]:
    """Look through the folder around the folders of a class; the only student's folder is none."""
    if _only_folder(entries) is None:
        return entries
    inside = [replace(entry, path=entry.path[1:]) for entry in entries if len(entry.path) > 1]
    work = declared.known | {COURSE_FOLDER, *declared.loose}
    return entries if any(entry.path[0] in work for entry in inside) else inside


def _only_folder(entries: list[Entry]) -> str | None:
    """Return the folder in which everything lies."""
    tops = {entry.path[0] if entry.path else "" for entry in entries}
    alone = [entry for entry in entries if len(entry.path) == 1 and entry.kind is not Kind.FOLDER]
    return tops.pop() if len(tops) == 1 and not alone else None
