"""Reports of a released course say that there are more checks; an exercise without a public one is no error."""

from pathlib import Path
from xml.etree import ElementTree as ET

from tests.released_course import PUBLIC, released_course
from tests.toy import GOOD, SLUG

from proctor.grade import Task, grade
from proctor.reports.excerpt import excerpts_of, total_of
from proctor.reports.junit import to_junit
from proctor.reports.reader import Reader
from proctor.scorecard import Report
from proctor.submission import read_submission


def report_of(root: Path, grader: str = PUBLIC) -> Report:
    """Grade a right answer in a released course."""
    course = released_course(root, grader)
    exercise = course.exercise(SLUG)
    (exercise.folder / "main.py").write_text(GOOD, encoding="utf-8")
    cards = grade([Task(SLUG, read_submission(exercise, exercise.folder))])
    return Report(proctor="0", seed=7, isolation=("separate process",), scorecards=tuple(cards))


def test_points_are_public_points(tmp_path: Path) -> None:
    assert str(total_of(excerpts_of(report_of(tmp_path), Reader.TEACHER))) == "25 of 25 public points"


def test_junit_counts_the_checks_that_are_not_here(tmp_path: Path) -> None:
    root = ET.fromstring(to_junit(report_of(tmp_path)))
    named = {one.get("name"): one.get("value") for one in root.iter("property")}
    assert named["hidden_checks_left_out"] == "3"


def test_an_exercise_without_a_public_check_is_skipped_even_alone(tmp_path: Path) -> None:
    report = report_of(tmp_path, grader="")
    root = ET.fromstring(to_junit(report))
    assert (root.get("errors"), root.get("skipped")) == ("0", "1")
    (excerpt,) = excerpts_of(report, Reader.TEACHER)
    assert (excerpt.score, excerpt.max_score) == (0, 0)
    assert excerpt.message == "all checks of this exercise are hidden: your teacher grades it, for 100 points"
