"""Hints, solutions and stubs: what helps a learner who is stuck, or wants to begin again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.toy import GOOD, SLUG, STUB, WHOLE, toy_course

from proctor.catalog import Chapter, Course, Exercise
from proctor.errors import UsageError
from proctor.learner.current import current_exercise, exercise_to_do
from proctor.learner.hints import hint_lines, next_hint
from proctor.learner.progress import Attempt, Progress
from proctor.learner.reset import reset, reset_lines
from proctor.learner.solution import insist_on_a_right, right_answers, solution_lines


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return toy_course(tmp_path, WHOLE)


@pytest.fixture
def exercise(course: Course) -> Exercise:
    return course.exercise(SLUG)


@pytest.fixture
def progress(tmp_path: Path) -> Iterator[Progress]:
    with Progress.of(tmp_path) as progress:
        yield progress


def test_hints_come_one_by_one_and_those_before_stay(exercise: Exercise, progress: Progress) -> None:
    assert list(hint_lines(exercise, next_hint(exercise, progress))) == [
        "Hint 1 of 3: Think about it.",
        "",
        "`nox -s hint -- toy-exercise` shows one more.",
    ]
    second = list(hint_lines(exercise, next_hint(exercise, progress)))
    assert second[0] == "Hint 1 of 3: Think about it."
    assert second[2] == "Hint 2 of 3: Think about two."


def test_after_the_last_hint_there_is_a_way_on(exercise: Exercise, progress: Progress) -> None:
    shown = [next_hint(exercise, progress) for _ in range(5)]
    assert shown == [1, 2, 3, 3, 3]
    assert "--give-up" in list(hint_lines(exercise, 3))[-1]


def test_a_command_is_about_the_place_where_no_exercise_is_named(course: Course, progress: Progress) -> None:
    assert current_exercise(course, progress).slug == SLUG
    progress.place = "an-exercise-that-was-removed"
    assert current_exercise(course, progress).slug == SLUG
    with pytest.raises(UsageError, match="Did you mean `toy-exercise`"):
        current_exercise(course, progress, "toy-exercice")


def test_a_hint_is_about_what_is_still_to_do(course: Course, progress: Progress) -> None:
    (toy,) = course
    twins = replace(course, chapters=(Chapter("Toys", tuple(replace(toy, slug=slug) for slug in ("first", "second"))),))
    progress.place = "first"
    assert exercise_to_do(twins, progress).slug == "first"
    progress.record(Attempt("first", "sha256:1", "sha256:2", 100, 100, ("doubles",)))
    assert exercise_to_do(twins, progress).slug == "second"
    assert exercise_to_do(twins, progress, "first").slug == "first"
    assert current_exercise(twins, progress).slug == "first"
    progress.record(Attempt("second", "sha256:1", "sha256:2", 100, 100, ("doubles",)))
    assert exercise_to_do(twins, progress).slug == "first"


def test_the_solution_waits_until_all_points_were_reached(exercise: Exercise, progress: Progress) -> None:
    progress.record(Attempt(SLUG, "sha256:1", "sha256:2", 60, 100, ()))
    with pytest.raises(UsageError, match="does not have all its points yet"):
        insist_on_a_right(exercise, progress, give_up=False)
    assert not progress.has_given_up(SLUG)
    progress.record(Attempt(SLUG, "sha256:3", "sha256:2", 100, 100, ("doubles",)))
    insist_on_a_right(exercise, progress, give_up=False)
    assert not progress.has_given_up(SLUG)


def test_giving_up_is_remembered(exercise: Exercise, progress: Progress) -> None:
    insist_on_a_right(exercise, progress, give_up=True)
    assert progress.has_given_up(SLUG)
    insist_on_a_right(exercise, progress, give_up=False)


def test_giving_up_after_having_passed_is_none(exercise: Exercise, progress: Progress) -> None:
    progress.record(Attempt(SLUG, "sha256:3", "sha256:2", 100, 100, ("doubles",)))
    insist_on_a_right(exercise, progress, give_up=True)
    assert not progress.has_given_up(SLUG)


def test_the_solution_comes_with_other_right_answers_and_what_makes_them_different(exercise: Exercise) -> None:
    accepted = exercise.solution / "accepted"
    accepted.mkdir()
    (accepted / "adds.py").write_text(f'"""It adds.\n\nTwice."""\n\n{GOOD}', encoding="utf-8")
    assert [(one.name, one.difference) for one in right_answers(exercise)] == [("reference", ""), ("adds", "It adds.")]
    assert list(solution_lines(exercise)) == [
        "solutions/toy-exercise/main.py:",
        "",
        "    def double(number):",
        "        return number * 2",
        "",
        "Other right answers, and what makes them different:",
        "  solutions/toy-exercise/accepted/adds.py",
        "    It adds.",
    ]


def test_a_copy_of_the_course_without_solutions_says_so(exercise: Exercise) -> None:
    (exercise.solution / "main.py").unlink()
    with pytest.raises(UsageError, match="comes without the solution"):
        right_answers(exercise)


def test_reset_puts_the_stub_back_and_keeps_the_work(exercise: Exercise) -> None:
    mine = exercise.folder / "main.py"
    mine.write_bytes(b"work \xff that is no text")
    kept = reset(exercise)
    assert mine.read_text(encoding="utf-8") == STUB
    assert kept is not None
    assert (kept / "main.py").read_bytes() == b"work \xff that is no text"
    assert kept.parent == exercise.root / ".proctor" / "kept"


def test_every_reset_keeps_a_copy_of_its_own(exercise: Exercise) -> None:
    for text in ("first", "second"):
        (exercise.folder / "main.py").write_text(text, encoding="utf-8")
        reset(exercise)
    copies = exercise.root.glob(".proctor/kept/*/main.py")
    assert sorted(path.read_text(encoding="utf-8") for path in copies) == ["first", "second"]


def test_the_copy_is_brought_back_by_the_command_that_is_shown(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(exercise.root)
    (exercise.folder / "main.py").write_text("work", encoding="utf-8")
    *_, last = reset_lines(exercise)
    command, source, target = last.removeprefix("Your work is kept: ").removesuffix(" brings it back.").split()
    assert command == "cp"
    (copy,) = exercise.root.glob(source)
    assert copy.read_text(encoding="utf-8") == "work"
    assert (exercise.root / target).samefile(exercise.folder)


def test_a_stub_needs_no_reset(exercise: Exercise) -> None:
    assert reset(exercise) is None
    assert "nothing to put back" in "".join(reset_lines(exercise))


def test_a_file_that_was_deleted_comes_back(exercise: Exercise) -> None:
    (exercise.folder / "main.py").unlink()
    assert reset(exercise) is None
    assert (exercise.folder / "main.py").read_text(encoding="utf-8") == STUB


def test_without_a_copy_nothing_is_replaced(exercise: Exercise) -> None:
    (exercise.root / ".proctor").write_text("where a folder should be", encoding="utf-8")
    (exercise.folder / "main.py").write_text("work", encoding="utf-8")
    with pytest.raises(UsageError, match="nothing was changed"):
        reset(exercise)
    assert (exercise.folder / "main.py").read_text(encoding="utf-8") == "work"
