"""A check that depends on time, on luck or on the drawn values is found, and one that does not is not."""

from pathlib import Path

import pytest
from tests.toy import DOUBLES, GOOD, SLUG, WHOLE, check, toy_course

from proctor.catalog import load_course
from proctor.errors import UsageError
from proctor.grade import Task
from proctor.isolation.protection import BARE, Isolation, Protection
from proctor.shard import Shard
from proctor.submission import Submission
from proctor.verify.endurance import endure, every_answer_is_graded, outcomes_are_constant
from proctor.verify.finding import Weight
from proctor.verify.repetition import Repetition, Unstable, repeat

FAULTS = {
    "time": ("import time", 'expect("the time", int(time.time() * 1000) % 2).equals(0)'),
    "luck": ("import random", 'expect("a coin", random.randrange(2)).equals(0)'),
    "drawn values": ('expect("a drawn number", draw.number(0, 1)).equals(0)',),
}


def course(root: Path, grader: str) -> Path:
    toy_course(root, grader.replace("stage: Stage", "stage: Stage, draw"))
    return root


def tasks(root: Path, grader: str) -> list[Task]:
    exercise = load_course(course(root, grader)).exercise(SLUG)
    return [Task(f"{SLUG}/reference", Submission(exercise, {"main.py": GOOD.encode()}, "sha256:0"))]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_check_that_is_not_constant_is_found(fault: str, tmp_path: Path) -> None:
    grader = check("wavers", 50, *FAULTS[fault]) + check("doubles", 50, DOUBLES)
    (found,) = repeat(tasks(tmp_path, grader), Repetition(40), protection=BARE).unstable
    assert found.check == "wavers"
    assert sum(found.outcomes.values()) == 40
    assert not found.is_ours


def test_a_sound_check_is_not_suspected(tmp_path: Path) -> None:
    told: list[int] = []
    came = repeat(tasks(tmp_path, WHOLE), Repetition(3, burn=1), protection=BARE, told=told.append)
    assert (came.unstable, came.ungraded) == ((), {})
    assert told == [1, 2, 3]


def test_a_run_says_in_one_sentence_what_wavers_on_which_answer(tmp_path: Path) -> None:
    grader = check("wavers", 50, *FAULTS["drawn values"]) + check("doubles", 50, DOUBLES)
    report = endure(course(tmp_path, grader), [], Repetition(10))
    assert report.exit_code == 1
    assert report.exercises[0].repetitions == 10
    assert {(one.rule, one.where) for one in report.findings} == {
        (outcomes_are_constant.__name__, f"exercises/{SLUG}/.stub/main.py"),
        (outcomes_are_constant.__name__, f"solutions/{SLUG}/main.py"),
    }
    for one in report.findings:
        assert one.what.startswith("the check `wavers` does not always come out the same on this answer: ")


def test_rounds_without_a_verdict_are_our_fault() -> None:
    unstable = Unstable("toy/stub", "doubles", {"passed": 2, "error": 1}, {"passed": "", "error": "the stage is gone"})
    flaw = outcomes_are_constant("exercises/toy/main.py", unstable)
    assert flaw.weight is Weight.OURS
    assert flaw.evidence == "error: the stage is gone"


def test_what_cannot_be_graded_here_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_isolation: Isolation) -> Protection:
        return BARE

    monkeypatch.setattr("proctor.verify.endurance.choose", nothing)
    toy_course(tmp_path, WHOLE, stage="servers")
    report = endure(tmp_path, [], Repetition(1))
    assert report.exit_code == 0
    assert {(one.rule, one.weight) for one in report.findings} == {(every_answer_is_graded.__name__, Weight.NOTE)}


def test_all_shards_together_have_every_task_once(tmp_path: Path) -> None:
    (task,) = tasks(tmp_path, WHOLE)
    seven = [Task(str(number), task.submission) for number in range(7)]
    dealt = [one for number in (1, 2, 3) for one in Shard(number, 3).share(seven)]
    assert sorted(one.key for one in dealt) == sorted(one.key for one in seven)


def test_a_shard_without_any_task_has_nothing_to_find(tmp_path: Path) -> None:
    came = repeat(tasks(tmp_path, WHOLE), Repetition(1, shard=Shard(2, 2)), protection=BARE)
    assert (came.unstable, came.ungraded) == ((), {})


def test_a_shard_is_read_from_the_command_line() -> None:
    read = Repetition.read(5, burn=False, shard="2/5")
    assert (read.rounds, read.burn, read.shard) == (5, 0, Shard(2, 5))
    assert Repetition.read(5, burn=True, shard=None).burn > 0


@pytest.mark.parametrize("shard", ["0/2", "3/2", "2", "a/b", "1/0", "", "1/2/3"])
def test_a_shard_that_there_is_not_is_refused(shard: str) -> None:
    with pytest.raises(UsageError, match="there is no shard"):
        Repetition.read(5, burn=False, shard=shard)
