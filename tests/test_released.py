"""A released course: public checks alone are graded, what is hidden is told, and a change of the checks is refused."""

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console
from tests.released_course import PUBLIC, released_course
from tests.toy import DOUBLES, GOOD, SLUG, STUB, WHOLE, check, toy_course
from typer.main import get_command

from proctor.board import Board
from proctor.catalog import Course, load_course
from proctor.cli.app import app
from proctor.errors import CourseError, UsageError
from proctor.grade import Task, find_first_failures, grade
from proctor.released import insist_on_all_checks, path_of_released, read_released
from proctor.scorecard import Hidden, Report, Scorecard, Status
from proctor.submission import read_submission
from proctor.terminal import Terminal

SCHEMA = Path(__file__).parents[1] / "docs" / "report.schema.json"


def task(course: Course, text: str = GOOD) -> Task:
    """Return what is to be graded for somebody who has written this text."""
    exercise = course.exercise(SLUG)
    (exercise.folder / "main.py").write_text(text, encoding="utf-8")
    return Task(SLUG, read_submission(exercise, exercise.folder))


def graded(course: Course, text: str = GOOD) -> Scorecard:
    """Grade somebody who has written this text."""
    (card,) = grade([task(course, text)])
    return card


def report(*cards: Scorecard) -> Report:
    return Report(proctor="0", seed=7, isolation=("separate process",), scorecards=cards)


def board(course: Course, card: Scorecard) -> str:
    out = io.StringIO()
    Board(course, course.root / "exercises", Terminal(Console(file=out, width=100))).show(report(card))
    return out.getvalue()


def change_manifest(root: Path, *place: str | int, value: Any) -> None:
    """Write another value at a place of the manifest."""
    path = path_of_released(root)
    document = entry = json.loads(path.read_text(encoding="utf-8"))
    for name in place[:-1]:
        entry = entry[name]
    entry[place[-1]] = value
    path.write_text(json.dumps(document), encoding="utf-8")


# The manifest


def test_the_course_of_a_teacher_is_not_released(tmp_path: Path) -> None:
    course = toy_course(tmp_path, WHOLE)
    assert read_released(tmp_path) is None
    assert (course.released, course.exercise(SLUG).released, course.exercise(SLUG).max_score) == (None, None, 100)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    course = released_course(tmp_path)
    text = path_of_released(tmp_path).read_text(encoding="utf-8")
    assert json.loads(text)["schema"] == "proctor/released/v1"
    assert course.released is not None
    assert course.released.to_json() == text
    assert course.exercise(SLUG).released == course.released.exercises[SLUG]


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("schema",), "proctor/released/v2", "schema: Input should be 'proctor/released/v1'"),
        (("salt",), "5e", "salt: Extra inputs are not permitted"),
        (
            ("exercises", SLUG, "hidden_points"),
            60,
            f"exercises.{SLUG}: Value error, 25 public and 60 hidden points are",
        ),
        (("exercises", SLUG, "hidden_checks"), 0, f"exercises.{SLUG}: Value error, 0 hidden checks cannot be worth 75"),
        (("exercises", SLUG, "commitment"), "sealed", f"exercises.{SLUG}.commitment: String should match"),
        (
            ("exercises", SLUG, "public", 0, "points"),
            "25",
            f"exercises.{SLUG}.public.0.points: Input should be a valid",
        ),
        (("exercises", SLUG, "public", 0, "id"), "A check", f"exercises.{SLUG}.public.0.id: String should match"),
    ],
)
def test_a_malformed_manifest_is_told_with_file_and_field(
    place: tuple[str | int, ...], value: object, told: str, tmp_path: Path
) -> None:
    released_course(tmp_path)
    change_manifest(tmp_path, *place, value=value)
    with pytest.raises(CourseError) as raised:
        load_course(tmp_path)
    assert str(path_of_released(tmp_path)) in str(raised.value)
    assert told in str(raised.value)


def test_two_checks_of_one_name_are_refused(tmp_path: Path) -> None:
    released_course(tmp_path)
    twice = [{"id": "doubles", "points": 10}, {"id": "doubles", "points": 15}]
    change_manifest(tmp_path, "exercises", SLUG, "public", value=twice)
    with pytest.raises(CourseError, match="two public checks have the same id"):
        load_course(tmp_path)


def test_a_manifest_that_is_no_json_is_told(tmp_path: Path) -> None:
    released_course(tmp_path)
    path_of_released(tmp_path).write_text("{", encoding="utf-8")
    with pytest.raises(CourseError, match=r"manifest\.json` cannot be read"):
        load_course(tmp_path)


def test_an_exercise_that_the_manifest_does_not_know_is_refused(tmp_path: Path) -> None:
    released_course(tmp_path)
    change_manifest(tmp_path, "exercises", value={})
    with pytest.raises(CourseError, match=f"says nothing of `{SLUG}`"):
        load_course(tmp_path)


# What is graded


def test_all_public_points_are_all_that_can_be_reached(tmp_path: Path) -> None:
    card = graded(released_course(tmp_path))
    assert (card.status, card.score, card.max_score) == (Status.GRADED, 25, 25)
    assert card.hidden == Hidden(checks=3, points=75)
    assert report(card).exit_code == 0


