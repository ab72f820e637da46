"""Can your progress be kept, and is there room on the disk?"""

import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from proctor.learner.doctor.finding import Finding, Section, ok, problem

__all__ = ["examine_progress"]

_FOLDER: Final = ".proctor"
_ENOUGH: Final = 256 << 20
"""Bytes. One stage may fill 64 MiB, and several are under way at a time."""


def examine_progress(root: Path) -> Section:
    """Look at where progress is kept, and at the room that is left there and for temporary files."""
    return Section("Progress", _findings(root))


def _findings(root: Path) -> Iterator[Finding]:
    folder = root / _FOLDER
    if folder.exists() and not folder.is_dir():
        mend = f"mv {shlex.quote(str(folder))} {shlex.quote(f'{folder}-of-old')}"
        yield problem(f"`{folder}` is a file, and progress is kept in a folder of this name", mend)
    else:
        yield _writable(folder if folder.is_dir() else root)
    yield from _room(root)


def _writable(folder: Path) -> Finding:
    """Write a file that has no name, and look at those that have one."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
        closed = next((path for path in sorted(folder.glob("*")) if folder.name == _FOLDER and _is_closed(path)), None)
    except OSError as error:
        return problem(f"`{folder}` cannot be written to ({error.strerror}): progress is not kept", *_open_up(folder))
    if closed is not None:
        return problem(f"`{closed}` cannot be written to: progress is not kept", *_open_up(closed))
    return ok(f"progress can be kept in `{folder if folder.name == _FOLDER else folder / _FOLDER}`")


def _is_closed(path: Path) -> bool:
    return not os.access(path, os.R_OK | os.W_OK)


def _open_up(path: Path) -> list[str]:
    """Return the command that makes a file or folder writable, where its owner and its mode are what is in the way."""
    if os.access(path, os.R_OK | os.W_OK):  # a disk that is full or read-only
        return []
    name = shlex.quote(str(path))
    return [f"chmod -R u+rwX {name}" if path.stat().st_uid == os.geteuid() else f'sudo chown -R "$(id -u)" {name}']


def _room(root: Path) -> Iterator[Finding]:
    """Look at the disks of the course and of temporary files, which may be one."""
    places = [root]
    try:
        places.insert(0, Path(tempfile.gettempdir()))
    except FileNotFoundError as error:
        yield problem(f"grading needs a folder for temporary files: {error.strerror}", "df -h  # shows all disks")
    for path in {path.stat().st_dev: path for path in places}.values():
        free = shutil.disk_usage(path).free
        text = f"{free >> 20:,} MiB are free on the disk of `{path}`"
        if free >= _ENOUGH:
            yield ok(text)
        else:
            cache = "uv cache clean" if shutil.which("uv") else "python -m pip cache purge"
            mends = (
                f"{cache}  # frees what can be downloaded again",
                f"df -h {shlex.quote(str(path))}  # shows the disk",
            )
            yield problem(f"only {text}, and grading may need {_ENOUGH >> 20}", *mends)
