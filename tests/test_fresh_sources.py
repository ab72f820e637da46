"""What a grader says now decides, whatever was compiled before."""

import os
from pathlib import Path

import pytest
from tests.toy import GOOD, SLUG, check, toy_course

from proctor.catalog import Exercise, load_course
from proctor.grade import Task, grade
from proctor.isolation.protection import BARE
from proctor.submission import Submission

DOUBLES = 'expect("twice", await stage.call("double", 2) + extra()).equals(4)'
GRADER = "from shared_checks import extra\n" + check("doubles", 100, DOUBLES)


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    shared = tmp_path / "graders" / "shared_checks" / "__init__.py"
    shared.parent.mkdir(parents=True)
    shared.write_text("def extra() -> int:\n    return 0\n", encoding="utf-8")
    return toy_course(tmp_path, GRADER).exercise(SLUG)


def score(exercise: Exercise, root: Path | None = None) -> int | None:
    """Grade the right answer with the grader as it is. ``root`` is another way to the course."""
    fresh = load_course(root or exercise.root).exercise(SLUG)
    (card,) = grade([Task(SLUG, Submission(fresh, {"main.py": GOOD.encode()}, "sha256:0"))], protection=BARE)
    return card.score


@pytest.mark.parametrize(
    ("where", "old", "new"),
    [(f"{SLUG}/test_toy.py", "equals(4)", "equals(5)"), ("shared_checks/__init__.py", "return 0", "return 1")],
)
def test_a_change_of_the_same_length_in_the_same_second_counts(
    exercise: Exercise, where: str, old: str, new: str
) -> None:
    assert score(exercise) == 100
    changed = exercise.root / "graders" / where
    saved = changed.stat()
    changed.write_text(changed.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    os.utime(changed, ns=(saved.st_atime_ns, saved.st_mtime_ns))
    assert score(exercise) == 0


@pytest.mark.parametrize("way", ["", "exercises/.."])
def test_grading_leaves_no_bytecode_beside_graders(exercise: Exercise, way: str) -> None:
    assert score(exercise, exercise.root / way) == 100
    assert not list(exercise.root.rglob("__pycache__"))
