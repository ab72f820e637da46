"""A release makes a student tree and a key, or refuses and leaves nothing."""

import json
import stat
from pathlib import Path

import pytest
from tests.release.release_world import GRADER, REFERENCE_LINES, SLUG, Release, copied, make_course, release_course
from tests.verify.test_audit import change

from proctor.catalog import load_course
from proctor.errors import UsageError
from proctor.release import command
from proctor.release.objection import Refused
from proctor.released import PublicCheck, read_released

LINKS = ("LICENSE", f"exercises/{SLUG}/serve.py")
MAIN, TESTS = f"exercises/{SLUG}/main.py", f"graders/{SLUG}/test_toy.py"


def refusal(folder: Path, *changes: tuple[str, str, str]) -> str:
    """Try to release a course with these changes; return what is told, and insist that nothing is left."""
    course = load_course(folder / "course") if (folder / "course").exists() else make_course(folder / "course")
    before = sorted(folder.iterdir())
    for name, old, new in changes:
        change(course.root, name, old, new)
    with pytest.raises(Refused) as caught:
        release_course(load_course(course.root), folder / "students")
    assert sorted(folder.iterdir()) == before
    return str(caught.value)


def test_what_goes_is_on_the_list(made: Release) -> None:
    files = sorted(path.relative_to(made.tree).as_posix() for path in made.tree.rglob("*") if path.is_file())
    assert files == [
        ".github/workflows/self-check.yml",
        ".gitignore",
        "LICENSE",
        "README.md",
        "docs/learner.md",
        "exercises/course.toml",
        f"exercises/{SLUG}/.stub/main.py",
        f"exercises/{SLUG}/README.md",
        f"exercises/{SLUG}/exercise.toml",
        MAIN,
        f"exercises/{SLUG}/serve.py",
        "graders/manifest.json",
        TESTS,
        "noxfile.py",
        "pyproject.toml",
        "requirements.lock",
        "src/proctor/__init__.py",
    ]


def test_the_manifest_tells_of_public_and_hidden_checks(made: Release) -> None:
    released = read_released(made.tree)
    assert released is not None
    own = released.exercises[SLUG]
    assert own.public == (PublicCheck(id="doubles", points=60),)
    assert (own.hidden_checks, own.hidden_points) == (1, 40)


def test_the_readme_says_how_many_points_are_public(made: Release) -> None:
    text = (made.tree / "README.md").read_text(encoding="utf-8")
    assert "worth 60 of 100 points" in text
    assert f"[`{SLUG}`](exercises/{SLUG}/README.md) | Toy | 60 | 40 |" in text


def test_the_key_is_for_its_owner_alone_and_outside_of_the_tree(made: Release) -> None:
    assert made.key == made.tree.with_name("students.key.json")
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    salt = json.loads(made.key.read_bytes())["exercises"][SLUG]["salt"]
    assert len(bytes.fromhex(salt)) == 32
    assert not [path for path in made.tree.rglob("*") if path.is_file() and salt.encode() in path.read_bytes()]


