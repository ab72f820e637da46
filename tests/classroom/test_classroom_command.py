"""The commands of a teacher, from submissions to pages: what they write, what they say, and how they end."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.toy import GOOD, SLUG, STUB, WHOLE, toy_course

from proctor.gradebook.gradebook import Gradebook

ROSTER = "student,name,email,canvas_id\n" + "".join(
    f'{one},"{name}",{one}@example.edu,{number}\n'
    for number, (one, name) in enumerate(
        [("ada", "Example, Ada"), ("bo", "<b>Bo</b>"), ("cy", "سي 🦆"), ("di", "Di")], 10
    )
)

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a course with a class of four: right, stub, broken and missing."""
    toy_course(tmp_path, WHOLE)
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    for student, source in {"ada": GOOD, "bo": STUB, "cy": "def double(:", "stranger": GOOD}.items():
        place = tmp_path / "submissions" / student / SLUG
        place.mkdir(parents=True)
        (place / "main.py").write_text(source, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    """Return what runs the real command in the course."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}
        command = [sys.executable, "-P", "-m", "proctor", *arguments]
        return subprocess.run(
            command, cwd=folder, env=environment, check=False, capture_output=True, text=True, encoding="utf-8"
        )

    return run


def classroom(run: Run, *options: str) -> subprocess.CompletedProcess[str]:
    return run("classroom", "submissions", "--roster", "roster.csv", *options)


def test_a_class_is_graded_shown_and_reported(run: Run, folder: Path) -> None:
    graded = classroom(run)
    assert (graded.returncode, graded.stderr) == (1, "")
    assert "4 rows: 2 graded, 1 unreadable, 1 missing" in graded.stdout
    assert "not graded: `stranger` is nobody on the roster" in graded.stdout
    shown = run("gradebook", "show")
    assert shown.returncode == 0, shown.stderr
    assert "ada" in shown.stdout
    for name in ("class-page", "grades", "canvas", "nbgrader", "moodle-grades", "class"):
        written = run("report", name, "--out", f"{name}.out")
        assert written.returncode == 0, written.stderr
        assert (folder / f"{name}.out").stat().st_size > 50
    (folder / "pages").mkdir()
    assert run("report", "student-page", "--student", "all", "--out", "pages").returncode == 0
    assert sorted(path.name for path in (folder / "pages").iterdir()) == ["ada.html", "bo.html", "cy.html", "di.html"]
    assert "<b>Bo" not in (folder / "class-page.out").read_text(encoding="utf-8")


def test_what_another_system_calls_late_is_told(run: Run, folder: Path) -> None:
    (folder / "canvas").mkdir()
    for number, upload in enumerate(("exampleada_10_9001_main.py", "bbob_LATE_11_9002_main.py")):
        (folder / "canvas" / upload).write_text(f"{GOOD}# {number}\n", encoding="utf-8")
    graded = run("classroom", "canvas", "--roster", "roster.csv")
    assert "nothing is taken off here: `bo`" in graded.stdout, graded.stdout + graded.stderr
    assert "4 rows: 2 graded, 2 missing" in graded.stdout


def test_the_same_command_goes_on_and_says_what_has_not_changed(run: Run, folder: Path) -> None:
    classroom(run)
    (folder / "submissions" / "bo" / SLUG / "main.py").write_text(GOOD, encoding="utf-8")
    again = classroom(run)
    assert "4 rows: 2 graded, 1 unreadable, 1 missing" in again.stdout
    assert "3 of them were graded before: nothing has changed there." in again.stdout  # bo has what ada has


def test_what_is_kept_can_be_graded_anew_without_the_folder(run: Run, folder: Path) -> None:
    classroom(run)
    grader = folder / "graders" / SLUG / "test_toy.py"
    grader.write_text(grader.read_text(encoding="utf-8").replace("equals(4)", "equals(5)"), encoding="utf-8")
    anew = run("classroom")
    assert "3 rows: 2 graded, 1 unreadable" in anew.stdout
    with Gradebook.open(folder / "gradebook.sqlite3") as gradebook:
        assert [one.scorecard.score for one in gradebook.attempts("ada")] == [100, 0]


def test_shards_are_merged_into_one_gradebook(run: Run, folder: Path) -> None:
    classroom(run, "--seed", "5")
    for number in (2, 1):
        where = ("--gradebook", f"shard-{number}", "--results", f"{number}.jsonl")
        assert classroom(run, "--seed", "5", "--shard", f"{number}/2", *where).returncode == 1
    merged = run("gradebook", "merge", "2.jsonl", "1.jsonl", "--roster", "roster.csv", "--gradebook", "merged")
    assert (merged.returncode, merged.stderr) == (0, "")
    assert "2 of 2 shards, 4 students, 4 rows: 2 graded, 1 unreadable, 1 missing" in merged.stdout
    dumps: list[list[str]] = []
    for name in ("gradebook.sqlite3", "merged"):
        with Gradebook.open(folder / name) as gradebook:
            dumps.append(list(gradebook.dump(times=False)))
    assert dumps[0] == dumps[1]


def test_ctrl_c_loses_nothing(run: Run, folder: Path) -> None:
    for number in range(40):
        place = folder / "submissions" / "ada" / SLUG
        place = folder / "many" / f"s{number:02}" / place.name
        place.mkdir(parents=True)
        (place / "main.py").write_text(f"{GOOD}# {number}\n", encoding="utf-8")
    command = [sys.executable, "-P", "-m", "proctor", "classroom", "many"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "graded 8 of 40\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert (
        said == "proctor: interrupted; what was graded is in the gradebook, and the same command goes on from there\n"
    )
    with sqlite3.connect(folder / "gradebook.sqlite3") as database:
        (before,) = database.execute("SELECT count(*) FROM attempts").fetchone()
    assert 8 <= before < 40
    again = run("classroom", "many")
    assert (again.returncode, again.stderr) == (0, "")
    assert f"{before} of them were graded before" in again.stdout


WRONG = [
    (("classroom", "nowhere"), "`nowhere` does not exist"),
    (("classroom", "submissions", "--roster", "nobody.csv"), "nobody.csv"),
    (("classroom", "submissions", "--exercise", "toy-exercize"), "Did you mean `toy-exercise`?"),
    (("classroom", "submissions", "--shard", "1/2"), "`--shard I/N` and `--results FILE` belong together"),
    (("classroom", "submissions", "--shard", "1/2", "--results", "x"), "give all of them the same `--seed NUMBER`"),
    (("classroom", "submissions", "--shard", "3/2"), "there is no shard `3/2`"),
    (("classroom", "submissions", "--engine", "dask"), "belong together"),
    (("classroom", "submissions", "--kind", "zip"), "there is no kind of submissions `zip`"),
    (("classroom", "--roster", "roster.csv"), "without SUBMISSIONS what the gradebook has kept is graded anew"),
    (("classroom", "submissions", "--gradebook", "roster.csv"), "roster.csv` is damaged, or no gradebook"),
    (("classroom", "submissions", "--gradebook", "no/where"), "there is no folder"),
    (("report", "class-page"), "gradebook.sqlite3"),
    (("report", "gradescope"), "`proctor grade --json FILE` makes one"),
    (("gradebook", "merge", "roster.csv"), "`roster.csv`, line 1: Invalid JSON"),
]


@pytest.mark.parametrize(("arguments", "told"), WRONG, ids=[" ".join(arguments) for arguments, _ in WRONG])
def test_a_command_that_cannot_be_meant_says_what_to_do(run: Run, arguments: tuple[str, ...], told: str) -> None:
    ended = run(*arguments)
    assert told in ended.stderr
    assert (ended.returncode, ended.stdout) == (2, "")
