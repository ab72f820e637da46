"""A ZIP file of a stranger, read without unpacking it.

Theory of operation. Nothing is extracted: names are looked at, and the few files that are wanted are read into memory
(see `proctor.classroom.sources.declared`). What an archive could cost is bounded before it costs anything:

* its own size, when it is opened, as an ordinary file and through no link;
* its directory, which ``zipfile`` reads in one piece: no piece larger than the limit is ever read, so that a million
  names are refused before they become a million objects;
* its decompression: ``zipfile`` produces no more than the size that the directory states, and a file that states more
  than is read of any is not touched;
* its methods: only stored and deflated, because the others may ask for gigabytes of memory.

Archives in archives are files like others, and no file of theirs is wanted. Folder names in encodings other than UTF-8
come out misspelled, which does no harm: names of exercises and of their files are ASCII.
"""

import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, cast

from proctor.classroom.sources.declared import IS_A_LINK, Entry, FilePath, Kind, UnusableError

__all__ = ["OF_A_CLASS", "OF_A_STUDENT", "Limits", "open_zip"]


@dataclass(frozen=True)
class Limits:
    """Bytes of an archive, bytes of its directory, and the number of its files."""

    archive: int
    directory: int
    files: int


OF_A_STUDENT: Final = Limits(64 << 20, 2 << 20, 10_000)
OF_A_CLASS: Final = Limits(4 << 30, 64 << 20, 500_000)

_FAULTS: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,  # encrypted, or of a method that zipfile does not know
    ValueError,  # a name that is not in the encoding that it claims
)
_DAMAGED: Final = "is damaged, or no ZIP file"
_ENCRYPTED: Final = 0x1
_DRIVE: Final = re.compile(r"[A-Za-z]:")


class _Measured(io.FileIO):
    """A file of which nothing is read in pieces larger than ``longest``."""

    def __init__(self, descriptor: int, size: int, longest: int) -> None:
        super().__init__(descriptor, "rb")
        self._size, self._longest = size, longest

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self._size - self.tell() if size is None or size < 0 else size
        if wanted > self._longest:
            raise UnusableError("lists too many files: hand in the exercises alone")
        return cast("bytes", super().read(size))


@contextmanager
def open_zip(path: Path, limits: Limits = OF_A_STUDENT) -> Generator[list[Entry]]:
    """Open an archive for as long as its entries are read. Raises UnusableError; so does reading an entry."""
    with _opened(path, limits) as file, _read_by_zipfile(file) as archive:
        infos = archive.infolist()
        if len(infos) > limits.files:
            raise UnusableError(f"holds more than {limits.files:,} files: hand in the exercises alone")
        yield [_entry(archive, info) for info in infos]


@contextmanager
def _opened(path: Path, limits: Limits) -> Generator[_Measured]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        is_link = path.is_symlink()
        raise UnusableError(IS_A_LINK if is_link else "cannot be read") from error
    status = os.fstat(descriptor)
    with _Measured(descriptor, status.st_size, limits.directory) as file:
        if not stat.S_ISREG(status.st_mode):
            raise UnusableError("is no ordinary file")
        if status.st_size > limits.archive:
            raise UnusableError(f"has {status.st_size:,} bytes; more than {limits.archive:,} are not read")
        yield file


def _read_by_zipfile(file: _Measured) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except _FAULTS as error:
        raise UnusableError(_DAMAGED) from error


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    path, leads_out = _path(info.filename)
    kind = Kind.OUTSIDE if leads_out else _kind(info)
    return Entry(path, kind, info.file_size, partial(_read, archive, info))


def _path(name: str) -> tuple[FilePath, bool]:
    """Return the parts of a path, and whether it leads out of the archive. Some Windows tools write backslashes."""
    parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in {"", "."})
    leads_out = name.startswith(("/", "\\")) or ".." in parts or bool(_DRIVE.match(name))
    return parts, leads_out


def _kind(info: zipfile.ZipInfo) -> Kind:
    """Tell what an entry is. The upper half of its attributes is the mode that Unix gives it, or nothing."""
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return Kind.LINK
    if info.is_dir() or info.filename.endswith("\\") or stat.S_ISDIR(mode):
        return Kind.FOLDER
    return Kind.FILE if stat.S_IFMT(mode) in {0, stat.S_IFREG} else Kind.OTHER


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise UnusableError("is encrypted: hand it in without a password")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UnusableError("is compressed by a method other than that of ordinary ZIP files")
    try:
        with archive.open(info) as file:
            return file.read(info.file_size)
    except _FAULTS as error:
        raise UnusableError(_DAMAGED) from error
