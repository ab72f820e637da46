"""Archives are read without unpacking them, and a bad one is bad for its student alone."""

import io
import random
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from tests.classroom.hand_in_world import BOB, World, write_zip

from proctor.classroom.sources import SourceKind, find_source
from proctor.classroom.sources.declared import UnusableError
from proctor.classroom.sources.zip_file import Limits, open_zip
from proctor.errors import UsageError

GOOD = {"one-thing/main.py": "answer = 1\n"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def small(tmp_path: Path) -> World:
    return World(tmp_path / "small", only_one=True)


def special(name: str, mode: int) -> zipfile.ZipInfo:
    """Return an entry that is something else than a file."""
    info = zipfile.ZipInfo(name)
    info.external_attr = (mode | 0o777) << 16
    info.create_system = 3  # Unix
    return info


def problem_of(world: World, archive: Path) -> str:
    """Return what is wrong with Alice's archive; Bob's has nothing wrong, and nothing lies outside afterwards."""
    assert archive.name == "alice.zip"
    write_zip(world.submissions / "bob.zip", GOOD)
    alice, bob = world.find().hand_ins
    assert world.files(bob)["one-thing"] == "answer = 1\n"
    assert world.outside() == set()
    return alice.problem


@pytest.mark.parametrize("wrapper", ["", "work/", "Übung 3/"])
@pytest.mark.parametrize("place", ["", "exercises/"])
def test_a_zip_for_each_student(world: World, wrapper: str, place: str) -> None:
    files = {f"{wrapper}{place}one-thing/main.py": "mine", "__MACOSX/work/._main.py": "", f"{wrapper}.DS_Store": ""}
    write_zip(world.submissions / "alice.zip", files)
    found = world.find()
    assert world.files(found.hand_ins[0]) == {"one-thing": "mine", "other-thing": "main.py is missing"}
    assert found.hand_ins[0].origin == "archive alice.zip"
    assert found.strangers == ()


def test_folders_and_files_may_lie_among_the_archives(world: World) -> None:
    write_zip(world.submissions / "alice.ZIP", GOOD)
    write_zip(world.submissions / "mallory.zip", GOOD)
    world.put("bob/one-thing/main.py", "his")
    world.put("readme.txt")
    found = world.find()
    assert [world.files(one)["one-thing"] for one in found.hand_ins] == ["answer = 1\n", "his"]
    assert found.strangers == ("`mallory.zip` is nobody on the roster", "`readme.txt` is neither a ZIP nor a folder")


@pytest.mark.parametrize("wrapper", ["", "class of 2026/"])
def test_one_zip_with_a_folder_for_each_student(world: World, wrapper: str) -> None:
    files = {
        f"{wrapper}alice/one-thing/main.py": "mine",
        f"{wrapper}bob/exercises/one-thing/main.py": "his",
        f"{wrapper}mallory/one-thing/main.py": "theirs",
    }
    archive = write_zip(world.folder / "work" / "class.zip", files)
    assert find_source(archive) is SourceKind.ARCHIVE
    found = world.find(path=archive)
    assert [world.files(one)["one-thing"] for one in found.hand_ins] == ["mine", "his"]
    assert found.strangers == ("`mallory` is nobody on the roster",)


@pytest.mark.parametrize("name", ["alice/one-thing/main.py", "alice/exercises/one-thing/main.py"])
def test_the_only_student_of_a_zip_is_no_folder_around_the_class(world: World, name: str) -> None:
    archive = write_zip(world.folder / "work" / "class.zip", {name: "mine"})
    (hand_in,) = world.find(path=archive, roster=False).hand_ins
    assert (hand_in.student, world.files(hand_in)["one-thing"]) == ("alice", "mine")


def test_a_bad_folder_in_the_zip_of_a_class_is_bad_for_its_student_alone(world: World) -> None:
    files: dict[str | zipfile.ZipInfo, str | bytes] = {
        "alice/one-thing/main.py": "mine",
        "alice/../bob/one-thing/main.py": "forged",
        "../alice/one-thing/main.py": "forged",
        "/bob/one-thing/main.py": "forged",
        special("carol", stat.S_IFLNK): "/etc",
        "dave": "a file",
        "bob/one-thing/main.py": "his",
    }
    found = world.find(path=write_zip(world.folder / "work" / "class.zip", files), roster=False)
    problems = {one.student: one.problem for one in found.hand_ins}
    assert problems == {
        "alice": "`alice` holds a path that leads out of it",
        "bob": "`bob` holds a path that leads out of it",
        "carol": "`carol` is a link, and links are not followed",
        "dave": "`dave` is no folder",
    }
    assert found.strangers == ("`..` cannot be the id of a student",)


@pytest.mark.parametrize(
    "name", ["../main.py", "one-thing/../../main.py", "/etc/main.py", "C:\\main.py", "..\\..\\main.py", "\\\\host\\x"]
)
def test_a_path_that_leads_out_of_an_archive(world: World, name: str) -> None:
    archive = write_zip(world.submissions / "alice.zip", {**GOOD, name: "stray"})
    assert problem_of(world, archive) == "`alice.zip` holds a path that leads out of it"


def test_backslashes_separate_folders_as_some_windows_tools_write_them(world: World) -> None:
    write_zip(world.submissions / "alice.zip", {"one-thing\\": "", "one-thing\\main.py": "mine"})
    assert world.files(world.find().hand_ins[0])["one-thing"] == "mine"


def test_links_and_devices_in_an_archive_are_not_made(world: World) -> None:
    files: dict[str | zipfile.ZipInfo, str | bytes] = {
        special("one-thing/main.py", stat.S_IFLNK): "/etc/passwd",
        special("other-thing/main.py", stat.S_IFCHR): "",
    }
    write_zip(world.submissions / "alice.zip", files)
    (hand_in,) = world.find().hand_ins
    assert world.files(hand_in) == {
        "one-thing": "main.py is a link, and links are not followed",
        "other-thing": "main.py is missing",
    }


def test_a_folder_of_an_archive_that_is_a_link(world: World) -> None:
    files: dict[str | zipfile.ZipInfo, str | bytes] = {
        special("one-thing", stat.S_IFLNK): "../../../../etc",
        "one-thing/main.py": "behind the link",
        "other-thing/main.py": "mine",
    }
    write_zip(world.submissions / "alice.zip", files)
    (hand_in,) = world.find().hand_ins
    assert world.files(hand_in) == {"one-thing": "main.py is a link, and links are not followed", "other-thing": "mine"}


def test_an_archive_that_is_a_link_is_not_followed(world: World) -> None:
    elsewhere = write_zip(world.folder / "work" / "elsewhere.zip", GOOD)
    (world.submissions / "alice.zip").symlink_to(elsewhere)
    assert problem_of(world, world.submissions / "alice.zip") == "`alice.zip` is a link, and links are not followed"


def test_a_file_that_unpacks_to_gigabytes_is_not_unpacked(world: World) -> None:
    path = world.submissions / "alice.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("one-thing/main.py", "w") as file:
            for _ in range(64):
                file.write(bytes(1 << 20))
        archive.writestr("other-thing/main.py", "mine")
    (hand_in,) = world.find().hand_ins
    read = world.files(hand_in)
    assert "bytes; more than 262,144 are not read" in read["one-thing"]
    assert read["other-thing"] == "mine"
    assert sum(one.lstat().st_blocks for one in hand_in.folder.rglob("*")) < 100


def test_a_file_that_unpacks_to_more_than_it_says_is_refused(world: World) -> None:
    archive = write_zip(world.submissions / "alice.zip", {"one-thing/main.py": bytes(10 << 20)})
    data = archive.read_bytes().replace(struct.pack("<L", 10 << 20), struct.pack("<L", 100))
    archive.write_bytes(data)
    assert problem_of(world, archive) == "`alice.zip` is damaged, or no ZIP file"


def test_archives_in_archives_are_not_looked_into(world: World) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("one-thing/main.py", "inner")
    path = write_zip(world.submissions / "alice.zip", {"work.zip": inner.getvalue()})
    assert problem_of(world, path) == "`alice.zip` holds nothing of this course: it should hold `one-thing/main.py`"


def test_two_files_of_one_path_are_no_answer(world: World) -> None:
    path = world.submissions / "alice.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one-thing/main.py", "first")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("one-thing/main.py", "second")
    assert problem_of(world, path).endswith("two files of one path: nobody knows which of them counts")


