"""What is remembered of a learner: attempts, verdicts, hints, solutions looked at, and the place in the course.

Theory of operation. It is one SQLite file, `.proctor/progress.sqlite3`. Every change is one transaction with
``synchronous=FULL``, so that a process which is killed, or a machine which loses its power, leaves the state before or
after it. A file that is damaged all the same is set aside, never deleted, and a new one is begun; one of a newer
Proctor is left alone. Where nothing can be written, the memory lasts as long as the process. `notices` says so in each
case, and nobody is kept from working.

It is the learner's own file, so it decides nothing: no report is made from it.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

__all__ = ["Attempt", "Progress"]

VERSION: Final = 1
PATIENCE: Final = 10.0
"""Seconds to wait for another process that is writing."""

_SCHEMA: Final = """
CREATE TABLE attempts (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,          -- ISO 8601, UTC
    exercise TEXT NOT NULL,
    submission TEXT NOT NULL,  -- digests
    graders TEXT NOT NULL,
    score INTEGER NOT NULL,
    max_score INTEGER NOT NULL,
    passed TEXT NOT NULL       -- the ids of the checks, with spaces between them
) STRICT;
CREATE INDEX attempts_of_an_exercise ON attempts (exercise, number);
CREATE TABLE verdicts (exercise TEXT PRIMARY KEY, concerns TEXT NOT NULL, verdict TEXT NOT NULL) STRICT;
CREATE TABLE hints (exercise TEXT PRIMARY KEY, shown INTEGER NOT NULL) STRICT;
CREATE TABLE given_up (exercise TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT;
CREATE TABLE place (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), exercise TEXT NOT NULL) STRICT;
"""


@dataclass(frozen=True)
class Attempt:
    """One grading of one state of the learner's work; ``passed`` has the ids of checks."""

    exercise: str
    submission: str
    graders: str
    score: int
    max_score: int
    passed: tuple[str, ...]


