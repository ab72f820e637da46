"""Which commit of whom is graded, and when the server received it: from a roster and a pattern to a list.

The pattern is the full name of a repository with a column of the roster in braces: ``my-course/work-{github}``. What
stands in the column goes into an address, so that it has to look like a part of a name, whatever has written it there.
The list is the CSV file that `proctor.classroom.sources.repositories` reads, so that anybody who may read the
repositories can grade the same commits again.
"""

import csv
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from proctor.classroom.csv_table import Faults, read_table
from proctor.classroom.sources.declared import UnusableError
from proctor.classroom.sources.git_command import Git, UnreachableError
from proctor.errors import UsageError
from proctor.gradebook.student import Student
from proctor.hostile_text import one_line

__all__ = ["Pin", "PushTime", "address_of", "pin_repositories", "read_pins", "repository_name", "write_pins"]

AT_ONCE: Final = 4
PushTime = Callable[[str, str], datetime | None]
"""When a commit of a repository was received, as far as that is known."""

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_HEADINGS: Final = ("student", "repository", "commit", "submitted_at")


@dataclass(frozen=True)
class Pin:
    """One student's repository at one commit, or the problem with it. ``is_undecided``: it need not be theirs."""

    student: str
    repository: str
    commit: str = ""
    submitted_at: datetime | None = None
    problem: str = ""
    is_undecided: bool = False


def repository_name(student: Student, pattern: str) -> str:
    """Return the full name of a student's repository; empty where the roster does not say.

    Raises UsageError where the pattern names no repository, or something in the roster would lead elsewhere.
    """
    known = {"student": student.id, "team": student.team, **student.ids}
    columns = _PLACEHOLDER.findall(pattern)
    if not columns:
        raise UsageError(
            f"`{pattern}` is one repository for everybody: write a pattern like `my-course/work-{{github}}`"
        )
    if not all(known.get(column) for column in columns):
        return ""
    values = [known[column] for column in columns]
    name = _PLACEHOLDER.sub(lambda found: known[found[1]], pattern)
    if any("/" in value for value in values) or not _NAME.fullmatch(name) or set(name.split("/")) & {".", ".."}:
        raise UsageError(f"`{one_line(name, 200)}`, of `{student.id}`, cannot be the name of a repository: OWNER/NAME")
    return name


def pin_repositories(students: Sequence[Student], pattern: str, server: str, pushed_at: PushTime) -> list[Pin]:
    """Look up the newest commit of everybody who has a repository, in the order of the roster.

    A repository that cannot be had is the problem of its student alone. Raises UsageError where there is no git, or a
    name is none.
    """
    named = [(one, name) for one in students if (name := repository_name(one, pattern))]
    git = Git()
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(partial(_pin, git, server, pushed_at), *zip(*named, strict=True))) if named else []
    finally:
        git.close()


def _pin(git: Git, server: str, pushed_at: PushTime, student: Student, name: str) -> Pin:
    try:
        commit = git.newest(address_of(server, name))
    except UnusableError as error:
        is_undecided = isinstance(error, UnreachableError)
        return Pin(student.id, name, problem=f"the repository `{name}` {error}", is_undecided=is_undecided)
    if not commit:
        return Pin(student.id, name, problem=f"the repository `{name}` has no commit yet")
    return Pin(student.id, name, commit, pushed_at(name, commit))


def address_of(server: str, name: str) -> str:
    """Return where git finds a repository."""
    return f"{server.rstrip('/')}/{name}.git"


def write_pins(path: Path, pins: Sequence[Pin], server: str) -> None:
    """Write the list of all that can be graded."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEADINGS)
        for one in pins:
            if not one.problem:
                time = "" if one.submitted_at is None else one.submitted_at.astimezone(UTC).isoformat()
                writer.writerow([one.student, address_of(server, one.repository), one.commit, time])


def read_pins(path: Path, server: str) -> dict[str, Pin]:
    """Read the list, by student. Raises UsageError for another one, or for repositories of another server."""
    faults = Faults(path)
    table = read_table(path, faults)
    faults.tell()
    start, end = address_of(server, "?").split("?")
    pins: dict[str, Pin] = {}
    for row in table.rows:
        address = row["repository"]
        name = address.removeprefix(start).removesuffix(end)
        if not address.startswith(start) or not _NAME.fullmatch(name):
            raise UsageError(f"`{path}`, line {row.line}: this is no repository of `{server}`")
        pins[row["student"]] = Pin(row["student"], name, row["commit"])
    return pins
