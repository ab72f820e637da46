"""Every gate notices what is planted in a finished tree, and says where."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.release.release_world import HIDDEN_LINE, REFERENCE_LINES, SLUG, Release, copied
from tests.verify.test_audit import change

from proctor.catalog import load_course
from proctor.release.cut import cut_graders
from proctor.release.gates import Tree, objections_on_disk
from proctor.release.key_file import read_key
from proctor.release.secret_lines import SecretLines

TESTS, README = f"graders/{SLUG}/test_toy.py", f"exercises/{SLUG}/README.md"
SERVE, MANIFEST = f"exercises/{SLUG}/serve.py", f"exercises/{SLUG}/exercise.toml"


def files_of(tree: Path) -> dict[str, bytes]:
    """Return all files of a tree."""
    return {path.relative_to(tree).as_posix(): path.read_bytes() for path in sorted(tree.rglob("*")) if path.is_file()}


def told(made: Release, *, planned: Callable[[dict[str, bytes]], dict[str, bytes]] = dict) -> list[str]:
    """Return what the gates say of a tree, of which these files were planned: by default those that are there."""
    course, files = load_course(made.course.root), planned(files_of(made.tree))
    secrets = SecretLines.of(course, cut_graders(course), files)
    tree = Tree(made.tree, course, files, secrets, read_key(made.key))
    return [str(objection).partition("\n")[0] for objection in objections_on_disk(tree)]


def leaks(made: Release) -> list[str]:
    """Return the same without the commitments, where a test changes what decides on a score."""
    return [one for one in told(made) if "has no commitment" not in one]


@pytest.fixture
def made_here(made: Release, tmp_path: Path) -> Release:
    """Return a release that a test may change."""
    return copied(made, tmp_path)


def write(made: Release, name: str, *lines: str) -> None:
    """Add lines to a file of the tree, and, where it comes from there, to that of the course."""
    for root in (made.tree, made.course.root):
        if (root / name).exists():
            with (root / name).open("a", encoding="utf-8") as file:
                file.write("".join(f"{line}\n" for line in lines))


def test_nothing_is_said_of_a_tree_as_it_was_made(made: Release) -> None:
    assert told(made) == []


# Which files


def test_a_file_that_was_not_planned(made_here: Release) -> None:
    planned = files_of(made_here.tree)
    (made_here.tree / "exercises" / "notes.txt").write_text("Hello.\n", encoding="utf-8")
    assert told(made_here, planned=lambda _: planned) == ["`exercises/notes.txt` is on no list"]


def test_a_link(made_here: Release) -> None:
    planned = files_of(made_here.tree)
    (made_here.tree / "graders" / "link.py").symlink_to("/etc/hostname")
    (made_here.tree / "exercises" / "up").symlink_to(made_here.course.root)
    links = ["`exercises/up` is a symbolic link", "`graders/link.py` is a symbolic link"]
    assert told(made_here, planned=lambda _: planned) == links


def test_a_file_that_is_gone_or_is_another(made_here: Release) -> None:
    planned = files_of(made_here.tree)
    (made_here.tree / "LICENSE").unlink()
    write(replace(made_here, course=replace(made_here.course, root=Path("/nowhere"))), ".gitignore", "other")
    found = told(made_here, planned=lambda _: planned)
    assert found == ["`.gitignore` is not what was planned", "`LICENSE` is missing in the tree"]


@pytest.mark.parametrize(
    "name",
    [f"solutions/{SLUG}/main.py", f"graders/{SLUG}/mistakes/triples.py", f"graders/{SLUG}/mistakes.toml"],
)
def test_what_belongs_to_the_teacher_even_if_somebody_has_planned_it(made_here: Release, name: str) -> None:
    change(made_here.tree, name, "", "# Nothing in it.\n")
    assert told(made_here) == [f"`{name}` belongs to the teacher"]


# Lines


@pytest.mark.parametrize("line", [*REFERENCE_LINES, HIDDEN_LINE], ids=["answer", "another", "hidden check"])
@pytest.mark.parametrize("dress", ["{}", "    {}", "> {}", "- Write `{}` there.", "# {}"])
def test_one_secret_line_on_a_page(made_here: Release, line: str, dress: str) -> None:
    write(made_here, "docs/learner.md", dress.format(line))
    (found,) = told(made_here)
    assert found.startswith("`docs/learner.md` has a line of ")
    assert found.endswith(f"`{line}`")


def test_one_secret_line_in_the_readme_of_students(made_here: Release) -> None:
    change(made_here.tree, "README.md", "## More commands", REFERENCE_LINES[0])
    assert [line.partition(" in line")[0] for line in told(made_here)] == [
        f"`README.md` has a line of an answer (`solutions/{SLUG}/main.py`)"
    ]


def test_a_learners_file_with_the_answer_in_it(made_here: Release) -> None:
    planned = files_of(made_here.tree)
    (made_here.tree / "exercises" / SLUG / "main.py").write_text(f"{REFERENCE_LINES[0]}\n", encoding="utf-8")
    found = told(made_here, planned=lambda _: planned)
    assert f"`exercises/{SLUG}/main.py` is not what was planned" in found
    assert any(one.startswith(f"`exercises/{SLUG}/main.py` has a line of an answer") for one in found)


@pytest.mark.parametrize("name", [README, MANIFEST, SERVE])
def test_one_line_that_an_exercise_shows_is_no_secret(made_here: Release, name: str) -> None:
    write(made_here, name, f"# {REFERENCE_LINES[0]}")
    assert leaks(made_here) == []


@pytest.mark.parametrize("name", [README, MANIFEST])
def test_two_lines_of_an_answer_in_a_row_are_no_prose(made_here: Release, name: str) -> None:
    write(made_here, name, *(f"# {line}" for line in REFERENCE_LINES))
    (found,) = leaks(made_here)
    assert found.startswith(f"`{name}` has 2 lines in a row of an answer (`solutions/{SLUG}/")


def test_three_lines_of_a_mistake_in_a_row_are_no_stand_in(made_here: Release) -> None:
    row = [f"somebody_goes_step_by_step({number})" for number in range(3)]
    for name in (f"graders/{SLUG}/mistakes/triples.py", f"solutions/{SLUG}/accepted/adds.py"):
        with (made_here.course.root / name).open("a", encoding="utf-8") as file:
            file.write("\n\n".join(row[:2] if "accepted" in name else row) + "\n")
    write(made_here, SERVE, *row[:2])
    assert told(made_here) == []
    write(made_here, SERVE, *row)
    (found,) = told(made_here)
    assert found.startswith(f"`{SERVE}` has 3 lines in a row of an answer (`graders/{SLUG}/mistakes/triples.py`)")


def test_a_row_that_the_stub_has_is_no_secret(made_here: Release) -> None:
    for name in (f"exercises/{SLUG}/.stub/main.py", f"exercises/{SLUG}/main.py", README):
        write(made_here, name, *REFERENCE_LINES)
    planned = files_of(made_here.tree)
    assert told(made_here, planned=lambda _: planned) == []


def test_short_lines_and_imports_are_no_secrets(made_here: Release) -> None:
    reference = made_here.course.root / "solutions" / SLUG / "main.py"
    with reference.open("a", encoding="utf-8") as file:
        file.write("from collections.abc import Mapping\nshort = number\n")
    write(made_here, "docs/learner.md", "from collections.abc import Mapping", "short = number")
    assert told(made_here) == []


def test_a_sentence_of_a_mistake_is_found_without_its_quotes(made_here: Release) -> None:
    row = ["This is the mistake that is called triples.", "https://docs.python.org/3/library/functions.html"]
    write(made_here, "docs/learner.md", *row)
    (found,) = told(made_here)
    assert found.startswith(f"`docs/learner.md` has 2 lines in a row of a record (`graders/{SLUG}/mistakes.toml`)")


# Names, TODOs, commitments


@pytest.mark.parametrize("name", ["docs/learner.md", "LICENSE", "noxfile.py", README])
def test_the_name_of_a_hidden_check(made_here: Release, name: str) -> None:
    write(made_here, name, "# see doubles_nothing")
    assert told(made_here) == [f"`{name}` names the hidden check `doubles_nothing` of `{SLUG}`"]


def test_the_name_of_a_hidden_check_in_the_sentence_of_a_public_one(made_here: Release) -> None:
    for root in (made_here.tree, made_here.course.root):
        change(root, TESTS, '"""It doubles"""', '"""It doubles, and test_doubles_nothing sees the rest"""')
    assert f"`{TESTS}` names the hidden check `doubles_nothing` of `{SLUG}`" in told(made_here)


def test_a_todo_outside_of_the_stub(made_here: Release) -> None:
    write(made_here, SERVE, "# TODO")
    assert told(made_here) == [f"`{SERVE}` still says TODO"]


def test_a_grader_that_was_changed_since_the_commitment(made_here: Release) -> None:
    with (made_here.course.root / TESTS).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert told(made_here) == [f"`graders/manifest.json` has no commitment to what grades `{SLUG}` now"]
