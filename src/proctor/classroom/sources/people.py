"""Whose something is: from what a folder, a file or a line is called to the students that it belongs to.

Without a roster the students are those that the names name. With one, a name is the id of a student (where no other
id is meant, in whatever case), or else the name of a team, whose members all have handed it in then.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from proctor.gradebook.student import STUDENT_ID, Student

__all__ = ["Owner", "People", "name_key", "name_keys"]

Owner = tuple[Student, ...]
"""Nobody, one student, or the members of a team."""

_STUDENT_ID: Final = re.compile(STUDENT_ID)


class People:
    """The students of a class. ``students`` is None where they are those that the submissions name."""

    def __init__(self, students: Sequence[Student] | None) -> None:
        self.has_roster = students is not None
        self._met: dict[str, Student] = {}
        self._students = tuple(students or ())
        self._by_id = {student.id: student for student in self._students}
        self._by_folded_id = {student.id.casefold(): student for student in self._students}
        self._teams = _grouped((student.team.casefold(), student) for student in self._students if student.team)
        self._by_name = _grouped((key, student) for student in self._students for key in name_keys(student.name))

    @property
    def students(self) -> tuple[Student, ...]:
        """The roster, or whoever was asked for."""
        return self._students if self.has_roster else tuple(self._met.values())

    def called(self, name: str) -> Owner:
        """Return those to whom a folder of this name belongs."""
        if not self.has_roster:
            if not _STUDENT_ID.fullmatch(name):
                return ()
            return (self._met.setdefault(name, Student(id=name)),)
        student = self._by_id.get(name) or self._by_folded_id.get(name.casefold())
        return (student,) if student else self.team(name)

    def team(self, name: str) -> Owner:
        """Return the members of a team."""
        return self._teams.get(name.casefold(), ())

    def known_as(self, system: str) -> Mapping[str, Student]:
        """Return the students by the number that a system knows them by, which may stand behind a word."""
        numbers = ((re.search(r"[0-9]+\Z", student.ids.get(system, "")), student) for student in self._students)
        return {number[0]: student for number, student in numbers if number}

    def of_full_name(self, name: str) -> Owner:
        """Return everybody of that name, in whatever order and spelling its words stand."""
        return self._by_name.get(name_key(name), ())


def name_key(name: str) -> str:
    """Return a name without what systems change in it: case, blanks, punctuation, the form of its accents."""
    folded = unicodedata.normalize("NFKC", name.casefold())
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LMN")


def name_keys(name: str) -> set[str]:
    """Return the keys of a name whose last part may stand first, as in `Example, Alice`."""
    words = name.replace(",", " ").split()
    keys = {name_key(" ".join([*words[start:], *words[:start]])) for start in range(len(words))}
    return keys - {""}


def _grouped(pairs: Iterable[tuple[str, Student]]) -> dict[str, Owner]:
    groups: defaultdict[str, list[Student]] = defaultdict(list)
    for key, student in pairs:
        groups[key].append(student)
    return {key: tuple(students) for key, students in groups.items()}
