"""The files of a new exercise, rendered from ``templates/``: a stub, a reference, one check, and what is to be written.

The templates are whole files, so that they can be read as what they become. Their names end in ``.template``, so that
no tool takes them for code of ours.
"""

from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

import tomlkit

__all__ = ["SKELETON", "Piece", "render"]

TEMPLATES: Final = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Piece:
    """A file or, without a template, a folder; ``path`` has gaps for the names of the exercise."""

    path: str
    template: str
    about: str

    def at(self, slug: str) -> str:
        """Return where it lies below the root of the course; a folder ends with a slash."""
        return self.path.format(slug=slug, module=slug.replace("-", "_"))


SKELETON: Final = (
    Piece("exercises/{slug}/README.md", "README.md", "the task, as learners read it"),
    Piece("exercises/{slug}/exercise.toml", "exercise.toml", "title, hints, links"),
    Piece("exercises/{slug}/main.py", "stub.py", "the stub"),
    Piece("exercises/{slug}/.stub/main.py", "stub.py", "the same, for `nox -s reset`"),
    Piece("exercises/{slug}/serve.py", "serve.py", "stand-ins, for `nox -s serve`"),
    Piece("solutions/{slug}/main.py", "reference.py", "the reference"),
    Piece("solutions/{slug}/accepted/", "", "other right answers, three or more"),
    Piece("graders/{slug}/test_{module}.py", "checks.py", "the checks"),
    Piece("graders/{slug}/mistakes.toml", "mistakes.toml", "what each mistake loses, and what its author reads"),
    Piece("graders/{slug}/mistakes/", "", "wrong answers, five or more"),
)
"""Everything that an exercise begins with, in the order in which somebody reads it."""


def render(piece: Piece, slug: str, title: str) -> str:
    """Return the text of a file of the skeleton."""
    template = (TEMPLATES / f"{piece.template}.template").read_text(encoding="utf-8")
    return Template(template).substitute(slug=slug, title=title, quoted_title=tomlkit.string(title).as_string())
