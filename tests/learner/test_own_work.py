"""What has not changed is not graded again, and what is remembered is never taken for evidence."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.toy import DOUBLES, GOOD, SLUG, WHOLE, check, grade_toy, toy_course

from proctor.learner.own_work import OwnWork
from proctor.learner.progress import Progress
from proctor.scorecard import Status
from proctor.submission import read_submission

TALKS = "def double(number):\n    print('here I am')\n    return 5\n"
RECALLED = "as graded before: nothing has changed there"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    toy_course(tmp_path, WHOLE)
    return tmp_path


def grade(root: Path, *options: str) -> str:
    """Grade as a learner does; return what is printed."""
    command = [sys.executable, "-P", "-m", "proctor", "grade", *options]
    told = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    assert told.stderr == ""
    return told.stdout


def save(root: Path, text: str) -> None:
    (root / "exercises" / SLUG / "main.py").write_text(text, encoding="utf-8")


def test_the_second_time_the_same_is_shown_at_once(root: Path) -> None:
    save(root, TALKS)
    first, second = grade(root), grade(root)
    assert RECALLED not in first
    assert RECALLED in second
    assert "here I am" in second
    assert first.partition("Next:")[2] == second.partition("Next:")[2]
    assert "(seed" in first
    assert "(seed" not in second


def test_what_was_saved_is_graded_again(root: Path) -> None:
    save(root, TALKS)
    grade(root)
    save(root, GOOD)
    told = grade(root)
    assert RECALLED not in told
    assert "100/100" in told


def test_another_grader_grades_again(root: Path) -> None:
    save(root, TALKS)
    grade(root)
    toy_course(root, check("doubles", 100, DOUBLES, title="It doubles, really"))
    save(root, TALKS)
    told = grade(root)
    assert RECALLED not in told
    assert "It doubles, really" in told


@pytest.mark.parametrize("options", [["--again"], ["--json", "report.json"], ["--junit", "r.xml"], ["--seed", "7"]])
def test_a_report_is_never_made_from_memory(root: Path, options: list[str]) -> None:
    save(root, GOOD)
    grade(root)
    with Progress.of(root) as progress:  # whoever writes into the own memory that all is well
        database = progress._database  # noqa: SLF001 - as anybody could with the sqlite3 tool
        database.execute("UPDATE verdicts SET verdict = replace(verdict, 'passed', 'failed')")
    told = grade(root, *options)
    assert RECALLED not in told
    assert "100/100" in told


def test_somebody_elses_work_is_neither_recalled_nor_remembered(root: Path) -> None:
    save(root, GOOD)
    told = grade(root, "--submission", "exercises")
    assert "100/100" in told
    assert not (root / ".proctor").exists()


def test_under_other_layers_it_is_another_verdict(root: Path) -> None:
    submission = read_submission(toy_course(root, WHOLE).exercise(SLUG), root / "exercises" / SLUG)
    card = grade_toy(root, WHOLE)
    with Progress.of(root) as progress:
        OwnWork(progress, ["process"]).remember(submission, card)
        assert OwnWork(progress, ["process"]).recall(submission) is not None
        assert OwnWork(progress, ["process", "files"]).recall(submission) is None


def test_what_could_not_be_decided_is_tried_again(root: Path) -> None:
    submission = read_submission(toy_course(root, WHOLE).exercise(SLUG), root / "exercises" / SLUG)
    undecided = grade_toy(root, WHOLE).model_copy(update={"status": Status.ERROR, "score": None})
    with Progress.of(root) as progress:
        OwnWork(progress, []).remember(submission, undecided)
        assert OwnWork(progress, []).recall(submission) is None
        assert progress.attempts(SLUG) == []


def test_the_untouched_stub_is_no_attempt(root: Path) -> None:
    grade(root)
    save(root, GOOD)
    grade(root)
    with Progress.of(root) as progress:
        assert [attempt.score for attempt in progress.attempts(SLUG)] == [100]


def test_a_verdict_in_another_form_is_not_recalled(root: Path) -> None:
    submission = read_submission(toy_course(root, WHOLE).exercise(SLUG), root / "exercises" / SLUG)
    card = grade_toy(root, WHOLE)
    with Progress.of(root) as progress:
        OwnWork(progress, []).remember(submission, card)
        progress._database.execute("UPDATE verdicts SET verdict = '{}'")  # noqa: SLF001 - what another Proctor wrote
        assert OwnWork(progress, []).recall(submission) is None


def test_a_file_that_is_not_handed_in_is_noticed_though_nothing_else_has_changed(root: Path) -> None:
    folder = root / "exercises" / SLUG
    submission = read_submission(toy_course(root, WHOLE).exercise(SLUG), folder)
    with Progress.of(root) as progress:
        OwnWork(progress, []).remember(submission, grade_toy(root, WHOLE))
        recalled = OwnWork(progress, []).recall(replace(submission, strays=("helper.py",)))
        assert recalled is not None
        assert "helper.py is not handed in" in recalled.notes[0]


def test_a_memory_that_was_damaged_is_told_on_the_board(root: Path) -> None:
    (root / ".proctor").mkdir()
    (root / ".proctor" / "progress.sqlite3").write_bytes(b"not a database" * 1000)
    assert "It was set aside as `progress-damaged-" in grade(root)
