"""What shards say is held against the plan: each speaks for itself, and nothing is merged when one does not."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.classroom.test_grade_class import LAYERS, Room
from tests.toy import GOOD, SLUG, STUB

from proctor.actions.class_plan import ClassPlan
from proctor.actions.merge_shards import merge_planned
from proctor.classroom.engine import crew_of
from proctor.classroom.engine_name import Engine
from proctor.classroom.shard_results import write_results
from proctor.errors import OurFault, UsageError
from proctor.gradebook.gradebook import Gradebook

STUDENTS = ("s0", "s1", "s2", "s3")
PLAN = ClassPlan(seed=7, count=2, exercises=(SLUG,), students=STUDENTS)


@pytest.fixture(scope="module")
def arrived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder with the plan and what two shards have left."""
    folder = tmp_path_factory.mktemp("arrived")
    with crew_of(Engine.LOCAL, workers=1) as crew:
        room = Room(folder, crew)
        for student in STUDENTS:
            room.hand_in(student, (GOOD if student == "s1" else STUB) + f"# {student}\n")
        room.grade()
        results = folder / "results"
        for shard in PLAN.shards:
            place = results / f"grades-00{shard.number}"
            place.mkdir(parents=True)
            path = place / f"shard-00{shard.number}.jsonl"
            write_results(path, room.gradebook, room.rules(), LAYERS, STUDENTS, shard)
        (results / "plan").mkdir()
        (results / "plan" / "plan.json").write_text(PLAN.to_json(), encoding="utf-8")
        yield results
        room.gradebook.close()


@pytest.fixture
def results(arrived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(arrived, tmp_path / "results"))


def merged(results: Path) -> int:
    return merge_planned(results, results / "plan" / "plan.json", None, results.parent / "book" / "gradebook")


def refused(results: Path, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        merged(results)
    assert not (results.parent / "book").exists()


def test_everybody_is_in_the_gradebook(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        monkeypatch.setenv(variable, str(results.parent / variable))
    assert merged(results) == 0
    with Gradebook.open(results.parent / "book" / "gradebook") as gradebook:
        assert [one.student for one in gradebook.receipts()] == [*STUDENTS]
    summary = (results.parent / "GITHUB_STEP_SUMMARY").read_text(encoding="utf-8")
    assert summary == "2 of 2 shards, 4 students. All of it is decided.\n"
    assert (results.parent / "GITHUB_OUTPUT").read_text(encoding="utf-8").splitlines()[1] == "true"


def test_a_shard_that_is_missing_leaves_its_students_undecided(results: Path) -> None:
    shutil.rmtree(results / "grades-002")
    assert merged(results) == 3
    with Gradebook.open(results.parent / "book" / "gradebook") as gradebook:
        assert [one.status.value for one in gradebook.receipts()] == ["graded", "error", "graded", "error"]


def test_without_any_shard_there_is_no_gradebook(results: Path) -> None:
    for name in ("grades-001", "grades-002"):
        shutil.rmtree(results / name)
    with pytest.raises(OurFault, match="no shard has left its results"):
        merged(results)


def test_a_shard_cannot_speak_for_another(results: Path) -> None:
    shutil.copyfile(results / "grades-002/shard-002.jsonl", results / "grades-001/shard-001.jsonl")
    refused(results, "is no result of shard 001 of this plan")


def test_a_shard_cannot_leave_something_for_another(results: Path) -> None:
    shutil.copyfile(results / "grades-002/shard-002.jsonl", results / "grades-001/shard-002.jsonl")
    refused(results, "`.*grades-001` has to hold `shard-001.jsonl` and nothing else")


def test_a_link_is_no_result(results: Path) -> None:
    path = results / "grades-001/shard-001.jsonl"
    path.rename(results / "elsewhere")
    path.symlink_to(results / "elsewhere")
    refused(results, "and nothing else")


def test_folders_of_shards_that_are_not_in_the_plan_are_refused(results: Path) -> None:
    (results / "grades-002").rename(results / "grades-003")
    refused(results, "the plan has no shard `003`")
    (results / "grades-003").rename(results / "grades-2")
    refused(results, "`grades-2` is no folder of a shard")


@pytest.mark.parametrize(
    "changes", [{"seed": 8}, {"students": ["s0", "s2"]}, {"count": 3}, {"graders": {"another": "sha256:0"}}]
)
def test_another_class_seed_or_exercise_than_planned_is_refused(results: Path, changes: dict[str, object]) -> None:
    for path in results.glob("grades-*/*.jsonl"):
        head, *_ = path.read_text(encoding="utf-8").splitlines()
        text = json.dumps({**json.loads(head), **changes}) + "\n" + json.dumps({"kind": "end", "lines": 0}) + "\n"
        path.write_text(text, encoding="utf-8")
    refused(results, r"is no result of shard 001 of this plan|there is no receipt")


def test_points_that_do_not_add_up_are_refused(results: Path) -> None:
    path = results / "grades-001/shard-001.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    next(one for one in lines if one.get("kind") == "attempt")["scorecard"]["score"] = 99
    path.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    refused(results, "do not add up")
