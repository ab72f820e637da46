"""What students have uploaded to a learning management system: a ZIP each, or the files themselves.

Both systems give a teacher one ZIP with the uploads of everybody. It is read as it came, or from the folder that it was
unpacked to; an upload that is a ZIP itself is looked into, and that is the deepest that anything here looks.
"""

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from proctor.classroom.hand_in import HandIn
from proctor.classroom.sources.archive import is_zip, read_zip, without_clutter
from proctor.classroom.sources.declared import Declared, Entry, FilePath, Kind, Mirror, UnusableError, pick
from proctor.classroom.sources.found import Search, is_clutter, quoted
from proctor.classroom.sources.zip_file import OF_A_CLASS, OF_A_STUDENT, open_zip
from proctor.errors import UsageError

__all__ = ["LONGEST_NAME", "opened_download", "read_uploads"]

LONGEST_NAME: Final = 1000
"""Characters of a file's name that anything is looked for in."""

MOST_FILES: Final = 500_000
_OTHER_ARCHIVES: Final = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")


@contextmanager
def opened_download(search: Search, what: str) -> Generator[list[Entry]]:
    """Open a download for as long as its entries are read.

    Raises UsageError when there is no roster, without which nobody knows whose an upload is, or when it cannot be read.
    """
    if not search.people.has_roster:
        raise UsageError(f"a download from {what} needs a roster that says whose each upload is: give `--roster FILE`")
    if search.path.is_dir():
        yield list(_files_below(search.path))
        return
    try:
        with open_zip(search.path.resolve(), OF_A_CLASS) as entries:
            yield without_clutter(entries)
    except UnusableError as error:  # each upload is judged where it is read: this is the download's own fault
        raise UsageError(f"`{search.path}` {error}") from error


def _files_below(root: Path) -> Iterator[Entry]:
    """Yield everything below a folder, through no link."""
    count = 0
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not is_clutter(name))
        for name in [*folders, *sorted(name for name in files if not is_clutter(name))]:
            count += 1
            if count > MOST_FILES:
                raise UsageError(f"`{root}` holds more than {MOST_FILES:,} files: is it the right folder?")
            path = Path(folder) / name
            yield _entry(path, path.relative_to(root).parts)


def _entry(path: Path, relative: FilePath) -> Entry:
    kind = (
        Kind.LINK
        if path.is_symlink()
        else Kind.FOLDER
        if path.is_dir()
        else Kind.FILE
        if path.is_file()
        else Kind.OTHER
    )
    return Entry(relative, kind, path.lstat().st_size, partial(_read, path))


def _read(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            return file.read(OF_A_STUDENT.archive)
    except OSError as error:
        raise UnusableError(f"holds {quoted(path.name)}, which cannot be read ({error.strerror})") from error


def read_uploads(name: str, entries: Sequence[Entry], declared: Declared, work: Path) -> HandIn:
    """Return the hand-in of somebody's uploads, still without the student; ``work`` need not exist.

    Paths of ``entries`` are those that the student has given, ``name`` is what the upload is called in messages.
    """
    zips = [entry for entry in entries if len(entry.path) == 1 and is_zip(entry.path[0]) and entry.kind is Kind.FILE]
    others = [entry for entry in entries if entry not in zips]
    try:
        if not zips:
            _insist_on_no_other_archive(others)
            pick(others, declared, Mirror(work))
            return HandIn("", work, origin=f"upload {name}")
        if len(zips) > 1 or any(entry.path[-1].endswith(".py") for entry in others):
            raise UnusableError("has a ZIP and something beside it, and nobody knows which of them counts")  # noqa: TRY301 - one place for all problems
        return _inside(zips[0], declared, work)
    except UnusableError as error:
        return HandIn("", work, problem=f"the upload {quoted(name)} {error}", origin=f"upload {name}")


def _inside(upload: Entry, declared: Declared, work: Path) -> HandIn:
    """Read a ZIP by way of a file of ours, because whatever a ZIP may cost is bounded there."""
    if upload.size > OF_A_STUDENT.archive:
        raise UnusableError(f"has {upload.size:,} bytes; more than {OF_A_STUDENT.archive:,} are not read")
    copy = work.with_name(f"{work.name}.zip")
    copy.write_bytes(upload.read())
    try:
        return read_zip(copy, declared, work, upload.path[0])
    finally:
        copy.unlink()


def _insist_on_no_other_archive(entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry.path and entry.path[-1].casefold().endswith(_OTHER_ARCHIVES):
            raise UnusableError(f"is {quoted(entry.path[-1])}, and only ZIP files are looked into")
