"""A teacher's course that can be released: one exercise with a public check and a hidden one, and a root around it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console
from tests.toy import PREAMBLE, check
from tests.verify.test_audit import SLUG, answer, write_course

from proctor.catalog import Course, load_course
from proctor.release.command import Wish, release
from proctor.terminal import Terminal

__all__ = ["GRADER", "HIDDEN_LINE", "REFERENCE_LINES", "SLUG", "Release", "copied", "make_course", "release_course"]

REFERENCE_LINES = ("numbers_to_be_added = [number, number]", "sum_of_the_numbers = sum(numbers_to_be_added)")
REFERENCE = answer("It adds up.", "sum_of_the_numbers").replace(
    "    return", "".join(f"    {line}\n" for line in REFERENCE_LINES) + "    return"
)
HIDDEN_LINE = 'expect("twice nothing at all", await stage.call("double", 0)).equals(0)'
GRADER = (
    PREAMBLE
    + check("doubles", 60, 'expect("double(3)", await stage.call("double", 3)).equals(6)', marks="@pytest.mark.public")
    + check("doubles_nothing", 40, HIDDEN_LINE, title="Twice nothing is nothing")
)

ROOT = {
    "noxfile.py": '"""Sessions."""\n',
    "pyproject.toml": '[project]\nname = "toy"\nversion = "1"\n',
    "requirements.lock": "pytest==9.0\n",
    "LICENSE": "Do as you like.\n",
    ".gitignore": ".nox/\n",
    "docs/learner.md": "# Working through the course\n",
    "docs/authoring.md": "# Not for learners\n",
    "src/proctor/__init__.py": '"""The engine of a toy."""\n',
    "src/proctor/notes.txt": "No kind of file that an engine is made of.\n",
    "tests/test_nothing.py": "\n",
}


@dataclass(frozen=True)
class Release:
    """A course, the tree that was made of it, and the key."""

    course: Course
    tree: Path
    key: Path


def make_course(root: Path) -> Course:
    """Write a course with which nothing is wrong, and load it."""
    write_course(root, SLUG)
    files = {**ROOT, f"solutions/{SLUG}/main.py": REFERENCE, f"graders/{SLUG}/test_toy.py": GRADER}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return load_course(root)


def release_course(course: Course, out: Path, key: Path | None = None) -> Release:
    """Release a course into a folder, as the command does."""
    wish = Wish(out, key)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course.root)
        release(wish, Terminal(Console(quiet=True)))
    return Release(course, out, wish.key_path)


def copied(made: Release, folder: Path) -> Release:
    """Copy course and tree, so that a test can change them."""
    course = load_course(shutil.copytree(made.course.root, folder / "course"))
    return Release(course, shutil.copytree(made.tree, folder / "students"), made.key)
