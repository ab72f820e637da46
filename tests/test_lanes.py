"""Lanes stay warm, take work as it comes, and lose nothing when one of them ends."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.toy import DOUBLES, GOOD, SLUG, WHOLE, check, toy_course

from proctor.catalog import load_course
from proctor.grade import Grader, Task
from proctor.isolation.protection import BARE
from proctor.lanes import Done, Lanes
from proctor.scorecard import Outcome, Status
from proctor.submission import Submission

WRONG = b"def double(number):\n    return number + 1\n"


@pytest.fixture
def submission(tmp_path: Path) -> Submission:
    """Return a right answer to the toy exercise."""
    toy_course(tmp_path, WHOLE)
    return Submission(load_course(tmp_path).exercise(SLUG), {"main.py": GOOD.encode()}, "sha256:0")


@pytest.fixture
def lanes(submission: Submission) -> Iterator[Lanes]:
    """Return lanes that have collected the toy exercise."""
    with Lanes(BARE) as started:
        started.collect(submission.exercise.root, [SLUG])
        yield started


def wrong(submission: Submission) -> Submission:
    return replace(submission, files={"main.py": WRONG})


def test_scorecards_come_in_the_order_of_the_tasks(lanes: Lanes, submission: Submission) -> None:
    tasks = [Task(str(number), wrong(submission) if number % 3 else submission) for number in range(12)]
    scores = [card.score for card in Grader(lanes).grade_all(tasks)]
    assert scores == [0 if number % 3 else 100 for number in range(12)]


def test_a_share_without_a_check_is_done(lanes: Lanes, submission: Submission) -> None:
    job = replace(submission.to_job("a"), share=1, shares=2)
    assert [type(news) for news in lanes.run([job])] == [Done]


def test_the_same_lanes_grade_again(lanes: Lanes, submission: Submission) -> None:
    grader = Grader(lanes)
    scores = [grader.grade_all([Task("a", each)])[0].score for each in (submission, wrong(submission), submission)]
    assert scores == [100, 0, 100]


def test_tasks_are_taken_as_lanes_get_free(lanes: Lanes, submission: Submission) -> None:
    taken: list[int] = []

    def tasks() -> Iterator[Task]:
        for number in range(50):
            taken.append(number)
            yield Task(str(number), submission)

    next(Grader(lanes).grade(tasks()))
    assert len(taken) <= 2 * lanes.count + 2, "a class of any size is under way a few at a time"


def test_a_seed_draws_the_same_values_in_every_lane(tmp_path: Path) -> None:
    drawing = check("draws", 100, 'expect("a word", draw.word()).equals("")').replace("stage: Stage", "stage, draw")
    toy_course(tmp_path, drawing)
    submission = Submission(load_course(tmp_path).exercise(SLUG), {"main.py": GOOD.encode()}, "sha256:0")
    with Lanes(BARE) as lanes:
        lanes.collect(tmp_path, [SLUG])
        tasks = [Task(str(number), submission) for number in range(6)]
        messages = {card.checks[0].message for card in Grader(lanes).grade_all(tasks, seed=7)}
        others = {card.checks[0].message for card in Grader(lanes).grade_all(tasks, seed=8)}
    assert len(messages) == len(others) == 1
    assert messages != others


def test_a_lane_that_ends_costs_only_its_own_job(tmp_path: Path) -> None:
    dying = check("dies", 50, "import os", 'if await stage.call("double", 1) == 0: os._exit(0)')
    toy_course(tmp_path, check("doubles", 50, DOUBLES) + dying)
    exercise = load_course(tmp_path).exercise(SLUG)
    good = Submission(exercise, {"main.py": GOOD.encode()}, "sha256:0")
    bad = Submission(exercise, {"main.py": b"def double(number):\n    return 0\n"}, "sha256:1")
    tasks = [Task(str(number), bad if number == 3 else good) for number in range(12)]
    with Lanes(BARE) as lanes:
        lanes.collect(tmp_path, [SLUG])
        cards = Grader(lanes).grade_all(tasks)
    assert [card.score for card in cards] == [None if number == 3 else 100 for number in range(12)]


def test_a_runner_that_is_gone_is_replaced(lanes: Lanes, submission: Submission) -> None:
    lanes.specs(SLUG)
    os.kill(lanes._runner.pid, signal.SIGKILL)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - nobody else knows it
    (card,) = Grader(lanes).grade_all([Task("a", submission)])
    assert (card.status, card.score) == (Status.GRADED, 100), "it was graded by other lanes"
    assert card.checks[0].outcome is Outcome.PASSED
