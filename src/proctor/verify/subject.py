"""What a rule looks at: one exercise, its place in the course, and the scorecards of its known answers."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from proctor.catalog import Exercise, Mistake
from proctor.errors import CourseError
from proctor.scorecard import Scorecard, Status
from proctor.verify.known_answers import place_of

__all__ = ["CheckSource", "Subject", "parse", "sentence_of"]


@dataclass(frozen=True)
class CheckSource:
    """A check as it is written; ``documentation`` is its whole docstring, or empty."""

    id: str
    place: str
    documentation: str


@dataclass(frozen=True)
class Subject:
    """One exercise under audit. ``order`` has all slugs of the course; ``cards`` is empty before grading."""

    exercise: Exercise
    order: tuple[str, ...]
    cards: Mapping[str, Scorecard] = field(default_factory=dict[str, Scorecard])

    def place(self, path: Path, line: int = 0) -> str:
        """Return a path as it is shown: below the root of the course, with a line where there is one."""
        shown = path.relative_to(self.exercise.root).as_posix()
        return f"{shown}, line {line}" if line else shown

    def place_of(self, answer: str) -> str:
        """Return where a known answer lies, as it is shown."""
        return self.place(place_of(self.exercise, answer))

    def decided(self, kind: str) -> dict[str, Scorecard]:
        """Return the scorecards of answers whose names begin like this, where something was decided."""
        return {
            name: card
            for name, card in self.cards.items()
            if name.startswith(kind) and card.status in {Status.GRADED, Status.UNREADABLE}
        }

    @cached_property
    def checks(self) -> tuple[CheckSource, ...]:
        """The checks as they are written, in the order of files and lines."""
        return tuple(
            CheckSource(
                node.name.removeprefix("test_"),
                self.place(path, node.lineno),
                ast.get_docstring(node, clean=True) or "",
            )
            for path in sorted(self.exercise.grader.glob("test_*.py"))
            for node in _tests(path)
        )

    @cached_property
    def mistakes(self) -> Mapping[str, Mistake]:
        """The declared mistakes; none where the declaration cannot be read, which a rule of its own tells."""
        try:
            return self.exercise.mistakes
        except CourseError:
            return {}


def parse(path: Path) -> ast.Module | None:
    """Return the tree of a file, or nothing where there is none: grading tells why."""
    try:
        return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None


def sentence_of(path: Path) -> str:
    """Return the first line of the docstring of a file, or an empty text."""
    tree = parse(path)
    documentation = ast.get_docstring(tree) if tree is not None else None
    return (documentation or "").partition("\n")[0]


def _tests(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = parse(path)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node
