"""Whatever is handed in, however the command is called: a plain message, the right exit code, nobody else hurt."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from proctor.catalog import load_course
from proctor.scorecard import Report

ROOT = Path(__file__).parents[1]
EXERCISE = load_course(ROOT).exercise("middleware-onion")
STUB = (EXERCISE.stub / "main.py").read_text(encoding="utf-8")
REFERENCE = EXERCISE.solution / "main.py"
GENEROUS = 120
"""Seconds after which a command that should have ended has hung."""

RAISES = "import json\n\n\ndef load():\n    return json.loads('{')\n\n\nSETTINGS = load()\n"
SERVES = """import asyncio


async def serve():
    server = await asyncio.start_server(print, "127.0.0.1", 0)
    await server.serve_forever()


asyncio.run(serve())
"""
SYNTAX = "from fastapi import FastAPI\n\n\ndef create_app(audit)\n    return FastAPI()\n"


def text(source: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(source, encoding="utf-8")


def sparse_file(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100_000_000)


def latin_1(path: Path) -> None:
    path.write_bytes("def create_app(audit): return 'Zürich'\n".encode("latin-1"))


UNREADABLE: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "missing-file": (lambda path: path.unlink(missing_ok=True), ["main.py is missing"]),
    "empty-file": (lambda path: path.write_bytes(b""), ["main.py is empty"]),
    "blank-file": (text(" \n\t\n"), ["main.py is empty"]),
    "huge-file": (sparse_file, ["main.py has 100,000,000 bytes; more than 262,144 are not read"]),
    "binary-file": (lambda path: path.write_bytes(b"\x7fELF\x02\0\0"), ["main.py is a binary file"]),
    "other-encoding": (latin_1, ["main.py cannot be imported: SyntaxError", "utf-8", "main.py, line 1"]),
    "folder": (lambda path: path.mkdir(), ["main.py is a folder; it should be a Python file"]),
    "link": (lambda path: path.symlink_to(REFERENCE), ["main.py is a link, and links are not followed"]),
    "pipe": (os.mkfifo, ["main.py is no ordinary file; it should be a Python file"]),
    "syntax-error": (
        text(SYNTAX),
        ["main.py cannot be imported: SyntaxError: expected ':'", "main.py, line 4", "def create_app(audit)"],
    ),
    "missing-name": (text(STUB.replace("def create_app", "def make_app")), ["main.py does not define `create_app`"]),
    "raises-at-import": (
        text(RAISES),
        [
            "main.py cannot be imported: JSONDecodeError: Expecting property name",
            "main.py, line 8, in <module>: SETTINGS = load()",
            "main.py, line 5, in load: return json.loads('{')",
        ],
    ),
    "missing-module": (
        text("import fastapi_of_another_planet\n"),
        ["ModuleNotFoundError: No module named 'fastapi_of_another_planet'", "main.py, line 1"],
    ),
    "loops-at-import": (
        text("while True:\n    pass\n" + STUB),
        ["main.py does not come to an end while it is imported", "main.py, line "],
    ),
    "serves-at-import": (
        text(SERVES + STUB),
        ["main.py does not come to an end while it is imported", "nothing is left to do in your code"],
    ),
    "connects-at-import": (
        text("import socket\n\nsocket.create_connection(('127.0.0.1', 9))\n" + STUB),
        ["main.py cannot be imported: PermissionError", "main.py, line 3", "it runs in a sandbox: no network"],
    ),
    "prints-at-import": (
        text("print('half-way')\nraise ValueError('no further')\n"),
        ["main.py cannot be imported: ValueError: no further", "it printed:\n    half-way"],
    ),
    "waits-at-import": (
        text("import threading\n\nthreading.Event().wait()\n" + STUB),
        ["main.py does not come to an end while it is imported", "main.py, line 3", "threading.Event().wait()"],
    ),
    "crashes-at-import": (
        text("import ctypes\n\nctypes.string_at(0)\n" + STUB),
        ["main.py cannot be imported", "it was killed by signal 11"],
    ),
}
"""What is put in the place of main.py, and what the learner then reads."""

NEIGHBOURS = ["right-answer", "sleeps-at-import"]


def proctor(*arguments: str | Path, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    command = [sys.executable, "-m", "proctor", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=GENEROUS, check=False, **options)


def write_course(root: Path, slugs: list[str]) -> None:
    """Write a course in which the same exercise stands under each of the slugs."""
    listed = ", ".join(f'"{slug}"' for slug in slugs)
    for slug in slugs:
        shutil.copytree(EXERCISE.folder, root / "exercises" / slug)
        shutil.copytree(EXERCISE.grader, root / "graders" / slug)
    shutil.copytree(EXERCISE.shared_checks, root / "graders" / EXERCISE.shared_checks.name)
    course = f'title = "Copies"\n[[chapters]]\ntitle = "Copies"\nexercises = [{listed}]\n'
    (root / "exercises" / "course.toml").write_text(course, encoding="utf-8")


def hand_in(folder: Path, slug: str, put: Callable[[Path], object]) -> None:
    (folder / slug).mkdir(parents=True)
    put(folder / slug / "main.py")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one exercise for every kind of bad input, between two with good input."""
    root = tmp_path_factory.mktemp("course")
    write_course(root, [NEIGHBOURS[0], *UNREADABLE, NEIGHBOURS[1]])
    reference = REFERENCE.read_text(encoding="utf-8")
    hand_in(root / "handed-in", NEIGHBOURS[0], text(reference))
    hand_in(root / "handed-in", NEIGHBOURS[1], text(f"import time\n\ntime.sleep(3600)\n{reference}"))
    for slug, (put, _) in UNREADABLE.items():
        hand_in(root / "handed-in", slug, put)
    return root


