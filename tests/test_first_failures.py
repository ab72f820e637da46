"""Whether any check fails: no check runs after the first that does, and what is not known is not called passed."""

from pathlib import Path

import pytest
from tests.toy import DOUBLES, GOOD, SLUG, check, toy_course

from proctor.catalog import load_course
from proctor.grade import FirstFailure, Grader, Task
from proctor.isolation.protection import BARE
from proctor.lanes import Lanes
from proctor.submission import Submission
from proctor.verdict import Verdict

NOTHING = check("nothing", 50, 'expect("double(0)", await stage.call("double", 0)).equals(0)')
THREE = NOTHING + check("doubles", 25, DOUBLES) + check("doubles_again", 25, DOUBLES)
ANSWERS = {
    "right": GOOD,
    "adds": "def double(number):\n    return number + 1\n",
    "squares": "def double(number):\n    return number**3\n",
    "cannot be loaded": "def double(\n",
}


def find(root: Path, grader: str, *names: str) -> tuple[dict[str, FirstFailure], list[Verdict]]:
    """Look for first failures in one lane; return them, and every verdict on the way."""
    exercise = toy_course(root, grader).exercise(SLUG)
    tasks = [Task(name, Submission(exercise, {"main.py": ANSWERS[name].encode()}, "sha256:0")) for name in names]
    heard: list[Verdict] = []
    with Lanes(BARE, 1) as lanes:
        lanes.collect(root, [SLUG])
        found = Grader(lanes).find_first_failures(tasks, progress=lambda verdict, _total: heard.append(verdict))
    return found, heard


def test_no_check_runs_after_the_first_that_fails(tmp_path: Path) -> None:
    found, heard = find(tmp_path, THREE, "squares", "adds", "right", "cannot be loaded")
    assert found == {
        "squares": FirstFailure(("doubles",)),
        "adds": FirstFailure(("nothing",)),
        "right": FirstFailure(),
        "cannot be loaded": FirstFailure(("nothing",)),
    }
    assert [verdict.job for verdict in heard] == ["squares"] * 2 + ["adds"] + ["right"] * 3 + ["cannot be loaded"]


def test_what_could_not_be_decided_has_not_passed(tmp_path: Path) -> None:
    found, heard = find(tmp_path, NOTHING + check("gone", 50, 'raise StageLost("the cable is out")'), "right")
    assert "the cable is out" in found["right"].undecided
    assert len(heard) == 3, "it is tried again, once"


def test_a_failure_decides_whatever_else_is_not_known(tmp_path: Path) -> None:
    found, _ = find(tmp_path, check("gone", 50, 'raise StageLost("the cable is out")') + NOTHING, "adds")
    assert found == {"adds": FirstFailure(("nothing",))}


@pytest.mark.parametrize("grader", ["", "\nimport absent\n" + NOTHING])
def test_without_a_check_nothing_is_known(tmp_path: Path, grader: str) -> None:
    found, _ = find(tmp_path, grader, "right")
    assert found["right"].undecided


def test_exercises_follow_one_another(tmp_path: Path) -> None:
    toy_course(tmp_path, THREE)
    other = tmp_path / "other"
    toy_course(other, NOTHING)
    for room in ("exercises", "solutions", "graders"):
        (other / room / SLUG).rename(tmp_path / room / "second")
    (tmp_path / "exercises/course.toml").write_text(
        f'title = "Toys"\n[[chapters]]\ntitle = "Toys"\nexercises = ["{SLUG}", "second"]\n', encoding="utf-8"
    )
    exercises = list(load_course(tmp_path))
    tasks = [
        Task(f"{exercise.slug}/{name}", Submission(exercise, {"main.py": ANSWERS[name].encode()}, "sha256:0"))
        for name in ("adds", "squares")
        for exercise in exercises
    ]
    with Lanes(BARE, 1) as lanes:
        lanes.collect(tmp_path, [exercise.slug for exercise in exercises])
        found = Grader(lanes).find_first_failures(tasks)
    assert {key: failure.checks for key, failure in found.items()} == {
        f"{SLUG}/adds": ("nothing",),
        "second/adds": ("nothing",),
        f"{SLUG}/squares": ("doubles",),
        "second/squares": (),
    }
