"""A gradebook is whole or told not to be: whatever stops a process, fills a disk or lies where it should be."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest
from tests.gradebook.evidence import ADA, BOB, attempt, card, decision, receipt

from proctor.errors import OurFault, UsageError
from proctor.gradebook.gradebook import Gradebook

KILLS = 10
ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from pathlib import Path
from proctor.gradebook.gradebook import Gradebook
from tests.gradebook.evidence import ADA, BOB, attempt, card, decision, receipt

path, first, last, student = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
with Gradebook.open(path) as gradebook:
    gradebook.enroll([ADA, BOB])
    for number in range(first, last):
        work = attempt(student, card(f"sha256:{number}"), files={"main.py": b"x" * 20_000 + b"%d" % number})
        gradebook.record([work], [receipt(student, message=str(number))])
        gradebook.decide(decision(student, str(number)))
        print(number, flush=True)
"""

FULL_DISK = """
import resource, sys
from pathlib import Path
from proctor.errors import ProctorError
from proctor.gradebook.gradebook import Gradebook
from tests.gradebook.evidence import attempt, card, receipt

try:
    if sys.argv[2] == "before":
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
    with Gradebook.open(Path(sys.argv[1])) as gradebook:
        size = Path(sys.argv[1]).stat().st_size + 100_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        work = [attempt("ada", card(f"sha256:{number}"), files={"main.py": bytes(9000)}) for number in range(99)]
        gradebook.record(work, [receipt(message="half-written")])
except ProctorError as error:
    print(type(error).__name__, error)
"""

WITHOUT_RIGHTS = """
import os, sys
from pathlib import Path
from proctor.errors import UsageError
from proctor.gradebook.gradebook import Gradebook
from proctor.isolation.privileges import drop

if os.geteuid() == 0:
    drop()  # root may write anywhere
try:
    Gradebook.open(Path(sys.argv[1]))
except UsageError as error:
    print(error)
"""


def run(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def outcome(program: str, *arguments: object) -> str:
    with run(program, *arguments) as process:
        told, _ = process.communicate()
    assert process.returncode == 0
    return told


@contextmanager
def holding(path: Path, begin: str) -> Generator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(begin)
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "grades.sqlite3"


@pytest.fixture
def filled(path: Path) -> Path:
    with Gradebook.open(path, seed=7) as gradebook:
        gradebook.enroll([ADA, BOB])
        gradebook.record([attempt(scorecard=card(f"sha256:{n}", message="m" * 3000)) for n in range(20)], [receipt()])
    return path


def test_a_process_that_is_killed_loses_nothing_and_leaves_nothing_half_written(path: Path) -> None:
    random = Random(7)  # noqa: S311 - when to kill
    next_one = 0
    for _ in range(KILLS):
        with run(WRITER, path, next_one, 1_000_000, "ada") as writer, writer.stdout or sys.stdin as told:
            for _ in range(random.randint(0, 5)):
                next_one = int(told.readline()) + 1
            for _ in range(random.randint(0, 40_000)):
                pass  # so that it is hit at any place between two lines
            writer.send_signal(signal.SIGKILL)
            next_one = max([next_one, *(int(line) + 1 for line in told if line.endswith("\n"))])
        with Gradebook.open(path) as gradebook:
            recorded = [one.scorecard.submission for one in gradebook.attempts()]
            assert recorded[:next_one] == [f"sha256:{number}" for number in range(next_one)]
            assert len(recorded) - next_one in {0, 1}  # the next one may be in already, without having been told
            assert len(gradebook.decisions()) in {next_one, len(recorded)}
            if recorded:
                assert [one.message for one in gradebook.receipts()] == [str(len(recorded) - 1)]
            for number, submission in enumerate(recorded):
                assert gradebook.files(submission)["main.py"].endswith(b"x%d" % number)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_two_processes_that_begin_and_write_at_the_same_time_lose_nothing(path: Path) -> None:
    writers = [run(WRITER, path, first, first + 12, student) for first, student in ((0, "ada"), (100, "bob"))]
    for writer in writers:
        with writer:
            told, _ = writer.communicate()
        assert (writer.returncode, len(told.splitlines())) == (0, 12)
    with Gradebook.open(path) as gradebook:
        recorded = {one.scorecard.submission for one in gradebook.attempts()}
        assert recorded == {f"sha256:{number}" for number in (*range(12), *range(100, 112))}
        assert [one.message for one in gradebook.receipts()] == ["11", "111"]
        assert len(gradebook.decisions()) == 24
        assert len([*gradebook.dump()]) == 2 + 24 + 2 + 24 + 24


def test_nobody_but_the_owner_may_read_a_new_gradebook(filled: Path) -> None:
    assert filled.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in filled.parent.iterdir()] == [filled.name]


