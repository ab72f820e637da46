"""Rules about the README of an exercise."""

from collections.abc import Iterator
from typing import Final

from proctor.verify.finding import Flaw
from proctor.verify.subject import Subject

__all__ = ["RULES"]

SECTIONS: Final = (
    "What to change",
    "What not to touch",
    "How it is graded",
    "Out of scope",
    "Read more",
    "Interview questions",
)


def the_readme_begins_with_the_title(subject: Subject) -> Iterator[Flaw]:
    """The first line of the README is the title of the manifest."""
    lines, title = _lines(subject), f"# {subject.exercise.manifest.title}"
    if lines and lines[0] != title:
        what = f"begins with `{lines[0]}`, but the title in `exercise.toml` is `{subject.exercise.manifest.title}`"
        yield Flaw(_where(subject), what, f"make `{title}` its first line")


def the_readme_has_every_section(subject: Subject) -> Iterator[Flaw]:
    """The README has the sections that every README has, in the same order, and none of them is empty."""
    lines = _lines(subject)
    headings = [line.removeprefix("## ") for line in lines if line.startswith("## ")]
    order = "the sections are, in this order: " + ", ".join(SECTIONS)
    for name in SECTIONS:
        if lines and name not in headings:
            yield Flaw(_where(subject), f"lacks the section `{name}`", order)
    for name in headings:
        if name not in SECTIONS:
            yield Flaw(_where(subject), f"has a section `{name}` that no other README has", order)
    if sorted(headings) == sorted(SECTIONS) and headings != list(SECTIONS):
        yield Flaw(_where(subject), "has its sections in another order than the others", order)
    for number, line in enumerate(lines):
        following = next((text for text in lines[number + 1 :] if text.strip()), "## ")
        if line.startswith("## ") and following.startswith("## "):
            yield Flaw(_where(subject), f"the section `{line[3:]}` is empty", "write it, if only in one sentence")


RULES: Final = (the_readme_begins_with_the_title, the_readme_has_every_section)


def _lines(subject: Subject) -> list[str]:
    path = subject.exercise.folder / "README.md"
    return path.read_text(encoding="utf-8").splitlines() or [""] if path.is_file() else []


def _where(subject: Subject) -> str:
    return subject.place(subject.exercise.folder / "README.md")
