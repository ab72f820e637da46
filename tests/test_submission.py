"""A submission is read without trusting any of it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.toy import GOOD, SLUG, WHOLE, toy_course

from proctor.catalog import Exercise
from proctor.errors import UsageError
from proctor.grade import Task, grade
from proctor.submission import SIZE_LIMIT, read_all, read_submission


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    return toy_course(tmp_path / "course", WHOLE).exercise(SLUG)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "submitted").mkdir()
    return tmp_path / "submitted"


def test_only_declared_files_are_read(exercise: Exercise, folder: Path) -> None:
    (folder / "main.py").write_text(GOOD)
    (folder / "conftest.py").write_text("raise SystemExit")
    submission = read_submission(exercise, folder)
    assert submission.files == {"main.py": GOOD.encode()}
    assert submission.problem == ""


def test_a_python_file_that_is_not_declared_is_named(exercise: Exercise, folder: Path) -> None:
    for name in ("main.py", "helper.py", "serve.py", "notes.txt"):
        (folder / name).write_text(GOOD)
    submission = read_submission(exercise, folder)
    assert submission.strays == ("helper.py",)
    (card,) = grade([Task(SLUG, submission)])
    assert card.is_complete
    assert card.notes == (
        "helper.py is not handed in with this exercise, only main.py: what it holds has to stand there",
    )


def test_the_digest_is_of_the_content(exercise: Exercise, folder: Path) -> None:
    (folder / "main.py").write_text(GOOD)
    first = read_submission(exercise, folder)
    (folder / "notes.txt").write_text("not handed in")
    assert read_submission(exercise, folder).digest == first.digest
    (folder / "main.py").write_text(GOOD + "\n")
    assert read_submission(exercise, folder).digest != first.digest


def test_the_stub_is_recognised(exercise: Exercise) -> None:
    assert read_submission(exercise, exercise.stub).is_stub
    assert not read_submission(exercise, exercise.solution).is_stub


def test_work_in_the_learners_own_file_is_no_stub_any_more(exercise: Exercise) -> None:
    assert read_submission(exercise, exercise.folder).is_stub
    (exercise.folder / "main.py").write_text(GOOD, encoding="utf-8")
    assert not read_submission(exercise, exercise.folder).is_stub


def put_nothing(path: Path) -> None:
    assert not path.exists()


def put_blanks(path: Path) -> None:
    path.write_text(" \n")


def put_binary(path: Path) -> None:
    path.write_bytes(b"\x7fELF\0\0")


def put_folder(path: Path) -> None:
    path.mkdir()


def put_link(path: Path) -> None:
    path.symlink_to("/etc/hostname")


def put_pipe(path: Path) -> None:
    os.mkfifo(path)


def put_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100 << 20)


@pytest.mark.parametrize(
    ("put", "problem"),
    [
        (put_nothing, "main.py is missing"),
        (put_blanks, "main.py is empty"),
        (put_binary, "main.py is a binary file; it should be Python source text"),
        (put_folder, "main.py is a folder; it should be a Python file"),
        (put_link, "main.py is a link, and links are not followed"),
        (put_pipe, "main.py is no ordinary file; it should be a Python file"),
        (put_huge, f"main.py has 104,857,600 bytes; more than {SIZE_LIMIT:,} are not read"),
    ],
    ids=["missing", "empty", "binary", "folder", "link", "pipe", "huge"],
)
def test_what_cannot_be_judged_is_named(
    exercise: Exercise, folder: Path, put: Callable[[Path], None], problem: str
) -> None:
    put(folder / "main.py")
    assert read_submission(exercise, folder).problem == problem


def test_a_folder_that_is_not_there_is_a_usage_error(exercise: Exercise, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        read_all([exercise], tmp_path / "nowhere")