class Progress:
    """The progress of whoever works in a clone; to be closed. ``notices`` says what the learner should know of it."""

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path, self._now = path, now
        self.notices: list[str] = []
        self._database = self._open()

    @classmethod
    def of(cls, root: Path) -> Self:
        """Open the progress of the course below ``root``."""
        return cls(root / ".proctor" / "progress.sqlite3")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    # Attempts and verdicts

    def record(self, attempt: Attempt) -> None:
        """Add an attempt, unless it is the last one over again."""
        if [attempt] != self.attempts(attempt.exercise, latest=1):
            self._write(
                "INSERT INTO attempts (at, exercise, submission, graders, score, max_score, passed)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                self._time(),
                attempt.exercise,
                attempt.submission,
                attempt.graders,
                attempt.score,
                attempt.max_score,
                " ".join(attempt.passed),
            )

    def attempts(self, exercise: str, latest: int = -1) -> list[Attempt]:
        """Return the attempts at an exercise in their order, all or only so many of the latest."""
        query = (
            "SELECT exercise, submission, graders, score, max_score, passed FROM attempts"
            " WHERE exercise = ? ORDER BY number DESC LIMIT ?"
        )
        rows = self._database.execute(query, (exercise, latest)).fetchall()  # to SQLite, -1 is no limit
        return [Attempt(*row[:-1], passed=tuple(row[-1].split())) for row in reversed(rows)]

    def has_passed(self, exercise: str) -> bool:
        """Tell whether an exercise had all its points at some time."""
        query = "SELECT 1 FROM attempts WHERE exercise = ? AND score = max_score LIMIT 1"
        return self._one(query, exercise) is not None

    def keep_verdict(self, exercise: str, concerns: str, verdict: str) -> None:
        """Remember the latest verdict on an exercise, and what it ``concerns``."""
        self._write("INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?)", exercise, concerns, verdict)

    def verdict(self, exercise: str, concerns: str) -> str | None:
        """Return the verdict that is remembered, if it concerns the very same."""
        return self._one("SELECT verdict FROM verdicts WHERE exercise = ? AND concerns = ?", exercise, concerns)

    # Help

    def hints_shown(self, exercise: str) -> int:
        """Return how many hints of an exercise have been shown."""
        return self._one("SELECT shown FROM hints WHERE exercise = ?", exercise) or 0

    def show_hints(self, exercise: str, count: int) -> None:
        """Remember that so many hints have been shown."""
        self._write("INSERT OR REPLACE INTO hints VALUES (?, ?)", exercise, count)

    def has_given_up(self, exercise: str) -> bool:
        """Tell whether the solution was looked at before the exercise had all its points."""
        return self._one("SELECT 1 FROM given_up WHERE exercise = ?", exercise) is not None

    def give_up(self, exercise: str) -> None:
        """Remember that the solution is looked at early; the first time counts."""
        self._write("INSERT OR IGNORE INTO given_up VALUES (?, ?)", exercise, self._time())

    # Place

    @property
    def place(self) -> str:
        """The exercise that the learner works at; empty before there is one."""
        return self._one("SELECT exercise FROM place") or ""

    @place.setter
    def place(self, exercise: str) -> None:
        self._write("INSERT OR REPLACE INTO place VALUES (1, ?)", exercise)

    # The file

    def _time(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def _one(self, query: str, *values: str) -> Any:  # whatever the column holds
        row = self._database.execute(query, values).fetchone()
        return None if row is None else row[0]

    def _write(self, command: str, *values: str | int) -> None:
        """Change all of it or nothing; a disk that is full is told, and the learner goes on."""
        try:
            self._database.execute(command, values)
        except sqlite3.OperationalError as error:
            self._notice(f"`{self._path}` was not written: {error}. This time is not remembered.")

    def _notice(self, text: str) -> None:
        if text not in self.notices:
            self.notices.append(text)

    def _open(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return self._connect()
        except sqlite3.OperationalError as error:  # no permission, a full disk, a lock: the file may be all right
            return self._without_a_file(f"it cannot be opened: {error}")
        except OSError as error:
            return self._without_a_file(f"it cannot be made: {error}")
        except sqlite3.DatabaseError as error:
            return self._begin_anew(error)

    def _connect(self) -> sqlite3.Connection:
        """Open the file. Raises sqlite3.DatabaseError when it is damaged."""
        database = sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            database.execute("PRAGMA synchronous = FULL")
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                database.close()
                return self._without_a_file("it was written by a newer Proctor; `nox -s update` brings that one")
            (state,) = database.execute("PRAGMA quick_check(1)").fetchone()
            if state != "ok":
                raise sqlite3.DatabaseError(state)  # noqa: TRY301 - as SQLite itself does where it notices
            if version < VERSION:
                self._make(database)
        except BaseException:
            database.close()
            raise
        return database

    def _make(self, database: sqlite3.Connection) -> None:
        """Make the tables, unless another process has just done so."""
        database.execute("BEGIN IMMEDIATE")
        with database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version < VERSION:
                for statement in _SCHEMA.split(";\n"):
                    database.execute(statement)
                database.execute(f"PRAGMA user_version = {VERSION}")

    def _without_a_file(self, why: str) -> sqlite3.Connection:
        self._notice(f"progress is not kept in `{self._path}`: {why}")
        database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._make(database)
        return database

    def _begin_anew(self, error: sqlite3.DatabaseError) -> sqlite3.Connection:
        """Set the damaged file aside, with the journal that belongs to it."""
        stamp = self._now().strftime("%Y%m%dT%H%M%S%fZ")
        aside = self._path.with_name(f"progress-damaged-{stamp}.sqlite3")
        try:
            for suffix in ("-journal", ""):
                part = self._path.with_name(self._path.name + suffix)
                if part.exists():
                    part.rename(aside.with_name(aside.name + suffix))
            database = self._connect()
        except (OSError, sqlite3.DatabaseError) as other:
            return self._without_a_file(f"it is damaged ({error}), and cannot be set aside: {other}")
        self._notice(
            f"`{self._path}` is damaged ({error}). It was set aside as `{aside.name}`, and a new one is begun: "
            "attempts, hints and your place in the course are forgotten; your code is untouched."
        )
        return database
