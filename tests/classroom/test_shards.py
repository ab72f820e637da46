"""Shards of a class make one gradebook, whatever their order; what a shard says is the word of a stranger."""

import json
from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from tests.classroom.test_grade_class import LAYERS, Room
from tests.toy import GOOD, STUB

from proctor.classroom.engine import crew_of
from proctor.classroom.engine_name import Engine
from proctor.classroom.merge import merge_shards
from proctor.classroom.shard_results import write_results
from proctor.errors import UsageError
from proctor.gradebook.gradebook import Gradebook
from proctor.shard import Shard

COUNT = 3
STUDENTS = [f"s{number}" for number in range(8)]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    """Return what the shards of a class of eight have written."""
    folder = tmp_path_factory.mktemp("shards")
    with crew_of(Engine.LOCAL, workers=1) as crew:
        room = Room(folder, crew)
        for student in STUDENTS[:-1]:
            room.hand_in(student, (GOOD if int(student[1]) % 2 else STUB) + f"# {student}\n")
        room.hand_in("s3", "def double(:")
        room.grade(STUDENTS[-1])
        paths = [folder / f"shard-{number}.jsonl" for number in range(1, COUNT + 1)]
        for number, path in enumerate(paths, 1):
            write_results(path, room.gradebook, room.rules(), LAYERS, STUDENTS, Shard(number, COUNT))
        yield [*paths, folder / "gradebook.sqlite3"]
        room.gradebook.close()


def dump(path: Path) -> list[str]:
    with Gradebook.open(path) as gradebook:
        return list(gradebook.dump())


def merged(folder: Path, paths: Sequence[Path], name: str = "merged.sqlite3") -> list[str]:
    merge_shards(paths, folder / name, None)
    return dump(folder / name)


def test_the_order_of_shards_changes_nothing_and_nothing_is_lost(results: list[Path], tmp_path: Path) -> None:
    *shards, whole = results
    expected = dump(whole)
    for number, order in enumerate(permutations(shards)):
        assert merged(tmp_path, order, f"{number}.sqlite3") == expected


def test_a_shard_may_come_later(results: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third, whole = results
    assert merge_shards([third, first], tmp_path / "book", None) == 3
    assert "`s1` is undecided: no result came from that shard" in capsys.readouterr().out
    assert merge_shards([second], tmp_path / "book", None) == 0
    assert dump(tmp_path / "book") == dump(whole)


def test_a_roster_gives_names_and_has_to_be_the_same_class(results: list[Path], tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("student,name\n" + "".join(f'{one},"Name, {one}"\n' for one in STUDENTS), encoding="utf-8")
    merge_shards(results[:-1], tmp_path / "book", roster)
    with Gradebook.open(tmp_path / "book") as gradebook:
        assert [one.name for one in gradebook.students()][:2] == ["Name, s0", "Name, s1"]
    roster.write_text("student\ns0\ns1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="`s2` is in one of them only"):
        merge_shards(results[:-1], tmp_path / "other", roster)
    assert not (tmp_path / "other").exists()


def test_the_same_shard_twice_is_refused(results: list[Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(results[0].read_bytes())
    with pytest.raises(UsageError, match=r"copy.jsonl` and .*shard-1.jsonl` are both shard 1/3"):
        merge_shards([results[0], copy], tmp_path / "book", None)


def altered(results: list[Path], tmp_path: Path, kind: str, **changes: Any) -> Path:
    """Return a copy of the first shard whose first line of a kind is changed."""
    lines = results[0].read_text(encoding="utf-8").splitlines()
    index = next(number for number, line in enumerate(lines) if json.loads(line).get("kind", "head") == kind)
    lines[index] = json.dumps({**json.loads(lines[index]), **changes})
    path = tmp_path / "altered.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


LIES: list[tuple[str, dict[str, Any], str]] = [
    ("head", {"schema": "proctor/shard/v2"}, "schema: Input should be 'proctor/shard/v1'"),
    ("head", {"number": 4}, "there is no shard 4 of 3"),
    ("head", {"more": 1}, "more: Extra inputs are not permitted"),
    ("attempt", {"student": "s1"}, "`s1` is no student of shard 1/3"),
    ("attempt", {"student": "nobody"}, "`nobody` is no student of shard 1/3"),
    ("attempt", {"files": {"main.py": "AAAA"}}, "its files are not those that were graded"),
    ("attempt", {"files": {"main.py": "?"}}, "a file in it is not base64"),
    ("receipt", {"exercise": "other"}, "`other` is no exercise of this class"),
    ("receipt", {"student": "s6"}, "`s6` has a second receipt for `toy-exercise`"),
    ("receipt", {"status": "perfect"}, "receipt.status: Input should be 'graded'"),
    ("end", {"lines": 3}, "the file is cut off: grade this shard again"),
]


@pytest.mark.parametrize(
    ("kind", "changes", "told"), LIES, ids=[f"{kind}: {next(iter(what))}" for kind, what, _ in LIES]
)
def test_a_lie_is_told_with_its_line(
    results: list[Path], tmp_path: Path, kind: str, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(UsageError, match=r"altered.jsonl`, line \d+: ") as caught:
        merge_shards([altered(results, tmp_path, kind, **changes)], tmp_path / "book", None)
    assert told in str(caught.value)
    assert not (tmp_path / "book").exists()


@pytest.mark.parametrize("change", [{"score": 100}, {"score": 101}, {"graders": "sha256:other"}, {"score": None}])
def test_points_that_were_not_given_are_refused(results: list[Path], tmp_path: Path, change: dict[str, Any]) -> None:
    lines = results[0].read_text(encoding="utf-8").splitlines()
    card = next(json.loads(line)["scorecard"] for line in lines if '"kind":"attempt"' in line)
    lie = altered(results, tmp_path, "attempt", scorecard={**card, **change})
    with pytest.raises(UsageError, match=r"do not add up|by other graders"):
        merge_shards([lie], tmp_path / "book", None)


def test_every_way_of_being_cut_off_is_noticed(results: list[Path], tmp_path: Path) -> None:
    content = results[0].read_bytes()
    for end in range(0, len(content) - 1, max(len(content) // 60, 1)):
        (tmp_path / "cut.jsonl").write_bytes(content[:end])
        with pytest.raises(UsageError, match=r"cut.jsonl`, line \d+"):
            merge_shards([tmp_path / "cut.jsonl"], tmp_path / "book", None)


def test_shards_of_different_runs_are_not_mixed(results: list[Path], tmp_path: Path) -> None:
    other = altered(results, tmp_path, "head", seed=8)
    with pytest.raises(UsageError, match="is not of the same run"):
        merge_shards([results[1], other], tmp_path / "book", None)
