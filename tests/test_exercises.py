"""Every exercise keeps its promises: stubs are red, right answers get everything, mistakes lose what they declare."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from proctor.catalog import Exercise, load_course
from proctor.grade import Task, grade
from proctor.scorecard import Outcome, Scorecard, Status
from proctor.submission import read_files, read_submission

ROOT = Path(__file__).parents[1]
COURSE = load_course(ROOT)
EXERCISES = list(COURSE)


def variants(exercise: Exercise) -> Iterator[Task]:
    """Yield everything in the repository that can be handed in for an exercise, keyed by what it is."""
    yield Task(f"{exercise.slug}/stub", read_submission(exercise, exercise.folder))
    yield Task(f"{exercise.slug}/reference", read_submission(exercise, exercise.solution))
    for variant in exercise.accepted_variants():
        yield Task(f"{exercise.slug}/accepted/{variant.name}", read_files(exercise, variant.files))
    for variant in exercise.mistake_variants():
        yield Task(f"{exercise.slug}/mistake/{variant.name}", read_files(exercise, variant.files))


TASKS = [task for exercise in EXERCISES for task in variants(exercise)]
STUBS = [task.key for task in TASKS if task.key.endswith("/stub")]
RIGHT = [task.key for task in TASKS if "/reference" in task.key or "/accepted/" in task.key]
MISTAKES = [task.key for task in TASKS if "/mistake/" in task.key]


@pytest.fixture(scope="session")
def cards() -> dict[str, Scorecard]:
    """Grade all variants of all exercises in one run."""
    return dict(zip((task.key for task in TASKS), grade(TASKS), strict=True))


@pytest.mark.parametrize("key", STUBS)
def test_the_stub_is_red_check_by_check(key: str, cards: dict[str, Scorecard]) -> None:
    card = cards[key]
    assert card.status is Status.GRADED
    assert [check.id for check in card.checks if check.outcome is not Outcome.FAILED] == []
    assert card.score == 0


@pytest.mark.parametrize("key", RIGHT)
def test_right_answers_get_all_points(key: str, cards: dict[str, Scorecard]) -> None:
    card = cards[key]
    assert [(check.id, check.message) for check in card.failed] == []
    assert (card.status, card.score, card.max_score) == (Status.GRADED, 100, 100)


@pytest.mark.parametrize("key", MISTAKES)
def test_a_mistake_loses_exactly_the_checks_that_it_declares(key: str, cards: dict[str, Scorecard]) -> None:
    slug, _, name = key.partition("/mistake/")
    mistake = COURSE.exercise(slug).mistakes[name]
    assert cards[key].status is Status.GRADED
    assert sorted(check.id for check in cards[key].failed) == sorted(mistake.fails)


@pytest.mark.parametrize("key", MISTAKES)
def test_a_mistake_reads_its_own_sentence(key: str, cards: dict[str, Scorecard]) -> None:
    slug, _, name = key.partition("/mistake/")
    mistake = COURSE.exercise(slug).mistakes[name]
    told = [check.message for check in cards[key].failed]
    assert any(mistake.says in message and str(mistake.link) in message for message in told), told


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.key)
def test_no_feedback_quotes_a_grader_or_the_reference(task: Task, cards: dict[str, Scorecard]) -> None:
    exercise, card = task.submission.exercise, cards[task.key]
    own = b"\n".join(task.submission.files.values()).decode()
    sources = [*exercise.grader.glob("*.py"), *exercise.solution.glob("*.py")]
    lines = {line.strip() for path in sources for line in path.read_text(encoding="utf-8").splitlines()}
    hidden = [line for line in lines if len(line) > 20 and line not in own and not line.startswith('"""')]
    assert len(hidden) > 50
    told = "\n".join([card.message, *(f"{check.message}\n{check.printed}" for check in card.checks)])
    assert [line for line in hidden if line in told] == []
    assert [path for path in (exercise.grader, exercise.solution) if str(path) in told] == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.slug)
class TestContent:
    def test_mistakes_are_declared_and_exist(self, exercise: Exercise) -> None:
        assert sorted(exercise.mistakes) == [variant.name for variant in exercise.mistake_variants()]
        assert len(exercise.mistakes) >= 5

    def test_there_are_other_right_answers_that_say_what_is_different(self, exercise: Exercise) -> None:
        accepted = exercise.accepted_variants()
        firsts = [variant.files[exercise.main_file].read_text().partition("\n")[0] for variant in accepted]
        assert len(accepted) >= 3
        assert all(first.startswith('"""') and first.endswith('."""') for first in firsts), firsts
        assert len(set(firsts)) == len(firsts)

    def test_the_stub_says_what_is_to_do(self, exercise: Exercise) -> None:
        assert any("# TODO" in (exercise.folder / name).read_text() for name in exercise.manifest.files)

    def test_the_readme_has_every_section(self, exercise: Exercise) -> None:
        lines = (exercise.folder / "README.md").read_text().splitlines()
        assert lines[0] == f"# {exercise.manifest.title}"
        assert [line for line in lines if line.startswith("## ")] == [
            "## What to change",
            "## What not to touch",
            "## How it is graded",
            "## Out of scope",
            "## Read more",
            "## Interview questions",
        ]

    def test_no_file_is_undeclared(self, exercise: Exercise) -> None:
        declared = {*exercise.manifest.files, *exercise.manifest.given, "exercise.toml", "README.md"}
        assert {path.name for path in exercise.folder.iterdir()} - {"__pycache__"} == declared


def test_every_exercise_folder_is_in_the_course() -> None:
    for room in ("exercises", "solutions", "graders"):
        folders = {path.name for path in (ROOT / room).iterdir() if path.is_dir() and path.name != "__pycache__"}
        assert folders == {exercise.slug for exercise in EXERCISES}, room
