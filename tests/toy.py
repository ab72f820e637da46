"""A course of one exercise, written into a folder for one test."""

from pathlib import Path

from proctor.catalog import Course, load_course
from proctor.grade import Task, grade
from proctor.isolation.protection import Protection
from proctor.scorecard import Scorecard
from proctor.submission import read_submission

__all__ = ["DOUBLES", "GOOD", "SLUG", "STUB", "WHOLE", "check", "grade_toy", "toy_course"]

SLUG = "toy-exercise"

MANIFEST = """
title = "Toy"
summary = "An exercise for the tests of Proctor."
level = 1
minutes = 5
topics = ["toys"]
files = ["main.py"]
interface = ["double"]
stage = "{stage}"
hints = ["Think about it.", "Think about two.", "Return number * 2."]
docs = ["https://docs.python.org/3/"]
"""

PREAMBLE = """
import pytest
from proctor.checks import Stage, expect
from proctor.errors import StageLost
"""

STUB = "def double(number):\n    return None  # TODO\n"
GOOD = "def double(number):\n    return number * 2\n"


def check(name: str, points: int, *lines: str, title: str = "It doubles", marks: str = "") -> str:
    """Return the source of one check."""
    body = "\n".join(f"    {line}" for line in lines)
    return (
        f'\n{marks}\n@pytest.mark.points({points})\nasync def test_{name}(stage: Stage):\n    """{title}"""\n{body}\n'
    )


DOUBLES = 'expect("double(2)", await stage.call("double", 2)).equals(4)'
WHOLE = check("doubles", 100, DOUBLES)


def toy_course(root: Path, grader: str, mistakes: str = "", stage: str = "plain") -> Course:
    """Write a course below ``root`` whose one grader has this source, and load it."""
    files = {
        "exercises/course.toml": f'title = "Toys"\n[[chapters]]\ntitle = "Toys"\nexercises = ["{SLUG}"]\n',
        f"exercises/{SLUG}/exercise.toml": MANIFEST.format(stage=stage),
        f"exercises/{SLUG}/main.py": STUB,
        f"exercises/{SLUG}/.stub/main.py": STUB,
        f"solutions/{SLUG}/main.py": GOOD,
        f"graders/{SLUG}/test_toy.py": PREAMBLE + grader,
        f"graders/{SLUG}/mistakes.toml": mistakes,
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return load_course(root)


def grade_toy(
    root: Path,
    grader: str,
    submission: str = GOOD,
    mistakes: str = "",
    stage: str = "plain",
    protection: Protection | None = None,
) -> Scorecard:
    """Grade one submission with one grader."""
    exercise = toy_course(root, grader, mistakes, stage).exercise(SLUG)
    folder = root / "submitted"
    folder.mkdir()
    (folder / "main.py").write_text(submission, encoding="utf-8")
    (card,) = grade([Task(SLUG, read_submission(exercise, folder))], protection=protection)
    return card
