"""The plan deals a class out to jobs, and keeps the seed to itself."""

import json
from pathlib import Path

import pytest
from tests.toy import WHOLE, toy_course

from proctor.actions.class_plan import ClassPlan, read_plan, read_seed, shard_count, shard_name
from proctor.actions.github import GitHub
from proctor.actions.plan import PlanWish, plan_class
from proctor.errors import UsageError
from proctor.shard import Shard


@pytest.mark.parametrize(
    ("students", "count"), [(0, 0), (1, 1), (25, 1), (26, 2), (200, 8), (500, 20), (5000, 20), (100_000, 20)]
)
def test_each_25_students_get_a_job_and_there_are_at_most_20(students: int, count: int) -> None:
    assert shard_count(students) == count


@pytest.mark.parametrize(
    ("students", "wanted", "count"), [(200, 7, 7), (600, 400, 256), (3, 7, 3), (0, 7, 0), (5, 0, 1), (5, -2, 1)]
)
def test_as_many_jobs_as_are_wanted_within_what_a_matrix_may_have(students: int, wanted: int, count: int) -> None:
    assert shard_count(students, wanted) == count


def test_shards_are_called_by_three_digits() -> None:
    plan = ClassPlan(seed=1, count=256, exercises=("one",), students=("a",))
    assert [shard_name(one) for one in plan.shards[:2]] == ["001", "002"]
    assert plan.shard("256") == Shard(256, 256)
    for name in ("257", "0", "1", "../1", ""):
        with pytest.raises(UsageError, match="has no shard"):
            plan.shard(name)


def test_a_seed_is_read_or_drawn_and_never_shown() -> None:
    assert read_seed(" 17\n") == 17
    assert read_seed("") != read_seed("")
    for text in ("hunter2", "-1", "9999999999999", "٣", "1.5"):
        with pytest.raises(UsageError) as caught:
            read_seed(text)
        assert text not in str(caught.value)


def test_what_is_no_plan_is_refused_without_showing_it(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    with pytest.raises(UsageError, match="cannot be read"):
        read_plan(path)
    path.write_text('{"schema": "proctor/class-plan/v1", "seed": 4711, "count": 1}', encoding="utf-8")
    with pytest.raises(UsageError, match="is no plan") as caught:
        read_plan(path)
    assert "4711" not in str(caught.value)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = toy_course(tmp_path / "course", WHOLE).root
    monkeypatch.chdir(root)
    (root / "roster.csv").write_text("student,name\nzoe,Zoe\nbob,Bob\n", encoding="utf-8")
    return root


def outputs(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {lines[at].partition("<<")[0]: lines[at + 1] for at in range(0, len(lines), 3)}


def test_a_plan_has_no_names_and_its_outputs_no_seed(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(course / "outputs"))
    assert plan_class(PlanWish(Path("roster.csv"), Path("job"), shards=2, seed="1804289383")) == 0
    text = (course / "job/plan/plan.json").read_text(encoding="utf-8")
    assert read_plan(course / "job/plan/plan.json").students == ("bob", "zoe")
    assert "Zoe" not in text
    assert "Zoe" in (course / "job/roster/roster.csv").read_text(encoding="utf-8")
    said = outputs(course / "outputs")
    assert said["count"] == "2"
    assert json.loads(said["shards"]) == ["001", "002"]
    assert "1804289383" not in capsys.readouterr().out + (course / "outputs").read_text(encoding="utf-8")


def test_a_roster_of_nobody_is_refused(course: Path) -> None:
    (course / "roster.csv").write_text("student,name\n", encoding="utf-8")
    with pytest.raises(UsageError):
        plan_class(PlanWish(Path("roster.csv"), Path("job")))


def test_a_class_is_not_graded_where_everybody_reads(course: Path) -> None:
    class Public(GitHub):
        def is_private(self, repository: str) -> bool:
            return repository != "my-course/teachers"

    with Public("https://api.github.com", "token") as github:
        wish = PlanWish(Path("roster.csv"), Path("job"), repository="my-course/teachers")
        with pytest.raises(UsageError, match="`my-course/teachers` is public"):
            plan_class(wish, github)
    assert not (course / "job").exists()
