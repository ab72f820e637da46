"""What was fetched is packed into one file and read from it as if it had been fetched there."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.classroom.hand_in_world import ALICE, BOB, World

from proctor.classroom.hand_in import HandIn
from proctor.classroom.sources.packed import write_packed
from proctor.errors import UsageError
from proctor.submission import SIZE_LIMIT


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def packed(world: World, *more: HandIn) -> Path:
    path = world.folder / "submissions.jsonl"
    write_packed(path, [*world.find().hand_ins, *more], world.exercises)
    return path


def test_everything_that_is_known_arrives(world: World) -> None:
    world.put("alice/one-thing/main.py", "answer = 'é'\n")
    world.put("alice/one-thing/secrets.txt", "not declared")
    world.put("alice/other-thing/main.py", "#" * (SIZE_LIMIT + 1))
    found = world.find().hand_ins[0]
    time = datetime(2026, 11, 20, 18, tzinfo=UTC)
    sent = replace(found, submitted_at=time, commit="c" * 40, origin="repository x", is_marked_late=True)
    path = world.folder / "submissions.jsonl"
    write_packed(path, [sent], world.exercises)
    (got,) = world.find(path=path).hand_ins
    assert replace(got, folder=sent.folder) == sent
    assert world.files(got) == world.files(sent)
    assert "262,145 bytes" in world.files(got)["other-thing"]
    assert "not declared" not in path.read_text(encoding="utf-8")
    assert not list(got.folder.rglob("secrets.txt"))


def test_a_link_is_packed_as_one_and_leads_nowhere(world: World) -> None:
    outside = world.put("outside.py", "secret = 1\n")
    (world.submissions / "alice/one-thing").mkdir(parents=True)
    (world.submissions / "alice/one-thing/main.py").symlink_to(outside)
    path = packed(world)
    assert "secret" not in path.read_text(encoding="utf-8")
    (got,) = world.find(path=path).hand_ins
    assert "link" in world.files(got)["one-thing"]


def test_a_problem_stays_one_and_whose_fault_it_is(world: World) -> None:
    lost = HandIn("bob", world.folder / "nowhere", problem="cannot be fetched: timed out", is_undecided=True)
    (got,) = world.find(path=packed(world, lost)).hand_ins
    assert (got.student, got.problem, got.is_undecided) == ("bob", lost.problem, True)


def test_an_empty_folder_is_something_else_than_none(world: World) -> None:
    (world.submissions / "alice/one-thing").mkdir(parents=True)
    (got,) = world.find(path=packed(world)).hand_ins
    assert (got.folder / "one-thing").is_dir()
    assert not (got.folder / "other-thing").exists()


def test_a_file_that_is_cut_off_or_none_of_ours_is_refused(world: World) -> None:
    world.put("alice/one-thing/main.py")
    world.put("bob/one-thing/main.py")
    path = packed(world)
    whole = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for text, said in [
        ("".join(whole[:-1]), "cut off: 1 of 2"),
        ("".join(whole)[:-9], "line 3: this is no file of hand-ins"),
        ("{}", "line 1: this is no file of hand-ins"),
        ("", "line 1: this is no file of hand-ins"),
    ]:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=said):
            world.find(path=path)


def test_who_is_not_on_the_roster_is_told(world: World) -> None:
    path = packed(world, HandIn("eve", world.folder / "nowhere"))
    found = world.find(ALICE, BOB, path=path)
    assert found.hand_ins == ()
    assert found.strangers == ("`eve` is nobody on the roster",)
