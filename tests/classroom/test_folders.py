"""A folder for each student is found as it is, and no link in it is followed."""

import os
from pathlib import Path
from typing import Any

import pytest
from tests.classroom.hand_in_world import ALICE, BOB, World, write_zip

from proctor.classroom.sources import SourceKind, find_source, hand_ins
from proctor.errors import UsageError
from proctor.gradebook.student import Student


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def small(tmp_path: Path) -> World:
    return World(tmp_path / "small", only_one=True)


def test_each_student_has_the_folder_of_that_name(world: World) -> None:
    world.put("alice/one-thing/main.py", "mine")
    world.put("bob/other-thing/main.py")
    found = world.find()
    assert [one.student for one in found.hand_ins] == ["alice", "bob"]
    assert found.strangers == ()
    assert found.students == (ALICE, BOB)
    assert world.files(found.hand_ins[0]) == {"one-thing": "mine", "other-thing": "main.py is missing"}
    assert found.hand_ins[0].submitted_at is None  # the time of a file is the student's own claim


def test_who_has_no_folder_has_no_hand_in(world: World) -> None:
    world.put("bob/one-thing/main.py")
    assert [one.student for one in world.find().hand_ins] == ["bob"]


def test_a_folder_may_be_a_clone_of_the_course(world: World) -> None:
    world.put("alice/exercises/one-thing/main.py", "mine")
    world.put("alice/solutions/one-thing/main.py", "not mine")
    world.put("alice/README.md")
    (hand_in,) = world.find().hand_ins
    assert hand_in.folder == world.submissions / "alice" / "exercises"
    assert world.files(hand_in)["one-thing"] == "mine"


def test_strangers_are_listed_harmlessly_and_not_graded(world: World) -> None:
    for name in ("alice", "mallory", "\x1b[31mred", "##[add-mask]x", "notes.txt\u202e"):
        world.put(f"{name}/one-thing/main.py")
    world.put("README.md")
    world.put(".git/config")
    world.put("__MACOSX/alice/one-thing/main.py")
    found = world.find()
    assert [one.student for one in found.hand_ins] == ["alice"]
    assert len(found.strangers) == 5
    assert all(line.isprintable() and line.isascii() for line in found.strangers)
    assert "`mallory` is nobody on the roster" in found.strangers


def test_without_a_roster_the_folders_say_who_is_in_the_class(world: World) -> None:
    for name in ("carol", "alice", "-rf", "a b", "..c", "Dora", "dora"):
        world.put(f"{name}/one-thing/main.py")
    found = world.find(roster=False)
    assert [one.student for one in found.hand_ins] == ["alice", "carol"]
    assert {one.id for one in found.students} == {"alice", "carol"}
    assert "`-rf` cannot be the id of a student" in found.strangers
    assert "`Dora`, `dora` differ only in case" in found.strangers
    assert len(found.strangers) == 4 - 1  # `..c` begins with a dot, as what systems leave behind


def test_the_case_of_a_folder_does_not_matter_where_there_is_a_roster(world: World) -> None:
    world.put("Alice/one-thing/main.py", "mine")
    (hand_in,) = world.find().hand_ins
    assert hand_in.student == "alice"
    assert world.files(hand_in)["one-thing"] == "mine"


def test_two_folders_of_one_student_are_no_answer(world: World) -> None:
    world.put("Alice/one-thing/main.py")
    world.put("alice/one-thing/main.py")
    (hand_in,) = world.find().hand_ins
    assert "nobody knows which of them counts" in hand_in.problem


def test_the_folder_of_a_team_is_that_of_all_its_members(world: World) -> None:
    team = [Student(id=name, team="Red Team") for name in ("carol", "dave")]
    world.put("red team/one-thing/main.py", "ours")
    found = world.find(*team, ALICE)
    assert [(one.student, world.files(one)["one-thing"]) for one in found.hand_ins] == [
        ("carol", "ours"),
        ("dave", "ours"),
    ]


def test_the_file_of_the_only_exercise_may_lie_in_the_folder_itself(small: World) -> None:
    small.put("alice/main.py", "mine")
    small.put("alice/secret.py")
    small.put("bob/one-thing/main.py", "his")
    assert [small.files(one)["one-thing"] for one in small.find().hand_ins] == ["mine", "his"]


