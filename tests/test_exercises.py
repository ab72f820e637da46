"""Every exercise keeps its promises, as `proctor verify` audits them, and no feedback gives away what is hidden."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from proctor.catalog import Exercise, load_course
from proctor.grade import Task
from proctor.scorecard import Scorecard
from proctor.verify import Subject, audit, grade_answers, tasks_of
from proctor.verify.reading import every_folder_is_an_exercise, read_course

ROOT = Path(__file__).parents[1]
EXERCISES = list(load_course(ROOT))
TASKS = [task for exercise in EXERCISES for task in tasks_of(exercise)]

Cards = Mapping[str, Mapping[str, Scorecard]]


@pytest.fixture(scope="session")
def cards() -> Cards:
    """Grade all known answers of all exercises in one run."""
    return grade_answers(EXERCISES)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.slug)
def test_an_audit_finds_nothing(exercise: Exercise, cards: Cards) -> None:
    subject = Subject(exercise, tuple(one.slug for one in EXERCISES), cards[exercise.slug])
    assert subject.cards
    assert [f"{found.where}: {found.what}\n{found.evidence}" for found in audit(subject)] == []


def test_every_folder_is_an_exercise() -> None:
    assert every_folder_is_an_exercise(read_course(ROOT)) == []


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.key)
def test_no_feedback_quotes_a_grader_or_the_reference(task: Task, cards: Cards) -> None:
    exercise = task.submission.exercise
    card = cards[exercise.slug][task.key.removeprefix(f"{exercise.slug}/")]
    own = b"\n".join(task.submission.files.values()).decode()
    sources = [*exercise.grader.glob("*.py"), *exercise.solution.glob("*.py")]
    lines = {line.strip() for path in sources for line in path.read_text(encoding="utf-8").splitlines()}
    hidden = [line for line in lines if len(line) > 20 and line not in own and not line.startswith('"""')]
    assert len(hidden) > 50
    told = "\n".join([card.message, *(f"{check.message}\n{check.printed}" for check in card.checks)])
    assert [line for line in hidden if line in told] == []
    assert [path for path in (exercise.grader, exercise.solution) if str(path) in told] == []
