"""Downloads of Moodle and Canvas are read as they come, and nobody's work is taken for somebody else's."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.classroom.hand_in_world import ALICE, BOB, World, write_zip

from proctor.classroom.sources import HandIns, SourceKind, find_source
from proctor.errors import UsageError
from proctor.gradebook.student import Student


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def small(tmp_path: Path) -> World:
    return World(tmp_path / "small", only_one=True)


def zipped(text: str, name: str = "one-thing/main.py") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, text)
    return buffer.getvalue()


def download(world: World, files: Mapping[str, str | bytes], *students: Student) -> HandIns:
    """Find hand-ins in a download, as it came and unpacked: they have to be the same."""
    archive = write_zip(world.folder / "work" / "download.zip", files)
    for name, content in files.items():
        path = world.put(name, "")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    packed = world.find(*students, path=archive)
    unpacked = world.find(*students)
    for one, other in zip(packed.hand_ins, unpacked.hand_ins, strict=True):
        assert (one.student, one.problem, one.origin, one.is_marked_late) == (
            other.student,
            other.problem,
            other.origin,
            other.is_marked_late,
        )
        assert one.problem or world.files(one) == world.files(other)
    assert packed.strangers == unpacked.strangers
    return packed


def read(world: World, found: HandIns) -> dict[str, str]:
    """Return the problem of each student, or else the first exercise."""
    return {one.student: one.problem or world.files(one)["one-thing"] for one in found.hand_ins}


# Moodle


@pytest.mark.parametrize("end", ["_", ""])
def test_a_download_of_moodle_in_folders(world: World, end: str) -> None:
    files = {
        f"Alice Example_5301_assignsubmission_file{end}/work.zip": zipped("mine"),
        f"Bob ONeil_5302_assignsubmission_file{end}/one-thing/main.py": "his",
        f"Mallory_5399_assignsubmission_file{end}/work.zip": zipped("theirs"),
    }
    found = download(world, files)
    assert find_source(world.submissions) is SourceKind.MOODLE
    assert read(world, found) == {"alice": "mine", "bob": "his"}
    assert found.strangers == ("`Mallory 5399` is nobody on the roster",)
    assert found.students == (ALICE, BOB)


def test_a_download_of_moodle_without_folders(small: World) -> None:
    files = {
        "Alice Example_5301_assignsubmission_file_main.py": "mine",
        "Bob ONeil_5302_assignsubmission_file_work_5301_assignsubmission_file_.zip": zipped("his"),
    }
    assert read(small, download(small, files)) == {"alice": "mine", "bob": "his"}


def test_an_anonymous_download_of_moodle_is_told_by_its_numbers(world: World) -> None:
    files = {"Participant_5302_assignsubmission_file_/work.zip": zipped("his")}
    assert read(world, download(world, files)) == {"bob": "his"}


@pytest.mark.parametrize("name", ["Alice Example", "Example Alice", "ALICE  EXAMPLE", "Example, Alice"])
def test_the_name_decides_where_the_roster_has_no_number(world: World, name: str) -> None:
    files = {f"{name}_77_assignsubmission_file_/work.zip": zipped("mine")}
    assert read(world, download(world, files, Student(id="alice", name="Example, Alice"))) == {"alice": "mine"}


def test_accents_and_punctuation_do_not_make_another_name(world: World) -> None:
    student = Student(id="zoe", name="Zoë O'Brien-Łuk")
    files = {"Zoe\u0308 OBrien-Łuk_77_assignsubmission_file_/work.zip": zipped("hers")}
    assert read(world, download(world, files, student)) == {"zoe": "hers"}


def test_a_name_of_two_students_is_nobodys_work(world: World) -> None:
    students = [Student(id=one, name="Kim Lee") for one in ("kim1", "kim2")]
    files = {
        "Kim Lee_77_assignsubmission_file_/work.zip": zipped("whose"),
        "Bob ONeil_5302_assignsubmission_file_/work.zip": zipped("his"),
    }
    found = read(world, download(world, files, *students, BOB))
    assert found["bob"] == "his"
    assert found["kim1"] == found["kim2"]
    assert found["kim1"].startswith("`Kim Lee 77` may be any of 2 students of that name")


def test_a_text_instead_of_files_is_told(world: World) -> None:
    files = {
        "Alice Example_5301_assignsubmission_onlinetext_/onlinetext.html": "<p>mine</p>",
        "Bob ONeil_5302_assignsubmission_onlinetext_/onlinetext.html": "<p>see the file</p>",
        "Bob ONeil_5302_assignsubmission_file_/work.zip": zipped("his"),
    }
    assert read(world, download(world, files)) == {
        "alice": "`Alice Example 5301` handed in a text instead of files",
        "bob": "his",
    }


def test_a_group_of_moodle_hands_in_for_all_its_members(world: World) -> None:
    team = [Student(id=name, team="Red Team") for name in ("carol", "dave")]
    files = {
        "Red Team_5301_assignsubmission_file_/work.zip": zipped("ours"),
        "Default group_assignsubmission_file_/work.zip": zipped("nobody's"),
    }
    found = download(world, files, *team, ALICE)
    assert read(world, found) == {"carol": "ours", "dave": "ours"}
    assert found.strangers == ("`Default group` is nobody on the roster",)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.zip": zipped("1"), "b.zip": zipped("2")}, "nobody knows which of them counts"),
        ({"a.zip": zipped("1"), "one-thing/main.py": "2"}, "nobody knows which of them counts"),
        ({"a.rar": b"Rar!"}, "is `a.rar`, and only ZIP files are looked into"),
        ({"notes.txt": "sorry"}, "holds nothing of this course"),
        ({"a.zip": b"broken"}, "`a.zip` is damaged, or no ZIP file"),
        ({"a.zip": zipped("x", "../../one-thing/main.py")}, "leads out of it"),
    ],
)
def test_what_cannot_be_read_is_a_problem_of_that_student_alone(
    world: World, files: Mapping[str, str | bytes], says: str
) -> None:
    bad = {f"Alice Example_5301_assignsubmission_file_/{name}": content for name, content in files.items()}
    found = read(world, download(world, {**bad, "Bob ONeil_5302_assignsubmission_file_/work.zip": zipped("his")}))
    assert says in found["alice"]
    assert found["bob"] == "his"
    assert world.outside() == set()


def test_links_in_an_unpacked_download_are_not_followed(world: World) -> None:
    secret = world.folder / "work" / "secret" / "one-thing"
    secret.mkdir(parents=True)
    (secret / "main.py").write_text("secret", encoding="utf-8")
    alice = world.submissions / "Alice Example_5301_assignsubmission_file_"
    alice.symlink_to(secret.parent)
    bob = world.submissions / "Bob ONeil_5302_assignsubmission_file_"
    bob.mkdir()
    (bob / "one-thing").symlink_to(secret)
    found = read(world, world.find())
    assert found["alice"] == "the upload `Alice Example 5301` is a link, and links are not followed"
    assert found["bob"] == "main.py is a link, and links are not followed"


# Canvas


def test_a_download_of_canvas(world: World) -> None:
    files = {
        "examplealice_101_9001_work.zip": zipped("mine"),
        "oneilbob_LATE_102_9002_my_work_7_8_x.zip": zipped("his"),
        "mallory_199_9003_work.zip": zipped("theirs"),
        "anon_k3Xp1_9004_work.zip": zipped("whose"),
    }
    found = download(world, files)
    assert find_source(world.submissions) is SourceKind.CANVAS
    assert read(world, found) == {"alice": "mine", "bob": "his"}
    assert [one.is_marked_late for one in found.hand_ins] == [False, True]
    assert found.strangers == (
        "`anon_k3Xp1_9004_work.zip` is not named as Canvas names submissions that are somebody's",
        "`mallory_199_9003_work.zip` is nobody on the roster",
    )


def test_a_file_that_canvas_has_numbered_is_the_file_itself(small: World) -> None:
    files = {"examplealice_101_9001_main-1.py": "mine", "oneilbob_102_9002_main.py": "his"}
    assert read(small, download(small, files)) == {"alice": "mine", "bob": "his"}


def test_of_several_uploads_to_canvas_the_latest_counts(small: World) -> None:
    files = {
        "examplealice_101_9010_main-2.py": "last",
        "examplealice_101_9009_main-1.py": "second",
        "examplealice_101_998_main.py": "first",
        "oneilbob_102_9003_work.zip": zipped("old"),
        "oneilbob_102_9005_work-1.zip": zipped("new"),
    }
    assert read(small, download(small, files)) == {"alice": "last", "bob": "new"}


def test_a_text_or_a_link_to_canvas_is_told(world: World) -> None:
    files = {"examplealice_101_text.html": "<p>x</p>", "oneilbob_LATE_102_link.html": "<a>x</a>"}
    found = read(world, download(world, files))
    assert found == {
        "alice": "`examplealice 101` handed in a text or a link instead of a file",
        "bob": "`oneilbob 102` handed in a text or a link instead of a file",
    }


def test_a_single_file_is_not_enough_where_there_are_several_exercises(world: World) -> None:
    found = read(world, download(world, {"examplealice_101_9001_main.py": "mine"}))
    assert found["alice"].endswith("holds nothing of this course: it should hold `one-thing/main.py`")


def test_the_name_decides_where_the_roster_has_no_ids_of_canvas(world: World) -> None:
    students = [Student(id="alice", name="Alice Example"), Student(id="maria", name="Maria de la Cruz")]
    files = {"examplealice_101_9001_a.zip": zipped("mine"), "delacruzmaria_7_9002_a.zip": zipped("hers")}
    assert read(world, download(world, files, *students)) == {"alice": "mine", "maria": "hers"}


def test_a_student_cannot_hand_in_for_another_by_a_name(world: World) -> None:
    """Bob calls himself, or his file, so that the name holds the number of Alice."""
    bob = Student(id="bob", name="O'Neil_1 01_7, Bob", ids={"canvas_id": "102"})
    files = {
        "oneil_101_7_bob_102_9002_work.zip": zipped("his"),  # his name, as Canvas writes it
        "examplealice_101_9001_work.zip": zipped("mine"),
    }
    assert read(world, download(world, files, ALICE, bob)) == {"alice": "mine", "bob": "his"}


def test_a_name_that_can_be_read_in_several_ways_is_listed_if_nobody_agrees(world: World) -> None:
    files = {"somebody_101_7_x_102_9002_work.zip": zipped("whose"), "examplealice_101_9001_work.zip": zipped("mine")}
    found = download(world, files)
    assert read(world, found) == {"alice": "mine"}
    assert found.strangers[0].endswith("can be read as the work of more than one student, or of nobody")


def test_a_group_of_canvas_hands_in_for_all_its_members(world: World) -> None:
    team = [Student(id=name, team="Red Team", ids={"canvas_id": number}) for name, number in (("c", "7"), ("d", "8"))]
    files = {"redteam_7_9001_work.zip": zipped("ours")}
    assert read(world, download(world, files, *team)) == {"c": "ours", "d": "ours"}


@pytest.mark.parametrize("kind", ["moodle", "canvas"])
def test_a_download_needs_a_roster(world: World, kind: str) -> None:
    with pytest.raises(UsageError, match="needs a roster"):
        world.find(kind=kind, roster=False)


def test_a_few_odd_names_do_not_make_a_download(world: World) -> None:
    world.put("alice/one-thing/main.py")
    world.put("bob/one-thing/main.py")
    world.put("x_1_2_y.zip")
    assert find_source(world.submissions) is SourceKind.ARCHIVE


def test_a_folder_around_a_download_is_looked_through(world: World) -> None:
    names = {"hw1/examplealice_101_9001_work.zip": zipped("mine"), "hw1/oneilbob_102_9002_a.zip": zipped("his")}
    archive = write_zip(world.folder / "work" / "download.zip", names)
    assert find_source(archive) is SourceKind.CANVAS
    assert read(world, world.find(path=archive)) == {"alice": "mine", "bob": "his"}