def test_a_lost_point_is_a_lost_point_and_names_no_mistake(tmp_path: Path) -> None:
    card = graded(released_course(tmp_path), "def double(number):\n    return number + 1\n")
    assert (card.status, card.score, card.max_score) == (Status.GRADED, 0, 25)
    assert [check.mistake for check in card.checks] == [""]
    assert report(card).exit_code == 1


def test_the_document_tells_what_is_hidden_and_satisfies_the_published_schema(tmp_path: Path) -> None:
    text = report(graded(released_course(tmp_path))).to_json()
    jsonschema.validate(json.loads(text), json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert json.loads(text)["scorecards"][0]["hidden"] == {"checks": 3, "points": 75}
    assert Report.model_validate_json(text).to_json() == text


def test_the_document_of_a_teacher_has_nothing_of_it(tmp_path: Path) -> None:
    card = graded(toy_course(tmp_path, WHOLE))
    assert "hidden" not in json.loads(report(card).to_json())["scorecards"][0]


@pytest.mark.parametrize(
    ("grader", "public", "told"),
    [
        (PUBLIC, {"doubles": 30}, "`doubles` is worth 25 points and not 30"),
        (PUBLIC, {"doubles": 25, "more": 5}, "`more` is missing"),
        (PUBLIC + check("gift", 5, DOUBLES), {"doubles": 25}, "`gift` was not released"),
        (check("doubles", 100, DOUBLES), {"doubles": 25}, "`doubles` is worth 100 points and not 25"),
    ],
)
def test_other_checks_than_the_released_ones_grade_nothing(
    grader: str, public: dict[str, int], told: str, tmp_path: Path
) -> None:
    card = graded(released_course(tmp_path, grader, public))
    assert (card.status, card.score) == (Status.ERROR, None)
    assert told in card.message
    assert "`git restore graders` undoes it" in card.message
    assert report(card).exit_code == 3


def test_another_manifest_is_another_grader(tmp_path: Path) -> None:
    before = released_course(tmp_path).exercise(SLUG).graders_digest
    assert released_course(tmp_path, hidden_checks=4).exercise(SLUG).graders_digest != before


# Where all checks are hidden


def test_an_exercise_without_a_public_check_is_not_available_and_no_error(tmp_path: Path) -> None:
    card = graded(released_course(tmp_path, ""))
    assert (card.status, card.score, card.max_score, card.checks) == (Status.UNAVAILABLE, None, 0, ())
    assert card.message == "all checks of this exercise are hidden: your teacher grades it, for 100 points"
    assert report(card).exit_code == 0


def test_it_changes_nothing_about_others(tmp_path: Path) -> None:
    hidden = graded(released_course(tmp_path / "hidden", ""))
    assert report(hidden, graded(released_course(tmp_path / "lost"), STUB)).exit_code == 1


def test_nobody_waits_for_checks_that_are_not_there(tmp_path: Path) -> None:
    failures = find_first_failures([task(released_course(tmp_path, ""))])
    assert failures[SLUG].undecided.startswith("all checks of this exercise are hidden")


# What is shown


def test_the_board_says_that_it_is_provisional(tmp_path: Path) -> None:
    course = released_course(tmp_path)
    shown = board(course, graded(course))
    assert f"  {SLUG:<28}     25/25  public part done\n" in shown
    assert "25 of 25 public points, 1 of 1 checks passed" in shown
    assert "This is provisional: 75 more points are graded by your teacher.\n" in shown
    assert "Next:" not in shown


def test_the_board_of_a_teacher_is_as_ever(tmp_path: Path) -> None:
    course = toy_course(tmp_path, WHOLE)
    shown = board(course, graded(course))
    assert "100 of 100 points" in shown
    assert "provisional" not in shown


def test_what_comes_next_says_what_can_be_reached_here(tmp_path: Path) -> None:
    course = released_course(tmp_path)
    assert "  here  25 public points; 75 more points are graded by your teacher\n" in board(
        course, graded(course, STUB)
    )


def test_the_board_says_who_grades_an_exercise_without_a_public_check(tmp_path: Path) -> None:
    course = released_course(tmp_path, "")
    shown = board(course, graded(course))
    assert "graded by your teacher\n" in shown
    assert "0 of 0 public points, 0 of 0 checks passed" in shown
    assert "Next:" not in shown


# What teachers do


def test_what_takes_all_checks_is_refused_in_a_released_course(tmp_path: Path) -> None:
    released_course(tmp_path)
    with pytest.raises(UsageError, match=r"this is a released course .*: a class is graded in the teacher's course"):
        insist_on_all_checks(tmp_path, "a class is graded")


def test_and_goes_on_in_the_course_of_a_teacher(tmp_path: Path) -> None:
    toy_course(tmp_path, WHOLE)
    insist_on_all_checks(tmp_path, "a class is graded")


@pytest.mark.parametrize(
    "command",
    [
        ["verify"],
        ["new", "quotes-once"],
        ["classroom", "submissions"],
        ["actions", "plan"],
        ["release", "../students"],
        ["reveal", "--key", "key.json", "--out", "../revealed"],
    ],
    ids=lambda command: command[0],
)
def test_commands_of_teachers_say_where_they_belong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    root = released_course(tmp_path / "course").root
    monkeypatch.chdir(root)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match=r"released course .* in the teacher's course"):
        get_command(app).main(command, standalone_mode=False)
    assert sorted(tmp_path.rglob("*")) == before
