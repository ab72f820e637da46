"""The download of all submissions of an assignment in Canvas.

Canvas' `lib/content_zipper.rb` names the files that it gives out, all of them in one folder::

    examplealice_101_9001_work.zip          sortable name, user, upload, the file as it was called
    examplealice_LATE_101_9001_work.zip     handed in late
    examplealice_101_9001_work-1.zip        handed in again: Canvas numbers files of the same name
    redteam_101_9001_work.zip               of a group: its name, and one of its members
    anon_k3Xp1_9001_work.zip                anonymous grading: nobody can say whose it is
    examplealice_101_text.html              a text or a link was handed in instead

The sortable name is in lower case, without anything but letters, digits and underscores. The number of the user is the
`ID` of the gradebook export, and so ``ids["canvas_id"]`` of a roster that was read from it. Only where a roster has no
such ids the name decides, if it is that of one student alone.

Students can choose names and file names that look like the parts around them (``x_101_7_main.py``). A name that can be
read in several ways counts only if, in exactly one of them, name and number are those of the same student.

[Read from the source of Canvas, not tried on a running one. The second number is that of the upload; older pages of
others call it that of the submission.]
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from proctor.classroom.hand_in import HandIn
from proctor.classroom.sources.archive import is_zip
from proctor.classroom.sources.declared import Entry, Kind
from proctor.classroom.sources.found import Find, Search, Stranger, for_all, nobodys, quoted
from proctor.classroom.sources.people import Owner, People, name_key, name_keys
from proctor.classroom.sources.uploads import LONGEST_NAME, opened_download, read_uploads
from proctor.gradebook.student import Student

__all__ = ["is_from_canvas", "read_canvas"]

_NAMED: Final = re.compile(
    r"(?=_(?P<late>LATE_)?(?P<user>[0-9]+)_(?:(?P<upload>[0-9]+)_(?P<file>.+)|(?:text|link)\.html)\Z)", re.DOTALL
)
_ANONYMOUS: Final = re.compile(r"(?:LATE_)?anon_[A-Za-z0-9]+_(?:[0-9]+_.+|(?:text|link)\.html)", re.DOTALL)
_NUMBERED: Final = re.compile(r"(?P<stem>.+)-[0-9]+(?P<suffix>\.[A-Za-z0-9]+)")


@dataclass(frozen=True)
class _Upload:
    """One way to read the name of a file. ``file`` is empty for a text or a link."""

    name: str
    user: str
    number: int
    file: str
    is_late: bool


def is_from_canvas(name: str) -> bool:
    """Tell whether Canvas has named this."""
    return bool(_ANONYMOUS.fullmatch(name[:LONGEST_NAME]) or _readings(name))


def read_canvas(search: Search) -> Iterator[Find]:
    """Yield the hand-in of everybody in the download. Raises UsageError when it cannot be read, or without a roster."""
    known = search.people.known_as("canvas_id")
    uploads: defaultdict[tuple[str, ...], list[tuple[_Upload, Entry]]] = defaultdict(list)
    owners: dict[tuple[str, ...], Owner] = {}
    with opened_download(search, "Canvas") as entries:
        for entry in _unwrapped(entries):
            name = "/".join(entry.path)
            readings = _readings(name) if len(entry.path) == 1 else []
            owned = [(reading, _owner(reading, search.people, known)) for reading in readings]
            if not readings:
                yield Stranger(f"{quoted(name)} is not named as Canvas names submissions that are somebody's")
                continue
            sure = owned if len(owned) == 1 else [(one, owner) for one, owner in owned if _agrees(one, owner)]
            if len(sure) != 1:
                yield nobodys(name, search.people, "can be read as the work of more than one student, or of nobody")
            elif not sure[0][1]:
                yield nobodys(name, search.people)
            else:
                upload, owner = sure[0]
                ids = tuple(student.id for student in owner)
                owners[ids] = owner
                uploads[ids].append((upload, entry))
        for ids, files in uploads.items():
            yield from _hand_ins(search, owners[ids], files)


def _hand_ins(search: Search, owner: Owner, files: Sequence[tuple[_Upload, Entry]]) -> Iterator[HandIn]:
    work = search.new_place()
    name = files[0][0].name
    label = f"{name} {files[0][0].user}"
    is_late = any(upload.is_late for upload, _ in files)
    is_team = _is_team(name, owner)
    if len(owner) > 1 and not is_team:
        problem = f"{quoted(label)} may be any of {len(owner)} students of that name: add `canvas_id` to the roster"
        hand_in = HandIn("", work, problem=problem, origin=f"upload {label}")
    elif not any(upload.file for upload, _ in files):
        problem = f"{quoted(label)} handed in a text or a link instead of a file"
        hand_in = HandIn("", work, problem=problem, origin=f"upload {label}")
    else:
        hand_in = read_uploads(label, _latest(files, search.declared.loose), search.declared, work)
    yield from for_all(owner, replace(hand_in, is_marked_late=is_late))


def _latest(files: Sequence[tuple[_Upload, Entry]], loose: Sequence[str]) -> list[Entry]:
    """Return the files by the names that they had before Canvas numbered them; of ZIPs and of each name the latest."""
    latest: dict[str, Entry] = {}
    for upload, entry in sorted(files, key=lambda one: one[0].number):
        if upload.file and entry.kind is not Kind.FOLDER:
            numbered = _NUMBERED.fullmatch(upload.file)
            before = f"{numbered['stem']}{numbered['suffix']}" if numbered else upload.file
            name = before if before in loose else upload.file
            latest["a ZIP" if is_zip(name) else name] = replace(entry, path=(name,))
    return [*latest.values()]


def _owner(upload: _Upload, people: People, known: Mapping[str, Student]) -> Owner:
    """Find those to whom an upload belongs; several who are no team are those of the same name."""
    student = known.get(upload.user)
    if student is None:
        return () if known else people.of_full_name(upload.name)
    team = people.team(student.team) if student.team else ()
    return team if _is_team(upload.name, team) else (student,)


def _is_team(name: str, owner: Owner) -> bool:
    return bool(owner) and bool(owner[0].team) and name_key(name) == name_key(owner[0].team)


def _agrees(upload: _Upload, owner: Owner) -> bool:
    """Tell whether the name belongs to the number."""
    return _is_team(upload.name, owner) or any(name_key(upload.name) in name_keys(student.name) for student in owner)


def _readings(name: str) -> list[_Upload]:
    """Return all ways to read a name."""
    readings: dict[tuple[str, str, str], _Upload] = {}
    for found in _NAMED.finditer(name[:LONGEST_NAME]):
        user, number, file = found["user"], found["upload"] or "0", found["file"] or ""
        reading = _Upload(name[: found.start()], user, int(number), file, found["late"] is not None)
        readings.setdefault((user, number, file), reading)  # the mark is no part of the name
    return [*readings.values()]


def _unwrapped(entries: list[Entry]) -> list[Entry]:
    """Look through a folder around the whole download."""
    tops = {entry.path[0] for entry in entries if entry.path}
    if len(tops) == 1 and not is_from_canvas(*tops):
        return [replace(entry, path=entry.path[1:]) for entry in entries if len(entry.path) > 1]
    return entries