@pytest.fixture(scope="module")
def graded(course: Path) -> subprocess.CompletedProcess[str]:
    """All of it in one run."""
    return proctor("grade", "--submission", "handed-in", "--json", "report.json", cwd=course)


@pytest.fixture(scope="module")
def report(course: Path, graded: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert graded.stderr == ""
    return json.loads((course / "report.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cards(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {card["exercise"]: card for card in report["scorecards"]}


# What is handed in


@pytest.mark.parametrize("slug", UNREADABLE)
def test_what_cannot_be_read_or_loaded_scores_nothing_and_says_why(slug: str, cards: dict[str, Any]) -> None:
    card = cards[slug]
    assert (card["status"], card["score"], card["max_score"]) == ("unreadable", 0, 100)
    assert [part for part in UNREADABLE[slug][1] if part not in card["message"]] == [], card["message"]
    assert len(card["checks"]) == 6
    assert {(check["outcome"], check["score"]) for check in card["checks"]} == {("failed", 0)}


@pytest.mark.parametrize("slug", UNREADABLE)
def test_the_reason_is_short_and_shows_nothing_of_ours(slug: str, cards: dict[str, Any]) -> None:
    message = cards[slug]["message"]
    assert len(message.partition("  it printed:")[0].splitlines()) <= 3
    assert [word for word in ("Traceback", "proctor/", "performer", "/tmp/", "proctor-") if word in message] == []  # noqa: S108 - what must not be shown


@pytest.mark.parametrize("slug", NEIGHBOURS)
def test_other_exercises_of_the_run_are_graded_as_ever(slug: str, cards: dict[str, Any]) -> None:
    assert (cards[slug]["status"], cards[slug]["score"]) == ("graded", 100)


def test_lost_points_exit_with_1_and_the_board_is_shown(graded: subprocess.CompletedProcess[str]) -> None:
    assert graded.returncode == 1
    assert graded.stdout.count("cannot be loaded") == len(UNREADABLE)
    assert f"200 of {100 * (len(UNREADABLE) + 2)} points" in graded.stdout


@pytest.mark.parametrize("slug", UNREADABLE)
def test_each_of_them_alone_would_exit_with_1(slug: str, report: dict[str, Any]) -> None:
    alone = [card for card in report["scorecards"] if card["exercise"] == slug]
    assert Report.model_validate({**report, "scorecards": alone}).exit_code == 1


def test_one_bad_file_exits_with_1_and_its_reason_is_on_the_board(course: Path) -> None:
    run = proctor("grade", "syntax-error", "--submission", "handed-in", cwd=course)
    assert (run.returncode, run.stderr) == (1, "")
    assert "main.py, line 4" in run.stdout


def test_a_good_file_exits_with_0(course: Path) -> None:
    run = proctor("grade", "right-answer", "--submission", "handed-in", cwd=course)
    assert (run.returncode, run.stderr) == (0, "")


def test_the_report_follows_its_published_schema(report: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, schema)


# How the command is called


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["right-answr"], "there is no exercise `right-answr`. Did you mean `right-answer`?"),
        (["right-answer", "xyzzy"], "there is no exercise `xyzzy`. Known: `right-answer`, "),
        (["--submission", "nowhere"], "nowhere` does not exist. `--submission` names a folder"),
        (["--submission", "report.txt"], "report.txt` is no folder. `--submission` names a folder"),
        (["--json", "nowhere/report.json"], "`nowhere/report.json` cannot be written: there is no folder"),
        (["--json", "handed-in"], "`handed-in` cannot be written"),
        (["--junit", "handed-in"], "`handed-in` cannot be written"),
        (["--isolation", "strict", "--without", "files"], "strict isolation is not to be had here:\n  files: left out"),
    ],
    ids=["a near miss", "a word", "no folder", "a file", "no place", "json is a folder", "junit is a folder", "strict"],
)
def test_a_call_that_makes_no_sense_exits_with_2_and_says_what_to_do(
    arguments: list[str], told: str, course: Path
) -> None:
    (course / "report.txt").write_text("a file")
    run = proctor("grade", *arguments, cwd=course)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("proctor: ")
    assert told in run.stderr
    assert len(run.stderr.splitlines()) <= 3


