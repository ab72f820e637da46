"""A list of git repositories, each at one commit: a CSV file with the columns `student`, `repository` and `commit`.

::

    student,repository,commit,submitted_at
    alice,https://github.com/example/course-alice.git,3f786850e387550fdab836ed7e6dc881de23001b,2026-11-20T18:00:00+01:00

A commit is its full id: a branch would be another one tomorrow, and a grade has to say what it is for. `submitted_at`
is optional, and a time that a server or a teacher knows (with its zone); the dates in a commit are what its author
claims, so they are not looked at. A repository may hold the exercises in `exercises/` (a clone of the course), at its
top, or, where the class has one exercise, its files at the top.

A relative path is taken from where the list is. A repository that cannot be had makes its student unreadable, and
nobody else. Students who may write addresses into the list can name any repository that whoever runs this can read.
"""

import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from proctor.classroom.csv_table import Faults, Row, read_table, shown
from proctor.classroom.hand_in import HandIn
from proctor.classroom.identity import fault_of
from proctor.classroom.roster import ID_COLUMNS
from proctor.classroom.sources.declared import Declared, Mirror, UnusableError, pick
from proctor.classroom.sources.found import Find, Search, for_all, nobodys
from proctor.classroom.sources.git_command import FULL_ID, Git, UnreachableError
from proctor.classroom.sources.people import Owner
from proctor.errors import UsageError

__all__ = ["read_repositories"]

AT_ONCE: Final = 4
"""Repositories that are fetched side by side: most of the time goes by waiting for a server."""

LONGEST_ADDRESS: Final = 1000
_NEEDED: Final = ("repository", "commit")
_WITH_A_SCHEME: Final = re.compile(r"(?:https|ssh|file)://[^-\s]\S*", re.IGNORECASE)
_OF_SSH: Final = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:(?!:)\S+")


@dataclass(frozen=True)
class _Pinned:
    """One line of the list."""

    owner: Owner
    address: str
    commit: str
    submitted_at: datetime | None
    work: Path


def read_repositories(search: Search) -> Iterator[Find]:
    """Yield the hand-in of every repository. Raises UsageError, with all faults of the list."""
    pinned: list[_Pinned] = []
    for row, student, submitted_at in _rows(search.path):
        owner = search.people.called(student)
        if owner:
            work = search.new_place()
            pinned.append(_Pinned(owner, row["repository"], row["commit"].lower(), submitted_at, work))
        else:
            yield nobodys(student, search.people)
    git = Git()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            read = partial(_hand_in, git, search.path.parent, search.declared)
            for one, hand_in in zip(pinned, pool.map(read, pinned), strict=True):
                yield from for_all(one.owner, hand_in)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            git.close()


def _rows(path: Path) -> list[tuple[Row, str, datetime | None]]:
    faults = Faults(path)
    table = read_table(path, faults)
    of_student = next((column for column in ID_COLUMNS if column in table.headings), "student")
    missing = [column for column in (of_student, *_NEEDED) if column not in table.headings]
    if missing:
        names = ", ".join(f"`{column}`" for column in missing)
        raise UsageError(f"`{path}` lacks the column {names}. A list of repositories has `student,repository,commit`.")
    rows = [(row, row[of_student], _time(row, faults)) for row in table.rows]
    for row, student, _ in rows:
        if fault := (fault_of(student) if student else "is empty: whose repository is this?"):
            faults.add(row.line, table.headings[of_student], f"{shown(student)} {fault}" if student else fault)
    faults.tell()
    return rows


def _time(row: Row, faults: Faults) -> datetime | None:
    written = row["submitted_at"]
    if not written:
        return None
    try:
        time = datetime.fromisoformat(written)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        faults.add(row.line, "submitted_at", f"{shown(written)} is no time with a zone, like 2026-11-20T18:00:00+01:00")
        return None
    return time


def _hand_in(git: Git, beside: Path, declared: Declared, pinned: _Pinned) -> HandIn:
    problem, is_undecided = "", False
    repository = pinned.work.with_suffix(".git")
    try:
        address = _address(pinned.address, beside)
        if not FULL_ID.fullmatch(pinned.commit):
            raise UnusableError(f"is to be read at {shown(pinned.commit)}, which is not the full id of a commit")  # noqa: TRY301 - one place for all problems
        git.fetch(address, pinned.commit, repository)
        pick(git.entries(repository, pinned.commit, declared), declared, Mirror(pinned.work))
    except UnusableError as error:
        problem = f"the repository {shown(pinned.address)} {error}"
        is_undecided = isinstance(error, UnreachableError)
    finally:
        shutil.rmtree(repository, ignore_errors=True)
    return HandIn(
        student="",
        folder=pinned.work,
        submitted_at=pinned.submitted_at,
        problem=problem,
        origin=f"repository {pinned.address}",
        commit=pinned.commit,
        is_undecided=is_undecided,
    )


def _address(written: str, beside: Path) -> str:
    """Return an address that git takes for what it looks like. Raises UnusableError for anything else."""
    if not written or len(written) > LONGEST_ADDRESS or fault_of(written, LONGEST_ADDRESS):
        raise UnusableError("is no address of a repository")
    if _WITH_A_SCHEME.fullmatch(written) or _OF_SSH.fullmatch(written):
        return written
    if ":" in written.split("/", 1)[0]:
        raise UnusableError("is to be fetched in a way that is not allowed: only https, ssh and paths are")
    return os.fspath((beside / written).absolute())
