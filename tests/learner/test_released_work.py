"""A learner works in a released course: it says what is here, and what is the teacher's."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.learner.window import Window
from tests.released_course import released_course
from tests.toy import GOOD, SLUG, STUB

from proctor.catalog import Course, Exercise
from proctor.errors import UsageError
from proctor.learner.debug import Wish, debug
from proctor.learner.doctor.course import examine_course
from proctor.learner.doctor.finding import Kind
from proctor.learner.hints import hint_lines
from proctor.learner.progress import Progress
from proctor.learner.reset import reset_lines
from proctor.learner.serve import import_path
from proctor.learner.solution import insist_on_a_right
from proctor.released import path_of_released

PROCTOR = [sys.executable, "-P", "-m", "proctor"]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return released_course(tmp_path)


@pytest.fixture
def exercise(course: Course) -> Exercise:
    return course.exercise(SLUG)


@pytest.fixture
def progress(tmp_path: Path) -> Iterator[Progress]:
    with Progress.of(tmp_path) as progress:
        yield progress


def save(course: Course, text: str) -> None:
    (course.exercise(SLUG).folder / "main.py").write_text(text, encoding="utf-8")


def told(course: Course, *command: str) -> tuple[int, str]:
    """Run a command of Proctor; return its exit code, and what it has printed."""
    run = subprocess.run([*PROCTOR, *command], check=False, cwd=course.root, capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


def test_all_public_points_end_well_and_are_remembered(course: Course) -> None:
    save(course, GOOD)
    for is_remembered in (False, True):
        code, text = told(course, "grade")
        assert code == 0, text
        assert "25 of 25 public points" in text
        assert "75 more points are graded by your teacher" in text
        assert ("as graded before" in text) is is_remembered


def test_an_exercise_without_a_public_check_costs_nothing(tmp_path: Path) -> None:
    code, text = told(released_course(tmp_path, ""), "grade")
    assert code == 0, text
    assert "graded by your teacher" in text


def test_the_solution_is_the_teachers(exercise: Exercise, progress: Progress) -> None:
    for give_up in (False, True):
        with pytest.raises(UsageError, match="this is a released course, which comes without solutions"):
            insist_on_a_right(exercise, progress, give_up=give_up)
    assert not progress.has_given_up(SLUG)


def test_a_solution_that_has_followed_is_shown(exercise: Exercise, progress: Progress) -> None:
    exercise.solution.mkdir(parents=True)
    (exercise.solution / "main.py").write_text(GOOD, encoding="utf-8")
    insist_on_a_right(exercise, progress, give_up=True)
    assert progress.has_given_up(SLUG)
    assert "--give-up" in list(hint_lines(exercise, 3))[-1]


def test_after_the_last_hint_nobody_is_sent_to_a_solution_that_is_not_here(exercise: Exercise) -> None:
    assert list(hint_lines(exercise, 3))[-1] == "These are all. The solution is your teacher's."


def test_the_reference_is_not_served(exercise: Exercise) -> None:
    assert import_path(exercise) == [exercise.folder]
    with pytest.raises(UsageError, match="a released course comes without solutions: leave out `--solution`"):
        import_path(exercise, solution=True)


def test_the_stub_is_put_back(course: Course, exercise: Exercise) -> None:
    save(course, GOOD)
    assert "is back in main.py" in "\n".join(reset_lines(exercise))
    assert (exercise.folder / "main.py").read_text(encoding="utf-8") == STUB


def test_a_hidden_check_cannot_be_debugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(released_course(tmp_path, "").root)
    with pytest.raises(UsageError, match=f"all checks of `{SLUG}` are hidden"):
        debug(Wish(SLUG))


def test_the_doctor_says_that_it_is_a_released_course(course: Course) -> None:
    findings = list(examine_course(course.root).findings)
    assert not [one for one in findings if one.kind is Kind.PROBLEM]
    assert (
        "it is a released course: public checks only (1 of them, worth 25 points); "
        "3 hidden ones, worth 75 points, are graded by your teacher"
    ) in [one.text for one in findings]


def test_the_doctor_misses_no_checks_where_all_are_hidden(tmp_path: Path) -> None:
    findings = examine_course(released_course(tmp_path, "").root).findings
    assert not [one for one in findings if one.kind is Kind.PROBLEM]


def test_the_doctor_finds_a_manifest_that_cannot_be_read(course: Course) -> None:
    path_of_released(course.root).write_text("{", encoding="utf-8")
    problems = [one.text for one in examine_course(course.root).findings if one.kind is Kind.PROBLEM]
    assert str(path_of_released(course.root)) in problems[0]


def test_the_watch_tells_public_points_and_offers_no_solution(course: Course) -> None:
    with Window([*PROCTOR, "watch"], course.root) as window:
        window.wait_for("Not started: 0/25 public points", "here  25 public points; 75 more points are graded")
        save(course, GOOD)
        shown = window.wait_for(
            "Done: 25/25 public points, 1 of 1 checks passed",
            "It was the last one",
            "here  25 public points; 75 more points are graded by your teacher",
            "1 of 1 exercises done, 25 of 25 public points",
        )
        assert "solution" not in shown
        window.press("s")
        window.wait_for("A released course comes without solutions")
        window.press("q")
        assert window.wait_for_end() == 0


def test_the_watch_waits_for_nothing_where_all_checks_are_hidden(tmp_path: Path) -> None:
    course = released_course(tmp_path, "")
    with Window([*PROCTOR, "watch"], course.root) as window:
        window.wait_for("Nothing to check here.", "all checks of this exercise are hidden")
        window.press("l")
        window.wait_for(f"> {SLUG}", "graded by your teacher")
        window.press("q")
        window.wait_for("Nothing to check here.")
        window.press("q")
        assert window.wait_for_end() == 0
