"""The file of a gradebook: makes it, opens it, refuses what is none, and changes all of it or nothing.

Theory of operation. A gradebook is evidence, in one SQLite file that a teacher copies, mails and archives as one.

* **A rollback journal, no write-ahead log.** With a log, what was recorded last lies in a second file, which a copy of
  the first leaves out; and all processes have to share memory, which a network drive does not offer. Its advantage,
  readers beside a writer, is worth little here: every transaction lasts for milliseconds, and whoever comes meanwhile
  waits. The journal exists only while a transaction is under way. After a crash it stays, and whoever opens the
  gradebook next rolls back with it what was unfinished. Locks on a network drive are as good as that drive.
* **``synchronous=EXTRA``** is FULL, and waits for the folder, too, after the journal was removed: otherwise a power cut
  might bring the journal back, and with it the state before what was reported as recorded.
* **Every change is one transaction** that takes the write lock first, so that two writers wait for each other and
  never meet half-way. What goes in is made ready before, so that nothing slow happens under the lock.
* **A new gradebook appears whole.** It is made under another name and linked to its own, which fails if another process
  was quicker; theirs is the gradebook then. So an empty file is none, whatever has emptied it.
* **Nothing is mended.** What is damaged, newer, locked or something else is left as it is, and told. Older tables are
  migrated in one transaction; under its write lock the file is copied first, so that the copy is what was migrated.
* What is removed is overwritten with zeros (``secure_delete``).

A connection belongs to the thread that opened it.
"""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from proctor.errors import OurFault, ProctorError, UsageError
from proctor.gradebook.backup import back_up, backups_of, sync_folder
from proctor.gradebook.schema import APPLICATION_ID, VERSION, make_tables, migrate, version_of

__all__ = ["PATIENCE", "GradebookFile"]

PATIENCE: Final = 30.0
"""Seconds to wait for another process that is writing."""

_PRIMARY_CODE: Final = 0xFF
"""The part of SQLite's error codes that says what, without in which circumstances (https://sqlite.org/rescode.html)."""


class GradebookFile:
    """An open gradebook; to be closed. ``notices`` says what was done to open it."""

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self.path, self._database = path, database
        self.notices: list[str] = []

    @classmethod
    def open(cls, path: Path, seed: int, now: Callable[[], datetime], patience: float) -> Self:
        """Open a gradebook, and make it, with this seed, when it is missing.

        Raises UsageError for a file that is no sound gradebook, or not to be had, and OurFault when the disk fails.
        """
        try:
            path = path.resolve()
            if not path.exists():
                with _told(path):
                    _make(path, seed)
            _insist_on_access(path)
        except OSError as error:
            raise UsageError(
                f"the gradebook `{path}` cannot be had: {error.strerror}. Name a file in a folder where you may write, "
                "on a disk with room."
            ) from error
        with _told(path):
            database = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=patience, isolation_level=None)
        file = cls(path, database)
        try:
            with _told(path):
                file._prepare(now)
        except BaseException:
            file.close()
            raise
        return file

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """Look at one state, whatever others write meanwhile. They wait for the end of this, so be brief."""
        try:
            with self._transaction("BEGIN") as database:
                yield database
        except UnicodeEncodeError:  # what was looked for cannot be in the file
            raise
        except (ValueError, KeyError) as error:  # a document in the file is not as it should be
            raise UsageError(
                f"`{self.path}` holds what this Proctor cannot read: {error}\nIt was left as it is. If a newer Proctor "
                f"wrote it, use that one (`nox -s update`); otherwise it is damaged. {_what_to_put_back(self.path)}"
            ) from error

    @contextmanager
    def changing(self) -> Generator[sqlite3.Connection]:
        """Change all of what follows or nothing, and let nobody else write meanwhile."""
        with self._transaction("BEGIN IMMEDIATE") as database:
            yield database

    def shrink(self) -> None:
        """Write the file anew without the room of what was removed."""
        with _told(self.path):
            self._database.execute("VACUUM")

    @contextmanager
    def _transaction(self, begin: str) -> Generator[sqlite3.Connection]:
        with _told(self.path):
            try:
                self._database.execute(begin)
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:  # after some failures SQLite has rolled back by itself
                    self._database.execute("ROLLBACK")
                raise

    def _prepare(self, now: Callable[[], datetime]) -> None:
        """Check the file, and bring its tables to this version."""
        self._database.execute("PRAGMA synchronous = EXTRA")
        self._database.execute("PRAGMA secure_delete = ON")
        (application,) = self._database.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION_ID:
            what = "an empty file" if not self.path.stat().st_size else "another SQLite file"
            raise UsageError(
                f"`{self.path}` is no gradebook but {what}, or it is damaged. It was left as it is. Name another file "
                f"to begin a gradebook. {_what_to_put_back(self.path)}"
            )
        if version_of(self._database) > VERSION:
            raise UsageError(
                f"`{self.path}` was written by a newer Proctor. It was left as it is; `nox -s update` brings that one."
            )
        (state,) = self._database.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise _damaged(self.path, " ".join(state.split()))
        if version_of(self._database) < VERSION:
            self._migrate(now)
        self._database.execute("PRAGMA foreign_keys = ON")

    def _migrate(self, now: Callable[[], datetime]) -> None:
        with self.changing() as database:
            version = version_of(database)
            if version == VERSION:  # another process was quicker
                return
            try:
                copy = back_up(self.path, version, now)
            except OSError as error:
                raise OurFault(
                    f"`{self.path}` is of an older Proctor, and was left as it is, because no copy of it can be made: "
                    f"{error.strerror}. Make room beside it, and repeat the command."
                ) from error
            migrate(database)
        self.notices.append(
            f"`{self.path}` is of an older Proctor and was brought to version {VERSION}. What it was before is kept in "
            f"`{copy.name}`."
        )


