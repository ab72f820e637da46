"""The files of the student tree: an explicit list, so that whatever is not on it stays with the teacher.

The engine goes as it is, exercises go with their stubs as the learner's files, graders cut down to public checks. The
README and the workflow are written from templates. Nothing is copied by folder but the engine, and of it only kinds
of files that it is made of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Final

from proctor.catalog import Course, Exercise
from proctor.release.objection import Objection
from proctor.released import FULL_SCORE, Released

__all__ = ["STUDENT_README", "WORKFLOW", "StudentTree", "list_tree"]

TEMPLATES: Final = Path(__file__).with_name("templates")
STUDENT_README: Final = "README.md"
WORKFLOW: Final = ".github/workflows/self-check.yml"
ENGINE: Final = "src/proctor"
MANIFEST: Final = "graders/manifest.json"

NEEDED: Final = ("noxfile.py", "pyproject.toml", "requirements.lock", "LICENSE", ".gitignore", "docs/learner.md")
"""Files of the root without which the tree does not install, or is not to be understood."""

WELCOME: Final = ("docs/watch.svg", ".devcontainer/Dockerfile", ".devcontainer/devcontainer.json")
"""Files that go where a course has them."""

KINDS: Final = frozenset({".py", ".typed", ".html", ".css", ".js", ".yml", ".template"})
"""What the engine is made of."""


@dataclass
class StudentTree:
    """What goes, by path below the root, and what could not be read."""

    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    objections: list[Objection] = field(default_factory=list[Objection])

    def write(self, folder: Path) -> None:
        """Write all files below a folder."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def list_tree(course: Course, graders: Mapping[str, bytes], released: Released) -> StudentTree:
    """Read everything that goes. What is missing, or a link, is an objection and no error."""
    tree = StudentTree()
    for name, source in _sources(course):
        path = course.root / source
        if link := _link(course.root, path):
            tree.objections.append(_is_a_link(link))
        elif path.is_file():
            tree.files[name] = path.read_bytes()
        elif source not in WELCOME:
            tree.objections.append(Objection(source, "is missing", "students need it: write it"))
    tree.objections += [_is_a_link(link) for name in graders if (link := _link(course.root, course.root / name))]
    tree.files |= graders
    tree.files[MANIFEST] = released.to_json().encode()
    tree.files[WORKFLOW] = (TEMPLATES / "self-check.yml").read_bytes()
    tree.files[STUDENT_README] = _readme(course, released).encode()
    return tree


def _sources(course: Course) -> Iterator[tuple[str, str]]:
    """Yield every path in the tree with the one that it is read from, both below the root."""
    for name in (*NEEDED, *WELCOME, "exercises/course.toml"):
        yield name, name
    for path in sorted((course.root / ENGINE).rglob("*")):
        name = path.relative_to(course.root).as_posix()
        if path.suffix in KINDS and not any(part.startswith((".", "__pycache__")) for part in name.split("/")):
            yield name, name
    if not (course.root / ENGINE / "__init__.py").exists():
        yield f"{ENGINE}/__init__.py", f"{ENGINE}/__init__.py"
    for exercise in course:
        folder = f"exercises/{exercise.slug}"
        for name in ("exercise.toml", "README.md", exercise.served_file, *exercise.manifest.given):
            yield f"{folder}/{name}", f"{folder}/{name}"
        for name in exercise.manifest.files:  # whatever the teacher has tried in the learner's place
            yield f"{folder}/{name}", f"{folder}/.stub/{name}"
            yield f"{folder}/.stub/{name}", f"{folder}/.stub/{name}"


def _is_a_link(name: str) -> Objection:
    return Objection(name, "is a symbolic link, and might lead anywhere", "put the file itself in its place")


def _link(root: Path, path: Path) -> str:
    """Return the first link on the way from the root to a file, or an empty text."""
    steps = [path, *path.parents]
    below = reversed(steps[: steps.index(root)])
    return next((step.relative_to(root).as_posix() for step in below if step.is_symlink()), "")


def _readme(course: Course, released: Released) -> str:
    """Write the page that students read first."""
    template = Template((TEMPLATES / "README.md.template").read_text(encoding="utf-8"))
    first = next(iter(course))
    public = sum(exercise.public_points for exercise in released.exercises.values())
    return template.substitute(
        title=course.title,
        first=first.slug,
        exercises="\n".join(_rows(course, released)),
        public=public,
        all=FULL_SCORE * len(released.exercises),
    )


def _rows(course: Course, released: Released) -> Iterator[str]:
    for chapter in course.chapters:
        for number, exercise in enumerate(chapter.exercises):
            yield f"| {'' if number else f'{chapter.title} '}| {_row(exercise, released)} |"


def _row(exercise: Exercise, released: Released) -> str:
    terms = released.exercises[exercise.slug]
    link = f"[`{exercise.slug}`](exercises/{exercise.slug}/README.md)"
    return f"{link} | {exercise.manifest.title} | {terms.public_points} | {terms.hidden_points}"