def test_an_encrypted_archive(world: World) -> None:
    archive = write_zip(world.submissions / "alice.zip", GOOD)
    data = bytearray(archive.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    assert problem_of(world, archive) == "`alice.zip` is encrypted: hand it in without a password"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_ordinary_compression_is_undone(world: World, method: int) -> None:
    path = world.submissions / "alice.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("one-thing/main.py", "mine" * 100)
    assert problem_of(world, path).startswith("`alice.zip` is compressed by a method other than")


@pytest.mark.parametrize("content", [b"", b"not a ZIP", b"PK\x05\x06" + bytes(18), b"Rar!\x1a\x07"])
def test_what_is_no_archive_or_an_empty_one(world: World, content: bytes) -> None:
    path = world.submissions / "alice.zip"
    path.write_bytes(content)
    problem = problem_of(world, path)
    assert problem == ("" if content.startswith(b"PK") else "`alice.zip` is damaged, or no ZIP file")


def test_a_folder_that_is_called_like_an_archive_is_none(world: World) -> None:
    world.put("alice.zip/one-thing/main.py")
    write_zip(world.submissions / "bob.zip", GOOD)
    found = world.find()
    assert [one.student for one in found.hand_ins] == ["bob"]
    assert found.strangers == ("`alice.zip` is nobody on the roster",)


def test_too_many_files_are_refused_before_any_is_looked_at(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "many.zip", {f"one-thing/{number}": "" for number in range(300)})
    with (
        pytest.raises(UnusableError, match="holds more than 299 files"),
        open_zip(archive, Limits(1 << 20, 1 << 20, 299)),
    ):
        pass
    with pytest.raises(UnusableError, match="lists too many files"), open_zip(archive, Limits(1 << 20, 1 << 12, 300)):
        pass
    with (
        pytest.raises(UnusableError, match="bytes; more than 1,024 are not read"),
        open_zip(archive, Limits(1 << 10, 1, 1)),
    ):
        pass
    with open_zip(archive, Limits(1 << 20, 1 << 20, 300)) as entries:
        assert len(entries) == 300


def test_the_archive_of_a_class_that_cannot_be_read_is_told_at_once(world: World) -> None:
    path = world.folder / "work" / "class.zip"
    path.parent.mkdir()
    path.write_bytes(b"nothing")
    with pytest.raises(UsageError, match=r"class.zip` is damaged, or no ZIP file"):
        world.find(path=path)


def test_a_name_in_another_encoding_does_no_harm(world: World) -> None:
    path = write_zip(world.submissions / "alice.zip", {"Uebung/one-thing/main.py": "mine"})
    path.write_bytes(path.read_bytes().replace(b"Uebung", b"\xdcbun\xff!"))  # not UTF-8, and not marked as such
    write_zip(world.submissions / "bob.zip", {"Übung/one-thing/main.py": "his"})
    bob = world.submissions / "bob.zip"
    bob.write_bytes(bob.read_bytes().replace("Übung".encode(), b"\xff\xffbung"))  # marked as UTF-8
    found = {one.student: one for one in world.find().hand_ins}
    assert world.files(found["alice"])["one-thing"] == "mine"
    assert found["bob"].problem == "`bob.zip` is damaged, or no ZIP file"


def test_no_damage_to_an_archive_is_more_than_its_students_problem(small: World) -> None:
    """Flip bytes anywhere: what comes out is a file as it was, one that is refused, or a problem."""
    path = write_zip(small.submissions / "bob.zip", {"one-thing/main.py": "answer = 1\n" * 50})
    whole = path.read_bytes()
    chance = random.Random(7)  # noqa: S311 - the same damage in every run
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.choice([len(data), chance.randrange(len(data))])])
        (hand_in,) = small.find(BOB, kind="archive").hand_ins
        if not hand_in.problem:
            read = small.files(hand_in)["one-thing"]
            assert read == "answer = 1\n" * 50 or read.endswith(("is missing", "are not followed", "are not read"))
    assert small.outside() == set()
