"""What a learner has done is remembered, whatever happens to the process or to the file."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from proctor.learner.progress import Attempt, Progress

KILLS = 20
SAVER = """
import sys
from pathlib import Path
from proctor.learner.progress import Attempt, Progress

with Progress(Path(sys.argv[1])) as progress:
    for number in range(int(sys.argv[2]), 1_000_000):
        progress.record(Attempt("toy", f"sha256:{number}", "sha256:graders", number % 100, 100, ("works", "lasts")))
        progress.keep_verdict("toy", str(number), "x" * 20_000)
        progress.show_hints("toy", number)
        print(number, *progress.notices, flush=True)
"""


def attempt(score: int = 40, *, submission: str = "sha256:1", exercise: str = "toy") -> Attempt:
    return Attempt(exercise, submission, "sha256:graders", score, 100, ("works", "lasts"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".proctor" / "progress.sqlite3"


@pytest.fixture
def progress(path: Path) -> Iterator[Progress]:
    with Progress(path) as progress:
        yield progress


def test_nothing_is_known_in_the_beginning(progress: Progress) -> None:
    assert progress.attempts("toy") == []
    assert not progress.has_passed("toy")
    assert progress.hints_shown("toy") == 0
    assert not progress.has_given_up("toy")
    assert progress.place == ""
    assert progress.notices == []


def test_everything_is_there_after_opening_anew(progress: Progress, path: Path) -> None:
    progress.record(attempt(40))
    progress.record(attempt(100, submission="sha256:2"))
    progress.keep_verdict("toy", "this", "that")
    progress.show_hints("toy", 2)
    progress.give_up("other")
    progress.place = "toy"
    progress.close()
    with Progress(path) as again:
        assert again.attempts("toy") == [attempt(40), attempt(100, submission="sha256:2")]
        assert again.has_passed("toy")
        assert again.verdict("toy", "this") == "that"
        assert again.hints_shown("toy") == 2
        assert again.has_given_up("other")
        assert again.place == "toy"


def test_the_same_again_is_no_new_attempt(progress: Progress) -> None:
    progress.record(attempt(40))
    progress.record(attempt(40))
    progress.record(attempt(60))
    progress.record(attempt(40))
    assert [one.score for one in progress.attempts("toy")] == [40, 60, 40]


def test_an_exercise_stays_passed_when_its_code_is_broken_later(progress: Progress) -> None:
    progress.record(attempt(100))
    progress.record(attempt(20))
    assert progress.has_passed("toy")
    assert not progress.has_passed("other")


def test_a_verdict_is_about_one_state_only(progress: Progress) -> None:
    progress.keep_verdict("toy", "this", "that")
    assert progress.verdict("toy", "something else") is None
    progress.keep_verdict("toy", "something else", "new")
    assert progress.verdict("toy", "this") is None


def test_two_processes_may_have_it_open(progress: Progress, path: Path) -> None:
    with Progress(path) as other:
        other.record(attempt(40))
        progress.record(attempt(60))
        other.show_hints("toy", 1)
    assert [one.score for one in progress.attempts("toy")] == [40, 60]


@pytest.mark.parametrize("damage", ["no database", "half of it", "a torn page"])
def test_a_damaged_file_is_set_aside_and_told(path: Path, damage: str) -> None:
    with Progress(path) as progress:
        for number in range(20):
            progress.record(attempt(number, submission=f"sha256:{number}"))
            progress.keep_verdict(str(number), "this", "that" * 500)
    whole = path.read_bytes()
    damaged = {
        "no database": b"not a database at all" * 100,
        "half of it": whole[: len(whole) // 2],
        "a torn page": whole[:8192] + os.urandom(4096) + whole[12288:],
    }[damage]
    path.write_bytes(damaged)
    with Progress(path, now=lambda: datetime(2026, 11, 23, 6, tzinfo=UTC)) as progress:
        (notice,) = progress.notices
        assert progress.attempts("toy") == []
        progress.record(attempt(60))
    (aside,) = path.parent.glob("progress-damaged-*.sqlite3")
    assert aside.name == "progress-damaged-20261123T060000000000Z.sqlite3"
    assert aside.read_bytes() == damaged
    assert aside.name in notice
    assert "your code is untouched" in notice
    with Progress(path) as again:
        assert again.notices == []
        assert again.attempts("toy") == [attempt(60)]


def test_the_file_of_a_newer_proctor_is_left_alone(path: Path) -> None:
    Progress(path).close()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    before = path.read_bytes()
    with Progress(path) as progress:
        progress.record(attempt())
        assert progress.attempts("toy") == [attempt()]  # for as long as the process lasts
        assert "newer Proctor" in progress.notices[0]
    assert path.read_bytes() == before


def test_where_no_file_can_be_made_the_learner_works_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("where a folder should be", encoding="utf-8")
    with Progress(tmp_path / "file" / "progress.sqlite3") as progress:
        progress.record(attempt())
        assert progress.attempts("toy") == [attempt()]
        assert "progress is not kept" in progress.notices[0]


def test_what_cannot_be_written_is_told_once(progress: Progress) -> None:
    progress.record(attempt())
    progress._database.execute("PRAGMA query_only = ON")  # noqa: SLF001 - as on a disk that has become read-only
    progress.record(attempt(60))
    progress.show_hints("toy", 1)
    assert len(progress.notices) == 1
    assert "was not written" in progress.notices[0]


def test_a_process_that_is_killed_while_saving_loses_nothing_that_it_had_saved(path: Path) -> None:
    random = Random(7)  # noqa: S311 - when to kill
    saved = 0
    for _ in range(KILLS):
        saver = subprocess.Popen(
            [sys.executable, "-P", "-c", SAVER, str(path), str(saved + 1)], stdout=subprocess.PIPE, text=True
        )
        with saver, saver.stdout or sys.stdin as told:
            for _ in range(random.randint(1, 12)):
                number, *notices = told.readline().split(maxsplit=1)
                saved = int(number)
                assert notices == []
            for _ in range(random.randint(0, 40_000)):
                pass  # so that it is hit at any place between two lines
            saver.send_signal(signal.SIGKILL)
            saved = max([saved, *(int(line) for line in told if line.endswith("\n"))])
        with Progress(path) as progress:
            attempts = progress.attempts("toy")
            assert progress.notices == []
            assert [one.submission for one in attempts[:saved]] == [f"sha256:{n}" for n in range(1, saved + 1)]
            assert len(attempts) - saved in {0, 1}  # the next one may be in already, without having been told
            assert progress.hints_shown("toy") in {saved, saved + 1}
            assert progress.verdict("toy", str(saved)) or progress.verdict("toy", str(saved + 1))
            saved = len(attempts)