def test_learners_begin_with_the_stub_whatever_the_teacher_has_tried(made: Release) -> None:
    assert (made.tree / MAIN).read_bytes() == (made.tree / f"exercises/{SLUG}/.stub/main.py").read_bytes()
    assert (made.course.root / MAIN).read_bytes() != (made.tree / MAIN).read_bytes()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what is told of a course in which much is wrong at once."""
    folder = tmp_path_factory.mktemp("refused")
    course = make_course(folder / "course")
    change(
        course.root,
        TESTS,
        'expect("double(3)", await stage.call("double", 3)).equals(6)',
        'await stage.call("double", 3)',
    )
    change(course.root, TESTS, ".equals(0)", ".equals(1)")
    change(course.root, f"exercises/{SLUG}/README.md", "# Toy", "# Toys")
    change(course.root, "docs/learner.md", "", REFERENCE_LINES[1])
    (course.root / "noxfile.py").unlink()
    (folder / "secret.py").write_text("SECRET = 1\n", encoding="utf-8")
    for name in LINKS:
        (course.root / name).unlink()
        (course.root / name).symlink_to(folder / "secret.py")
    return refusal(folder)


def test_a_stub_that_gets_points_is_refused_in_both_courses(told: str) -> None:
    assert "the check `doubles` passes on the untouched stub, which gets 60 points for nothing" in told
    assert "judges the stub wrongly, once it is cut (60 of 60 public points)" in told


def test_a_reference_without_all_points_is_refused(told: str) -> None:
    assert "a right answer gets 60 of 100 points, because it does not pass `doubles_nothing`" in told


def test_what_the_audit_finds_on_disk_is_told(told: str) -> None:
    assert "begins with `# Toys`, but the title" in told


def test_what_is_wrong_with_the_tree_is_told_with_the_rest(told: str) -> None:
    assert f"`docs/learner.md` has a line of an answer (`solutions/{SLUG}/main.py`) in line 1" in told


def test_a_missing_file_of_the_root_is_told(told: str) -> None:
    assert "`noxfile.py` is missing" in told


def test_links_are_told_and_not_followed(told: str) -> None:
    assert all(f"`{name}` is a symbolic link" in told for name in LINKS)


def test_points_that_make_no_manifest_are_told(tmp_path: Path) -> None:
    assert "worth 90 points together, and not 100" in refusal(tmp_path, (TESTS, "points(60)", "points(50)"))


def test_a_grader_that_cannot_be_collected_is_told(tmp_path: Path) -> None:
    assert "No module named 'absent'" in refusal(tmp_path, (TESTS, "import pytest", "import absent\nimport pytest"))


def test_a_mark_that_the_cut_does_not_see_is_refused(tmp_path: Path) -> None:
    dressed = "\n\nfor name in ['later']:\n    globals()['test_' + name] = test_doubles\n"
    assert "holds checks that pytest finds and the cut does not" in refusal(tmp_path, (TESTS, GRADER, GRADER + dressed))


def test_a_public_check_that_loses_what_it_needs_is_refused(tmp_path: Path) -> None:
    hidden_way = 'expect("double(3)", await stage.call("double", 3)).equals(globals()["six" + "th"])'
    old = 'expect("double(3)", await stage.call("double", 3)).equals(6)'
    told = refusal(tmp_path, (TESTS, old, hidden_way), (TESTS, "import pytest", "import pytest\n\nsixth = 6"))
    assert "judges the reference wrongly, once it is cut (0 of 60 public points): `doubles` failed" in told


def test_a_grader_that_is_a_link_is_refused(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course")
    (course.root / TESTS).rename(tmp_path / "elsewhere.py")
    (course.root / TESTS).symlink_to(tmp_path / "elsewhere.py")
    assert f"`{TESTS}` is a symbolic link" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("out", "key", "told"),
    [
        ("course/students", None, "is in the course itself"),
        ("course", None, "is in the course itself"),
        (".", None, "is there already"),
        ("/", None, "is there already"),
        ("full", None, "is there already"),
        ("nowhere/students", None, "there is no folder"),
        ("students", "students/key.json", "would go to students"),
        ("students", "full/key.json", "which opens another release"),
        ("students", "nowhere/key.json", "there is no folder"),
    ],
)
def test_places_that_cannot_be_are_told_before_anything_is_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, key: str | None, told: str
) -> None:
    course = make_course(tmp_path / "course")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "key.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(command, "try_answers", None)
    with pytest.raises(UsageError, match=told):
        release_course(course, tmp_path / out, tmp_path / key if key else None)


def test_a_released_course_is_not_released_again(made: Release, tmp_path: Path) -> None:
    tree = load_course(copied(made, tmp_path).tree)
    with pytest.raises(UsageError, match="a release is made in the teacher's course"):
        release_course(tree, tmp_path / "again")


def test_a_key_that_cannot_be_kept_leaves_no_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = make_course(tmp_path / "course")

    def fails(*_: object) -> None:
        raise UsageError("the disk is full")

    monkeypatch.setattr(command, "write_key", fails)
    with pytest.raises(UsageError, match="the disk is full"):
        release_course(course, tmp_path / "students")
    assert [path.name for path in tmp_path.iterdir()] == ["course"]


def test_a_tree_that_cannot_get_its_name_leaves_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = make_course(tmp_path / "course")

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(UsageError, match="No space left on device"):
        release_course(course, tmp_path / "students")
    assert [path.name for path in tmp_path.iterdir()] == ["course"]