def test_a_folder_without_anything_of_the_course_says_so(world: World) -> None:
    world.put("alice/homework/main.py")
    (world.submissions / "bob").mkdir()
    alice, bob = world.find().hand_ins
    assert alice.problem == "`alice` holds nothing of this course: it should hold `one-thing/main.py`"
    assert world.files(bob)["one-thing"] == "main.py is missing"


def test_an_exercise_that_is_not_graded_now_is_no_fault(world: World) -> None:
    world.put("alice/other-thing/main.py")
    write_zip(world.submissions / "bob.zip", {"other-thing/main.py": "his"})
    found = hand_ins(world.submissions, [ALICE, BOB], world.exercises[:1], world.folder / "work")
    assert [one.problem for one in found.hand_ins] == ["", ""]


@pytest.fixture
def secret(world: World) -> Path:
    """A folder outside that looks like a hand-in."""
    path = world.folder / "secret" / "one-thing" / "main.py"
    path.parent.mkdir(parents=True)
    path.write_text("secret", encoding="utf-8")
    return path.parent.parent


def test_a_student_who_is_a_link_is_not_followed(world: World, secret: Path) -> None:
    (world.submissions / "alice").symlink_to(secret)
    (hand_in,) = world.find().hand_ins
    assert hand_in.problem == "`alice` is a link, and links are not followed"


def test_a_course_folder_that_is_a_link_is_not_followed(world: World, secret: Path) -> None:
    (world.submissions / "alice").mkdir()
    (world.submissions / "alice" / "exercises").symlink_to(secret)
    (hand_in,) = world.find().hand_ins
    assert hand_in.problem == "`alice` holds `exercises`, which is a link, and links are not followed"


def test_an_exercise_that_is_a_link_is_not_followed_and_the_others_count(world: World, secret: Path) -> None:
    world.put("alice/other-thing/main.py", "mine")
    (world.submissions / "alice" / "one-thing").symlink_to(secret / "one-thing")
    (hand_in,) = world.find().hand_ins
    assert world.files(hand_in) == {"one-thing": "main.py is a link, and links are not followed", "other-thing": "mine"}


def test_a_loose_file_that_is_a_link_is_not_followed(small: World) -> None:
    (small.submissions / "alice").mkdir()
    (small.submissions / "alice" / "main.py").symlink_to("/etc/passwd")
    (hand_in,) = small.find().hand_ins
    assert small.files(hand_in)["one-thing"] == "main.py is a link, and links are not followed"


def test_a_loose_file_that_is_huge_is_not_read(small: World) -> None:
    with small.put("alice/main.py").open("wb") as file:
        file.truncate(10 << 30)
    (hand_in,) = small.find().hand_ins
    assert "bytes; more than 262,144 are not read" in small.files(hand_in)["one-thing"]
    assert sum(path.lstat().st_blocks for path in hand_in.folder.rglob("*")) < 100


def test_a_class_is_found_without_a_look_into_every_exercise(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        for exercise in ("one-thing", "other-thing", "another"):
            (world.submissions / f"s{number}" / exercise).mkdir(parents=True)
    looked_at: list[str] = []
    scandir = os.scandir

    def counted(path: str | Path) -> Any:
        looked_at.append(os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", counted)
    found = world.find(*(Student(id=f"s{number}") for number in range(20)), kind="folders")
    assert len(found.hand_ins) == 20
    assert len(looked_at) == 1 + 20 + 1  # the class, each student, the exercises of the course


def test_what_there_is_not_is_told(world: World) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        find_source(world.folder / "nowhere")
    with pytest.raises(UsageError, match="Did you mean `folders`"):
        find_source(world.submissions, "folder")
    with pytest.raises(UsageError, match="no folder, no ZIP"):
        find_source(world.put("class.rar"))


def test_the_kind_is_told_by_the_look_unless_it_is_given(world: World) -> None:
    world.put("alice/one-thing/main.py")
    assert find_source(world.submissions) is SourceKind.FOLDERS
    assert find_source(world.submissions, "canvas") is SourceKind.CANVAS
    world.put("bob.zip")
    assert find_source(world.submissions) is SourceKind.ARCHIVE
    assert find_source(world.put("list.csv")) is SourceKind.REPOSITORIES
