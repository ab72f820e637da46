"""The download of all submissions of an assignment in Moodle.

Moodle's `mod/assign/classes/downloader.php` (`locallib.php` before 4.1) names what it gives out::

    Alice Example_5301_assignsubmission_file_/middleware-onion/main.py      in folders, up to 4.0
    Alice Example_5301_assignsubmission_file/work.zip                       in folders, from 4.1 on
    Alice Example_5301_assignsubmission_file_work.zip                       "Download submissions in folders" is off
    Participant_5301_assignsubmission_file_/work.zip                        anonymous
    Group 3_17_assignsubmission_file_/work.zip                              of groups: the number is that of the group
    Default group_assignsubmission_file_/work.zip                           of groups: those who are in none

Underscores of a name are blanks here, so the first one ends it. The number of a participant belongs to the assignment,
not to the person: it is in the column `Identifier` of the grading worksheet of the same assignment, and so in
``ids["moodle_identifier"]`` of a roster that was read from it. Where it is not, the full name decides, and only if it
is the name of one student alone.

[Read from the source of Moodle, not tried on a running one. `clean_filename` takes some punctuation out of names, so
names are compared without any.]
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from proctor.classroom.hand_in import HandIn
from proctor.classroom.sources.declared import Entry, Kind
from proctor.classroom.sources.found import Find, Search, Stranger, for_all, nobodys, quoted
from proctor.classroom.sources.people import Owner, People
from proctor.classroom.sources.uploads import LONGEST_NAME, opened_download, read_uploads
from proctor.gradebook.student import Student

__all__ = ["is_from_moodle", "read_moodle"]

_NAMED: Final = re.compile(
    r"(?P<name>[^_]*)(?:_(?P<number>[0-9]+))?_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL
)
_FILES: Final = "file"


@dataclass(frozen=True)
class _Label:
    """Whose something is, in the words of Moodle."""

    name: str
    number: str

    def __str__(self) -> str:
        return f"{self.name} {self.number}".strip()


def is_from_moodle(name: str) -> bool:
    """Tell whether Moodle has named this."""
    return _NAMED.fullmatch(name[:LONGEST_NAME]) is not None


def read_moodle(search: Search) -> Iterator[Find]:
    """Yield the hand-in of everybody in the download. Raises UsageError when it cannot be read, or without a roster."""
    with opened_download(search, "Moodle") as entries:
        uploads, strangers = _sorted_out(_unwrapped(entries))
        yield from strangers
        known = search.people.known_as("moodle_identifier")
        for label, files in uploads.items():
            yield from _hand_ins(search, label, files, _owner(label, search.people, known))


def _hand_ins(search: Search, label: _Label, files: Sequence[Entry], owner: Owner) -> Iterator[Find]:
    is_team = bool(owner) and owner == search.people.team(label.name)
    work = search.new_place()
    if not owner:
        yield nobodys(str(label), search.people)
    elif len(owner) > 1 and not is_team:
        problem = f"{quoted(str(label))} may be any of {len(owner)} students of that name: add `moodle_identifier`"
        yield from for_all(owner, HandIn("", work, problem=problem, origin=f"upload {label}"))
    elif not files:
        problem = f"{quoted(str(label))} handed in a text instead of files"
        yield from for_all(owner, HandIn("", work, problem=problem, origin=f"upload {label}"))
    else:
        yield from for_all(owner, read_uploads(str(label), files, search.declared, work))


def _owner(label: _Label, people: People, known: Mapping[str, Student]) -> Owner:
    """Find those to whom an upload belongs; several who are no team are those of the same name."""
    team = people.team(label.name)
    if team:
        return team
    student = known.get(label.number)
    return (student,) if student else people.of_full_name(label.name)


def _unwrapped(entries: list[Entry]) -> list[Entry]:
    """Look through a folder around the whole download."""
    tops = {entry.path[0] for entry in entries if entry.path}
    if len(tops) == 1 and not is_from_moodle(*tops):
        return [replace(entry, path=entry.path[1:]) for entry in entries if len(entry.path) > 1]
    return entries


def _sorted_out(entries: Sequence[Entry]) -> tuple[Mapping[_Label, list[Entry]], list[Stranger]]:
    """Return the files of each, with the paths that their owners gave them; no files where there is only a text."""
    uploads: defaultdict[_Label, list[Entry]] = defaultdict(list)
    strangers: dict[str, Stranger] = {}
    for entry in entries:
        top = entry.path[0] if entry.path else ""
        named = _NAMED.fullmatch(top[:LONGEST_NAME])
        if named is None:
            strangers[top] = Stranger(f"{quoted(top)} is not named as Moodle names submissions")
            continue
        files = uploads[_Label(named["name"], named["number"] or "")]
        inside = entry.path[1:] or ((named["file"],) if named["file"] else ())
        if named["plugin"] == _FILES and (inside or entry.kind is not Kind.FOLDER):
            files.append(replace(entry, path=inside))
    return uploads, [*strangers.values()]
