"""The tables of a gradebook, and how those of an older Proctor become them.

Keys and times are columns, the rest of each document is JSON (`proctor.gradebook.spelling`). Every migration leads from
one version to the next, and none is changed once it was published.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

__all__ = ["APPLICATION_ID", "VERSION", "make_tables", "migrate", "version_of"]

APPLICATION_ID: Final = int.from_bytes(b"Prgb")
"""Tells a gradebook from any other SQLite file (https://sqlite.org/pragma.html#pragma_application_id)."""

VERSION: Final = 2

_INDEX_OF_SUBMISSIONS: Final = """
CREATE INDEX attempts_with_a_submission ON attempts (exercise, submission, graders)
"""

_TABLES: Final = (
    """
CREATE TABLE about (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), seed INTEGER NOT NULL) STRICT
""",
    """
CREATE TABLE students (
    id TEXT PRIMARY KEY,
    is_enrolled INTEGER NOT NULL,  -- 0: has left the roster, and keeps all history
    document TEXT NOT NULL
) STRICT
""",
    """
CREATE TABLE attempts (
    number INTEGER PRIMARY KEY,
    student TEXT NOT NULL REFERENCES students (id),
    exercise TEXT NOT NULL,
    submission TEXT NOT NULL,   -- digests
    graders TEXT NOT NULL,
    seed INTEGER NOT NULL,
    environment TEXT NOT NULL,  -- a digest
    isolation TEXT NOT NULL,    -- a JSON array
    scorecard TEXT NOT NULL,
    submitted_at TEXT,          -- times are ISO 8601 in UTC, of one length: their order is that of text
    graded_at TEXT NOT NULL,
    UNIQUE (student, exercise, submission, graders, seed, environment, isolation)
) STRICT
""",
    _INDEX_OF_SUBMISSIONS,
    """
CREATE TABLE files (
    submission TEXT NOT NULL,
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (submission, name)
) STRICT
""",
    """
CREATE TABLE receipts (
    student TEXT NOT NULL REFERENCES students (id),
    exercise TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (student, exercise)
) STRICT
""",
    """
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY,
    student TEXT NOT NULL REFERENCES students (id),
    exercise TEXT NOT NULL,
    kind TEXT NOT NULL,
    made_at TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (student, exercise, kind, made_at, document)
) STRICT
""",
)

_MIGRATIONS: Final[Mapping[int, Sequence[str]]] = {
    1: (_INDEX_OF_SUBMISSIONS,),  # a verdict is looked up for every submission that is handed in
}
"""What leads from a version to the next one."""


def version_of(database: sqlite3.Connection) -> int:
    """Return the version of the tables that are there."""
    (version,) = database.execute("PRAGMA user_version").fetchone()
    return version


def make_tables(database: sqlite3.Connection, seed: int) -> None:
    """Make the tables of a new gradebook; call it in a transaction."""
    for statement in _TABLES:
        database.execute(statement)
    database.execute("INSERT INTO about VALUES (1, ?)", (seed,))
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {VERSION}")


def migrate(database: sqlite3.Connection) -> None:
    """Bring older tables to this version; call it in a transaction, with a copy of the file made before."""
    for version in range(version_of(database), VERSION):
        for statement in _MIGRATIONS[version]:
            database.execute(statement)
    database.execute(f"PRAGMA user_version = {VERSION}")
