"""The autograder for Classroom 50, run as its runner does it, on work of every kind."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
from tests.adapters.classroom50_runner import AUTOGRADER, TOKEN, Published, run_autograder
from tests.reports.actions_runner import commands_in
from tests.toy import DOUBLES, GOOD, SLUG, STUB, check, toy_course

MARK = "@pytest.mark.public"
CHECKS = check("doubles", 25, DOUBLES, marks=MARK) + check("doubles_again", 15, DOUBLES, marks=MARK)
BROKEN = "def double(number:\n"


@pytest.fixture(scope="module")
def autograder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("autograder", AUTOGRADER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Job:
    """A bundle with a released course, and the checkout of a student."""

    def __init__(self, folder: Path, grader: str = CHECKS) -> None:
        self.bundle, self.checkout, self.temporary = folder / "bundle", folder / "checkout", folder / "temporary"
        self.course = self.bundle / "course"
        toy_course(self.course, grader)
        exercise = {
            "public": [{"id": "doubles", "points": 25}, {"id": "doubles_again", "points": 15}],
            "hidden_checks": 3,
            "hidden_points": 60,
            "commitment": "0" * 64,
        }
        manifest = {"schema": "proctor/released/v1", "title": "Toys", "exercises": {SLUG: exercise}}
        (self.course / "graders" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        self.temporary.mkdir()
        self.checkout.mkdir()

    def hand_in(self, source: str) -> None:
        """Put a file where students have it."""
        folder = self.checkout / "exercises" / SLUG
        folder.mkdir(parents=True)
        (folder / "main.py").write_text(source, encoding="utf-8")

    def run(self, **variables: str) -> Published:
        """Grade it."""
        return run_autograder(self.checkout, self.bundle, self.temporary, **variables)


@pytest.mark.parametrize(
    ("source", "status", "score"),
    [(GOOD, "success", 40), (STUB, "failure", 0), (BROKEN, "failure", 0)],
    ids=["right", "stub", "broken"],
)
def test_work_is_published_with_its_public_points(tmp_path: Path, source: str, status: str, score: int) -> None:
    job = Job(tmp_path)
    job.hand_in(source)
    published = job.run()
    assert (published.status, published.result["score"], published.result["max-score"]) == (status, score, 40)
    assert [test["test-name"] for test in published.result["tests"]] == ["doubles", "doubles_again"]
    assert sorted(path.name for path in job.checkout.iterdir() if path.name != "exercises") == ["result.json"]


def test_our_fault_is_published_as_an_error_and_never_as_points(tmp_path: Path) -> None:
    job = Job(tmp_path, check("doubles", 40, 'raise StageLost("::error::it is gone ##[error]x")', marks=MARK))
    job.hand_in(GOOD)
    published = job.run()
    assert (published.status, published.result["tests"]) == ("error", [])
    assert "not graded, and no points are lost" in published.log
    assert commands_in(published.log) == []
    assert not (job.checkout / "result.json").exists()


def test_a_job_that_does_not_say_whose_work_it_is_publishes_nothing(tmp_path: Path) -> None:
    job = Job(tmp_path)
    job.hand_in(GOOD)
    published = job.run(COMMIT_URL="")
    assert published.status == "error"
    assert "`COMMIT_URL` is not set" in published.log


def test_a_course_with_hidden_checks_in_it_is_not_graded_with(tmp_path: Path) -> None:
    job = Job(tmp_path)
    job.hand_in(GOOD)
    (job.course / "graders" / "manifest.json").unlink()
    published = job.run()
    assert published.status == "error"
    assert "is no released course" in published.log


def test_files_of_a_student_are_neither_run_nor_followed(tmp_path: Path) -> None:
    job = Job(tmp_path)
    job.hand_in(STUB)
    for name in ("subprocess.py", "typer.py", "sitecustomize.py"):
        (job.checkout / name).write_text("raise SystemExit('run')\n", encoding="utf-8")
    (job.checkout / "result.json").symlink_to(tmp_path / "elsewhere")
    published = job.run()
    assert (published.status, published.result["score"]) == ("failure", 0)
    assert not (tmp_path / "elsewhere").exists()


def test_where_no_work_is_nothing_is_graded_as_missing(tmp_path: Path) -> None:
    job = Job(tmp_path)
    (job.checkout / "exercises").symlink_to(job.course / "solutions")  # a link is not followed
    published = job.run()
    assert (published.status, published.result["score"]) == ("failure", 0)
    assert "main.py is missing" in published.result["tests"][0]["message"]


def test_an_assignment_grades_the_exercise_that_is_called_so_or_all(autograder: ModuleType, tmp_path: Path) -> None:
    course = toy_course(tmp_path, CHECKS).root
    assert autograder.exercises_of(course, SLUG) == [SLUG]
    assert autograder.exercises_of(course, "week-1") == []
    assert autograder.exercises_of(course, "../exercises") == []


def test_no_token_and_no_file_of_the_job_is_passed_on(autograder: ModuleType) -> None:
    given = {"PATH": "/bin", "PIP_INDEX_URL": "x", "OWNER": "alice", "GITHUB_TOKEN": TOKEN, "GITHUB_OUTPUT": "/o"}
    assert sorted(autograder.needed(given)) == ["OWNER", "PATH", "PIP_INDEX_URL"]


def test_what_is_printed_commands_nothing(autograder: ModuleType) -> None:
    said = autograder.harmless("::error::x\n  ::add-mask::1\rfoo ##[error]x\x85::stop-commands::y")
    assert commands_in(said) == []
    assert commands_in("::error::x")


def test_the_time_limits_fit_into_the_job(autograder: ModuleType) -> None:
    parts = [getattr(autograder, f"{name}_SECONDS") for name in ("VENV", "INSTALL", "GRADE", "REPORT")]
    assert sum(parts) < 15 * 60