def test_a_gradebook_is_made_on_a_drive_without_hard_links(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with Gradebook.open(path, seed=7) as gradebook:
        assert gradebook.seed == 7
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("damage", ["no database", "half of it", "a torn page", "an empty file"])
def test_a_damaged_gradebook_is_left_as_it_is_and_told(filled: Path, damage: str) -> None:
    whole = filled.read_bytes()
    damaged = {
        "no database": b"not a database at all" * 100,
        "half of it": whole[: len(whole) // 2],
        "a torn page": whole[:8192] + bytes(range(256)) * 16 + whole[12288:],
        "an empty file": b"",
    }[damage]
    filled.write_bytes(damaged)
    with pytest.raises(UsageError, match=r"damaged.*left as it is.*put your latest copy of it in its place"):
        Gradebook.open(filled)
    assert filled.read_bytes() == damaged
    assert [one.name for one in filled.parent.iterdir()] == [filled.name]


def test_a_document_that_cannot_be_read_is_told(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as database, database:
        database.execute("UPDATE attempts SET scorecard = '{}' WHERE number = 3")
        database.execute("UPDATE receipts SET document = '{'")
    with Gradebook.open(filled) as gradebook:
        for look in (gradebook.attempts, gradebook.receipts):
            with pytest.raises(UsageError, match="holds what this Proctor cannot read"):
                look()
        assert gradebook.record([], [receipt()]) == 0


def test_another_sqlite_file_is_no_gradebook(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE attempts (number INTEGER PRIMARY KEY)")
    before = path.read_bytes()
    with pytest.raises(UsageError, match=r"no gradebook but another SQLite file.*Name another file"):
        Gradebook.open(path)
    assert path.read_bytes() == before


def test_a_folder_or_a_place_where_no_file_can_be_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is a folder. Name the file"):
        Gradebook.open(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"cannot be had: .*Name a file in a folder"):
        Gradebook.open(tmp_path / "file" / "grades.sqlite3")
    (tmp_path / "astray").symlink_to(tmp_path / "nowhere" / "grades.sqlite3")
    with Gradebook.open(tmp_path / "astray"):
        assert (tmp_path / "nowhere" / "grades.sqlite3").is_file()


def test_a_gradebook_of_a_newer_proctor_is_left_alone(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as database:
        database.execute("PRAGMA user_version = 99")
    before = filled.read_bytes()
    with pytest.raises(UsageError, match=r"newer Proctor.*`nox -s update`"):
        Gradebook.open(filled)
    assert filled.read_bytes() == before


@pytest.mark.parametrize("what", ["the file", "its folder"])
def test_a_gradebook_that_may_not_be_written_is_told(filled: Path, what: str) -> None:
    place, mode = {"the file": (filled, 0o400), "its folder": (filled.parent, 0o500)}[what]
    before = place.stat().st_mode
    place.chmod(mode)
    try:
        told = outcome(WITHOUT_RIGHTS, filled)
    finally:
        place.chmod(before)
    assert f"cannot be written: you have no right to write to `{place}`" in told


def test_a_gradebook_that_another_process_holds_is_told(filled: Path) -> None:
    with holding(filled, "BEGIN EXCLUSIVE"), pytest.raises(UsageError, match=r"in use by another process.*repeat"):
        Gradebook.open(filled, patience=0.01)
    with Gradebook.open(filled, patience=0.01) as gradebook:
        with holding(filled, "BEGIN IMMEDIATE"):
            assert len(gradebook.attempts()) == 20  # who only reads is let in
            with pytest.raises(UsageError, match=r"Nothing of this was recorded"):
                gradebook.decide(decision())
        gradebook.decide(decision())
        assert gradebook.decisions() == [decision()]


def test_on_a_full_disk_nothing_is_half_written(filled: Path) -> None:
    with Gradebook.open(filled) as gradebook:
        before = [*gradebook.dump()]
        (pages,) = gradebook._file._database.execute("PRAGMA page_count").fetchone()  # noqa: SLF001 - how full it is
        gradebook._file._database.execute(f"PRAGMA max_page_count = {pages + 3}")  # noqa: SLF001 - so little room
        large = [attempt("bob", card(f"sha256:large{number}"), files={"main.py": bytes(9000)}) for number in range(9)]
        with pytest.raises(OurFault, match=r"could not be read or written: .*full.*Make room"):
            gradebook.record(large, [receipt(message="half-written")])
        assert [*gradebook.dump()] == before
        assert gradebook.record([attempt("bob")], []) == 1  # there is room for that


@pytest.mark.skipif(sys.platform != "linux", reason="other systems end the process at this limit")
def test_a_process_that_may_write_no_more_says_so_and_leaves_all_as_it_was(filled: Path, tmp_path: Path) -> None:
    with Gradebook.open(filled) as gradebook:
        before = [*gradebook.dump()]
    assert outcome(FULL_DISK, filled, "later").startswith(f"OurFault `{filled}` could not be read or written: ")
    with Gradebook.open(filled) as gradebook:
        assert [*gradebook.dump()] == before
    new = tmp_path / "new" / "grades.sqlite3"
    assert outcome(FULL_DISK, new, "before").startswith(f"OurFault `{new}` could not be read or written: ")
    assert [*new.parent.glob("*")] == []


def test_who_is_stopped_in_a_change_may_go_on_after_it(filled: Path) -> None:
    with Gradebook.open(filled) as gradebook:
        before = [*gradebook.dump()]

        def change_and_stop() -> None:
            with gradebook._file.changing() as database:  # noqa: SLF001 - to be in the middle of it
                database.execute("DELETE FROM attempts")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            change_and_stop()
        assert [*gradebook.dump()] == before
        assert gradebook.record([attempt("bob")], []) == 1
