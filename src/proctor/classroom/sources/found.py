"""What the sources find: hand-ins, and things that are nobody's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from proctor.classroom.hand_in import HandIn
from proctor.classroom.sources.declared import Declared
from proctor.classroom.sources.people import Owner, People
from proctor.hostile_text import one_line

__all__ = ["Find", "Search", "Source", "Stranger", "for_all", "is_clutter", "nobodys", "quoted"]


@dataclass(frozen=True)
class Search:
    """What a source works with. ``work`` is an empty folder, below which it puts what has to be unpacked."""

    path: Path
    people: People
    declared: Declared
    work: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def new_place(self) -> Path:
        """Return where one hand-in may be unpacked to; nothing is there, and no name of a stranger is in it."""
        return self.work / str(next(self._numbers))


@dataclass(frozen=True)
class Stranger:
    """Something that belongs to nobody in the class, as one harmless line that says what it is and why."""

    text: str


Find = HandIn | Stranger
Source = Callable[[Search], Iterator[Find]]


def quoted(name: str) -> str:
    """Return what a stranger has named, as a message shows it."""
    return f"`{one_line(name, 60)}`"


def nobodys(name: str, people: People, why: str = "") -> Stranger:
    """Return the stranger of that name."""
    reason = "is nobody on the roster" if people.has_roster else "cannot be the id of a student"
    return Stranger(f"{quoted(name)} {why or reason}")


def for_all(owner: Owner, hand_in: HandIn) -> Iterator[HandIn]:
    """Yield the same hand-in for everybody whose it is."""
    for student in owner:
        yield replace(hand_in, student=student.id)


def is_clutter(name: str) -> bool:
    """Tell what systems leave behind, and what nobody has handed in."""
    return name.startswith(".") or name in {"__MACOSX", "Thumbs.db", "desktop.ini"}
