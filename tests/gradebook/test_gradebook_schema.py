"""A gradebook of an older Proctor is copied first, then brought to the tables of now, in one step or not at all."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.gradebook.evidence import ADA, BOB, HERE, MONDAY, attempt, card, decision, receipt

from proctor.errors import OurFault, UsageError
from proctor.gradebook import schema
from proctor.gradebook.backup import backups_of
from proctor.gradebook.gradebook import Gradebook

VERSION_1 = """
CREATE TABLE about (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), seed INTEGER NOT NULL) STRICT;
CREATE TABLE students (id TEXT PRIMARY KEY, is_enrolled INTEGER NOT NULL, document TEXT NOT NULL) STRICT;
CREATE TABLE attempts (
    number INTEGER PRIMARY KEY, student TEXT NOT NULL REFERENCES students (id), exercise TEXT NOT NULL,
    submission TEXT NOT NULL, graders TEXT NOT NULL, seed INTEGER NOT NULL, environment TEXT NOT NULL,
    isolation TEXT NOT NULL, scorecard TEXT NOT NULL, submitted_at TEXT, graded_at TEXT NOT NULL,
    UNIQUE (student, exercise, submission, graders, seed, environment, isolation)
) STRICT;
CREATE TABLE files (
    submission TEXT NOT NULL, name TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (submission, name)
) STRICT;
CREATE TABLE receipts (
    student TEXT NOT NULL REFERENCES students (id), exercise TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (student, exercise)
) STRICT;
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY, student TEXT NOT NULL REFERENCES students (id), exercise TEXT NOT NULL,
    kind TEXT NOT NULL, made_at TEXT NOT NULL, document TEXT NOT NULL,
    UNIQUE (student, exercise, kind, made_at, document)
) STRICT;
INSERT INTO about VALUES (1, 7);
INSERT INTO students VALUES ('ada', 1, '{"email":"","id":"ada","ids":{},"name":"Ada","section":"","team":""}');
INSERT INTO attempts VALUES (
    1, 'ada', 'toy', 'sha256:1', 'sha256:graders', 7, 'sha256:environment', '["landlock","seccomp"]',
    '{"checks":[],"duration_s":1.0,"exercise":"toy","graders":"sha256:graders","max_score":100,"message":"","score":40,'
    || '"status":"graded","submission":"sha256:1"}',
    NULL, '2026-11-23T06:00:00.000000+00:00'
);
INSERT INTO files VALUES ('sha256:1', 'main.py', x'23');
PRAGMA application_id = 1349674850;
PRAGMA user_version = 1;
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "grades.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(VERSION_1)
    path.chmod(0o640)
    return path


def tables(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT name, coalesce(sql, '') FROM sqlite_schema").fetchall()
    return {(name, re.sub(r"--.*|\s+", "", sql)) for name, sql in rows}


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [*database.iterdump()]


def test_an_older_gradebook_is_copied_migrated_and_told(old: Path, tmp_path: Path) -> None:
    before = content(old)
    old.with_name("grades-backup-v1-20260101T000000000000Z.sqlite3.unfinished").touch()  # somebody was killed
    with Gradebook.open(old, now=lambda: MONDAY) as gradebook:
        (notice,) = gradebook.notices
        assert gradebook.seed == 7
        (recorded,) = gradebook.attempts()
        assert recorded.scorecard.score == 40
        assert gradebook.verdict("toy", "sha256:1", "sha256:graders", HERE) == recorded.scorecard
        assert gradebook.files("sha256:1") == {"main.py": b"#"}
        gradebook.enroll([ADA, BOB])
        assert gradebook.record([attempt(), attempt("bob")], [receipt()]) == 1
        gradebook.decide(decision())
        assert gradebook.forget("ada").backups == (*backups_of(old),)
    (copy,) = backups_of(old)
    assert copy.name == "grades-backup-v1-20261123T060000000000Z.sqlite3"
    assert copy.name in notice
    assert content(copy) == before
    assert copy.stat().st_mode & 0o777 == 0o640
    with Gradebook.open(old) as again:
        assert again.notices == []
    with Gradebook.open(tmp_path / "new.sqlite3"):
        assert tables(old) == tables(tmp_path / "new.sqlite3")
    assert len([*tmp_path.iterdir()]) == 3


def test_a_copy_is_a_gradebook_that_can_be_put_back(old: Path) -> None:
    with Gradebook.open(old, now=lambda: MONDAY) as gradebook:
        dump = [*gradebook.dump()]
    (copy,) = backups_of(old)
    copy.replace(old)
    with Gradebook.open(old) as again:
        assert [*again.dump()] == dump


def test_without_a_copy_nothing_is_migrated(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(old)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("proctor.gradebook.backup.sync_folder", refuse)
    with pytest.raises(OurFault, match=r"was left as it is, because no copy of it can be made: No space left"):
        Gradebook.open(old)
    assert content(old) == before


def test_a_migration_that_fails_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(old)
    monkeypatch.setattr(schema, "_MIGRATIONS", {1: ("DELETE FROM attempts", "SELECT missing")})
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        Gradebook.open(old)
    assert content(old) == before
    with closing(sqlite3.connect(old)) as database:
        assert schema.version_of(database) == 1


def test_the_damage_of_a_gradebook_is_told_with_its_copies(old: Path) -> None:
    with Gradebook.open(old, now=lambda: MONDAY) as gradebook:
        gradebook.enroll([ADA])
        gradebook.record([attempt(scorecard=card())], [])
    old.write_bytes(b"not a database at all" * 100)
    with pytest.raises(
        UsageError, match=r"Made before a migration: `grades-backup-v1-20261123T060000000000Z\.sqlite3`"
    ):
        Gradebook.open(old)
