"""What a class has handed in as one file: ``proctor/hand-ins/v1``, JSON Lines, one student a line after the first.

It travels from the machine that may read the work of students to those that run it and may read nothing else. All that
is known of a hand-in is in it: when it was handed in, at which commit, what is wrong with it, and the declared files. A
link and a file that is too large are in it as what they are, without content, so that they are refused for what they
are wherever the file is read.
"""

import base64
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from proctor.catalog import Exercise
from proctor.classroom.hand_in import HandIn
from proctor.classroom.sources.declared import Mirror
from proctor.classroom.sources.found import Find, Search, for_all, nobodys
from proctor.errors import UsageError
from proctor.submission import SIZE_LIMIT

__all__ = ["read_packed", "write_packed"]

LONGEST_LINE: Final = 64 << 20
"""Bytes: what is read of one student, as base64, and more."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Head(_Line):
    schema_: Annotated[Literal["proctor/hand-ins/v1"], Field(alias="schema")] = "proctor/hand-ins/v1"
    count: Annotated[int, Field(ge=0)]


class _File(_Line):
    """A file, or why it is not to be read: ``size`` of one that is too large, ``is_link``."""

    content: str = ""
    size: Annotated[int, Field(ge=0)] = 0
    is_link: bool = False


class _PackedHandIn(_Line):
    """One hand-in. ``files`` maps exercises to names to files."""

    student: str
    submitted_at: datetime | None
    problem: str
    origin: str
    commit: str
    is_marked_late: bool
    is_undecided: bool
    files: Mapping[str, Mapping[str, _File]]


def write_packed(path: Path, hand_ins: Sequence[HandIn], exercises: Sequence[Exercise]) -> None:
    """Write what was handed in to these exercises. Nothing but declared files is looked at."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_Head(count=len(hand_ins)).model_dump_json(by_alias=True) + "\n")
        for one in hand_ins:
            file.write(_packed(one, exercises).model_dump_json() + "\n")


def _packed(hand_in: HandIn, exercises: Sequence[Exercise]) -> _PackedHandIn:
    files: dict[str, dict[str, _File]] = {}
    for exercise in exercises:
        folder = hand_in.folder / exercise.slug
        if hand_in.problem or folder.is_symlink() or not folder.is_dir():
            continue
        there = {name: _file(folder / name) for name in exercise.manifest.files}
        files[exercise.slug] = {name: file for name, file in there.items() if file is not None}
    return _PackedHandIn(
        student=hand_in.student,
        submitted_at=hand_in.submitted_at,
        problem=hand_in.problem,
        origin=hand_in.origin,
        commit=hand_in.commit,
        is_marked_late=hand_in.is_marked_late,
        is_undecided=hand_in.is_undecided,
        files=files,
    )


def _file(path: Path) -> _File | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return _File(is_link=True) if path.is_symlink() else None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        content = b"" if status.st_size > SIZE_LIMIT else file.read(SIZE_LIMIT + 1)
        if status.st_size > SIZE_LIMIT or len(content) > SIZE_LIMIT:
            return _File(size=max(status.st_size, len(content)))
        return _File(content=base64.b64encode(content).decode())


def read_packed(search: Search) -> Iterator[Find]:
    """Yield the hand-in of every line. Raises UsageError where the file is none of ours, or cut off."""
    count = 0
    try:
        with search.path.open("rb") as file:
            head = _Head.model_validate_json(file.readline(LONGEST_LINE))
            while line := file.readline(LONGEST_LINE):
                packed = _PackedHandIn.model_validate_json(line)
                count += 1
                owner = search.people.called(packed.student)
                if owner:
                    yield from for_all(owner, _unpacked(packed, search))
                else:
                    yield nobodys(packed.student, search.people)
    except (ValidationError, ValueError):
        raise UsageError(f"`{search.path}`, line {count + 2 if count else 1}: this is no file of hand-ins") from None
    if count != head.count:
        raise UsageError(f"`{search.path}` is cut off: {count} of {head.count} hand-ins are in it")


def _unpacked(packed: _PackedHandIn, search: Search) -> HandIn:
    mirror = Mirror(search.new_place())
    for slug, names in search.declared.files.items():
        for name in names:
            file = packed.files.get(slug, {}).get(name)
            if file is None:
                continue
            if file.is_link:
                mirror.mark_as_link(slug, name)
            elif file.size:
                mirror.mark_too_large(slug, name, file.size)
            else:
                mirror.write(slug, name, base64.b64decode(file.content, validate=True))
        if slug in packed.files and not packed.files[slug]:
            (mirror.folder / slug).mkdir(parents=True, exist_ok=True)
    return HandIn(
        student="",
        folder=mirror.folder,
        submitted_at=packed.submitted_at,
        problem=packed.problem,
        origin=packed.origin,
        commit=packed.commit,
        is_marked_late=packed.is_marked_late,
        is_undecided=packed.is_undecided,
    )
