"""The list of all exercises: a cursor that moves over those which fit a filter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from proctor.catalog import Course, Exercise
from proctor.learner.watch.keys import BACKSPACE, DOWN, ENTER, ESCAPE, UP

__all__ = ["Listing"]


@dataclass
class Listing:
    """A list that is open. ``is_open_exercise`` tells whether something is left to do in an exercise.

    ``chosen`` is the exercise that Enter was pressed on; ``is_closed`` says that the list was left.
    """

    course: Course
    is_open_exercise: Callable[[Exercise], bool]
    current: str
    filter: str = ""
    only_open: bool = False
    is_typing: bool = False
    chosen: str = ""
    is_closed: bool = False
    _cursor: str = field(init=False)

    def __post_init__(self) -> None:
        self._cursor = self.current

    @property
    def shown(self) -> Sequence[Exercise]:
        """The exercises that fit: whose name, title or topics have every word that was typed."""
        words = self.filter.lower().split()
        return [
            one
            for one in self.course
            if all(word in " ".join([one.slug, one.manifest.title, *one.manifest.topics]).lower() for word in words)
            and (not self.only_open or self.is_open_exercise(one))
        ]

    @property
    def cursor(self) -> str:
        """The exercise under the cursor; empty where none fits."""
        slugs = [one.slug for one in self.shown]
        return self._cursor if self._cursor in slugs else next(iter(slugs), "")

    def press(self, key: str) -> None:
        """Take in a key."""
        if key in {UP, DOWN}:
            self._move(-1 if key == UP else 1)
        elif key == ENTER:
            self.chosen, self.is_closed = self.cursor, bool(self.cursor)
        elif self.is_typing:
            self._type(key)
        elif key in {"j", "k"}:
            self._move(1 if key == "j" else -1)
        elif key in {"f", "/"}:
            self.is_typing = True
        elif key == "o":
            self.only_open = not self.only_open
        elif key in {"l", "q", ESCAPE}:
            self.is_closed = True

    def _type(self, key: str) -> None:
        if key == ESCAPE:
            self.filter, self.is_typing = "", False
        elif key == BACKSPACE:
            self.filter = self.filter[:-1]
        elif len(key) == 1 and key.isprintable():
            self.filter += key

    def _move(self, step: int) -> None:
        slugs = [one.slug for one in self.shown]
        if slugs:
            place = slugs.index(self.cursor) + step
            self._cursor = slugs[min(max(place, 0), len(slugs) - 1)]