def _make(path: Path, seed: int) -> None:
    """Make a gradebook, unless another process makes it meanwhile. Nobody else on the machine may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    os.close(descriptor)
    new = Path(name)
    try:
        with closing(sqlite3.connect(new, isolation_level=None)) as database:
            database.execute("BEGIN")
            make_tables(database, seed)
            database.execute("COMMIT")
        _put_in_place(new, path)
    finally:
        new.unlink(missing_ok=True)
    sync_folder(path.parent)


def _put_in_place(new: Path, path: Path) -> None:
    try:
        path.hardlink_to(new)
    except FileExistsError:
        return
    except OSError:  # a drive without hard links
        if not path.exists():
            new.rename(path)


def _insist_on_access(path: Path) -> None:
    if path.is_dir():
        raise UsageError(f"`{path}` is a folder. Name the file of a gradebook.")
    for place in (path, path.parent):  # SQLite's journal lies beside the file
        if not os.access(place, os.R_OK | os.W_OK):
            raise UsageError(
                f"the gradebook `{path}` cannot be written: you have no right to write to `{place}`. Take the right to "
                "it, or copy the gradebook to a folder of yours and name the copy."
            )


@contextmanager
def _told(path: Path) -> Generator[None]:
    """Say in words what SQLite reports about a file."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        words = _in_words(error, path)
        if words is None:
            raise
        raise words from error


def _in_words(error: sqlite3.DatabaseError, path: Path) -> ProctorError | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)  # what Python itself raises has none
    match None if code is None else code & _PRIMARY_CODE:
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return _damaged(path, str(error))
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            return UsageError(
                f"`{path}` is in use by another process, which has not let go of it for a long time ({error}). Nothing "
                "of this was recorded. Let the other one end, and repeat the command."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return UsageError(
                f"the gradebook `{path}` cannot be written ({error}). Look at the rights of the file and of its "
                "folder, then repeat the command."
            )
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_NOMEM:
            return OurFault(
                f"`{path}` could not be read or written: {error}. What was recorded before is there, and nothing of "
                "this. Make room on its disk, and repeat the command."
            )
        case _:
            return None


def _damaged(path: Path, how: str) -> UsageError:
    return UsageError(
        f"`{path}` is damaged, or no gradebook ({how}). It was left as it is: a gradebook is never begun anew by "
        f"itself. {_what_to_put_back(path)}"
    )


def _what_to_put_back(path: Path) -> str:
    copies = backups_of(path)
    known = f" Made before a migration: {', '.join(f'`{copy.name}`' for copy in copies)}." if copies else ""
    return f"If it should be one, move it away and put your latest copy of it in its place.{known}"