@pytest.mark.parametrize("option", ["--sumbission=.", "--seed=many", "--isolation=none"])
def test_an_unknown_option_or_value_exits_with_2(option: str, course: Path) -> None:
    run = proctor("grade", option, cwd=course)
    assert (run.returncode, run.stdout) == (2, "")
    assert "Traceback" not in run.stderr
    assert option.partition("=")[0] in run.stderr


def test_a_folder_without_a_course_exits_with_2(tmp_path: Path) -> None:
    run = proctor("grade", cwd=tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == (
        f"proctor: no course at or above `{tmp_path}`: run this in the repository, where `exercises/course.toml` is\n"
    )


def test_a_submission_folder_without_the_exercise_counts_as_missing_files(course: Path, tmp_path: Path) -> None:
    run = proctor("grade", "right-answer", "--submission", tmp_path, cwd=course)
    assert (run.returncode, run.stderr) == (1, "")
    assert "main.py is missing" in run.stdout


# Ctrl-C


@pytest.fixture
def hanging(course: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A run that hangs in a submission, and a named pipe whose other end that submission holds."""
    fifo, temporary = tmp_path / "fifo", tmp_path / "temporary"
    os.mkfifo(fifo)
    temporary.mkdir()
    source = f"import os\n\nheld = os.open({str(fifo)!r}, os.O_WRONLY)\nos.read(os.pipe()[0], 1)\n"
    hand_in(tmp_path / "handed-in", "right-answer", text(source))
    reaches_the_pipe = ("--without", "files", "--without", "private-view")
    command = [sys.executable, "-m", "proctor", "grade", "right-answer", *reaches_the_pipe]
    process = subprocess.Popen(
        [*command, "--submission", str(tmp_path / "handed-in")],
        cwd=course,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a process group of its own, as a shell makes for it
    )
    with process:
        yield process, fifo
        process.kill()


def test_ctrl_c_exits_with_130_and_leaves_nothing_behind(
    hanging: tuple[subprocess.Popen[str], Path], tmp_path: Path
) -> None:
    process, fifo = hanging
    with fifo.open("rb") as held:  # opens once the submission hangs
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=GENEROUS)  # to the end: every process has let go of the terminal
        assert held.read() == b"", "the stage has ended too, for its end of the pipe is closed"
    assert process.returncode == 130
    assert (stdout, stderr) == ("", "proctor: interrupted; nothing was written, and grading again starts afresh\n")
    assert list((tmp_path / "temporary").iterdir()) == []
