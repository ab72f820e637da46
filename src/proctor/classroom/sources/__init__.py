"""Where submissions come from, one kind a file; each turns what a teacher has into hand-ins.

======================  =======================================================================
`folders`               SUBMISSIONS/<student>/<exercise>/main.py
`archive`               a ZIP of such folders, or a folder with a ZIP for each student
`repositories`          a CSV file of git repositories, each at one commit
`moodle`, `canvas`      the download of all submissions, as it comes or unpacked
`packed`                one file, written where nothing was graded, of what any other source has found
======================  =======================================================================

`declared` says which files are taken from all of them and where they lie, `people` whose something is, `found` what a
source yields. `zip_file` and `git_command` are the two doors to what strangers have made. Nothing here runs or imports
anything that was handed in, and no link is followed: what is read later lies in the folder of a student, or in a copy
of ours.
"""

import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from proctor.catalog import Exercise
from proctor.classroom.hand_in import HandIn
from proctor.classroom.sources.archive import is_zip, read_class_zip, read_zips, without_clutter
from proctor.classroom.sources.canvas import is_from_canvas, read_canvas
from proctor.classroom.sources.declared import Declared, UnusableError
from proctor.classroom.sources.folders import read_folders, sorted_entries
from proctor.classroom.sources.found import Search, Source, Stranger, quoted
from proctor.classroom.sources.moodle import is_from_moodle, read_moodle
from proctor.classroom.sources.packed import read_packed
from proctor.classroom.sources.people import People
from proctor.classroom.sources.repositories import read_repositories
from proctor.classroom.sources.zip_file import OF_A_CLASS, open_zip
from proctor.errors import OurFault, UsageError, did_you_mean
from proctor.gradebook.student import Student

__all__ = ["HandIns", "SourceKind", "find_source", "hand_ins"]


class SourceKind(StrEnum):
    """What SUBMISSIONS is."""

    FOLDERS = "folders"
    ARCHIVE = "archive"
    REPOSITORIES = "repositories"
    MOODLE = "moodle"
    CANVAS = "canvas"
    PACKED = "packed"


@dataclass(frozen=True)
class HandIns:
    """All that was found. ``students`` are those of the roster or, where there is none, those whom the names name.

    Every student has one hand-in at most; the hand-ins are in the order of the ids. ``strangers`` are lines about what
    is nobody's, harmless wherever they are shown.
    """

    hand_ins: tuple[HandIn, ...]
    strangers: tuple[str, ...]
    students: tuple[Student, ...]


def find_source(path: Path, kind: str | None = None) -> SourceKind:
    """Tell what SUBMISSIONS is, by its look unless ``kind`` says it. Raises UsageError when it is nothing known."""
    if kind is not None:
        if kind not in [*SourceKind]:
            raise UsageError(f"there is no kind of submissions `{kind}`. {did_you_mean(kind, [*SourceKind])}")
        return SourceKind(kind)
    if path.is_dir():
        names = [entry.name for entry in sorted_entries(path)]
        from_a_system = _system(names)
        return from_a_system or (SourceKind.ARCHIVE if any(map(is_zip, names)) else SourceKind.FOLDERS)
    if not path.exists():
        raise UsageError(f"`{path}` does not exist. It should be what the class has handed in.")
    if path.suffix.casefold() == ".csv":
        return SourceKind.REPOSITORIES
    if path.suffix.casefold() == ".jsonl":
        return SourceKind.PACKED
    if not is_zip(path.name):
        raise UsageError(
            f"`{path}` is no folder, no ZIP and no CSV file of repositories: unpack it, and give the folder"
        )
    return _system(_names_in(path)) or SourceKind.ARCHIVE


def hand_ins(
    path: Path,
    students: Sequence[Student] | None,
    exercises: Sequence[Exercise],
    work_folder: Path,
    kind: str | None = None,
) -> HandIns:
    """Find what every student has handed in.

    Args:
        path: SUBMISSIONS.
        students: the roster; None where the students are those whom the submissions name.
        exercises: those that are graded.
        work_folder: where copies are made, in a new folder each time; whoever gives it removes it.
        kind: one of `SourceKind`, where the look of ``path`` would not tell.

    Raises:
        UsageError: SUBMISSIONS as a whole cannot be read, or the roster is missing that tells whose something is.
        OurFault: this machine could not read or write.
    """
    found_kind = find_source(path, kind)
    people = People(students)
    try:
        work_folder.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix="hand-ins-", dir=work_folder))
        found = list(_reader(found_kind, path)(Search(path, people, Declared(exercises), work)))
    except OSError as error:
        raise OurFault(f"`{path}` could not be read, or copied to `{work_folder}`: {error}") from error
    strangers = [one.text for one in found if isinstance(one, Stranger)]
    kept, alike = _told_apart(one for one in found if isinstance(one, HandIn))
    ids = {one.student for one in kept}
    known = people.students if people.has_roster else tuple(one for one in people.students if one.id in ids)
    return HandIns(tuple(kept), tuple(sorted([*strangers, *alike])), known)


def _reader(kind: SourceKind, path: Path) -> Source:
    match kind:
        case SourceKind.FOLDERS:
            return read_folders
        case SourceKind.ARCHIVE:
            return read_zips if path.is_dir() else read_class_zip
        case SourceKind.REPOSITORIES:
            return read_repositories
        case SourceKind.MOODLE:
            return read_moodle
        case SourceKind.CANVAS:
            return read_canvas
        case SourceKind.PACKED:
            return read_packed


def _told_apart(found: Iterable[HandIn]) -> tuple[list[HandIn], list[str]]:
    """Keep one hand-in for each student, by id; of ids that differ only in case (there is no roster then) keep none."""
    by_id: defaultdict[str, list[HandIn]] = defaultdict(list)
    for one in found:
        by_id[one.student].append(one)
    folded: defaultdict[str, list[str]] = defaultdict(list)
    for student in sorted(by_id):
        folded[student.casefold()].append(student)
    alike = [ids for ids in folded.values() if len(ids) > 1]
    for student in (student for ids in alike for student in ids):
        del by_id[student]
    kept = [_only(by_id[student]) for student in sorted(by_id)]
    return kept, [f"{', '.join(f'`{one}`' for one in ids)} differ only in case" for ids in alike]


def _only(several: Sequence[HandIn]) -> HandIn:
    first = next((one for one in several if one.problem), several[0])
    if len(several) == 1 or first.problem:
        return first
    origins = ", ".join(quoted(one.origin) for one in several)
    problem = f"there are {len(several)} hand-ins, and nobody knows which of them counts: {origins}"
    return replace(first, problem=problem)


# What SUBMISSIONS is


def _names_in(path: Path) -> list[str]:
    """Return the names at the top of an archive, below the folder around all of them, if there is one."""
    try:
        with open_zip(path.resolve(), OF_A_CLASS) as entries:
            paths = [entry.path for entry in without_clutter(entries) if entry.path]
    except UnusableError as error:
        raise UsageError(f"`{path}` {error}") from error
    names = {one[0] for one in paths}
    if len(names) == 1 and _system(names) is None:
        names = {one[1] for one in paths if len(one) > 1}
    return sorted(names)


def _system(names: Collection[str]) -> SourceKind | None:
    """Tell which system has named most of these; students name some things themselves."""
    for kind, looks_right in ((SourceKind.MOODLE, is_from_moodle), (SourceKind.CANVAS, is_from_canvas)):
        if 2 * sum(map(looks_right, names)) > len(names):
            return kind
    return None
