"""Does the system tell us of saved files? Tried for real, so that `watch` knows whether it has to look by itself.

Theory of operation
-------------------
A file is saved in a temporary folder below the one that is asked about, and its event has to come. That finds a kernel
that has no events, limits that are used up (each watched folder counts), and a folder that cannot be written to.

What it cannot find are mounts that are shared with another machine: a network, the host of a container, Windows around
WSL. Our own kernel tells us of what we save there ourselves, and never of what an editor on the other side saves. So
the kind of file system is asked first, and on a shared one the answer is no.

A wrong no costs a little processor time, because `watch` then looks at the files several times a second. A wrong yes
would cost the verdict: nothing would happen when the learner saves. So whatever is in doubt is a no.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import psutil
from watchfiles import watch

__all__ = ["FileEvents", "file_events_arrive"]

_VARIABLE: Final = "WATCHFILES_FORCE_POLLING"
_NO_POLLING: Final = frozenset({"false", "disable", "disabled"})
"""The variable of watchfiles that asks for polling, and the values with which it forbids that."""

_SHARED: Final = frozenset({
    "9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "davfs", "drvfs", "fakeowner", "gfs2", "glusterfs", "gpfs",
    "lustre", "nfs", "nfs4", "ocfs2", "osxfs", "prl_fs", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
    "webdav",
})  # fmt: skip
"""File systems that somebody else may write to: networks, hosts of containers and of virtual machines, Windows."""

_LIMITS: Final = {"Too many open files": "max_user_instances", "file watch limit": "max_user_watches"}
"""What notify says when a limit of inotify(7) is used up, and the name of that limit."""

_INOTIFY: Final = Path("/proc/sys/fs/inotify")
_RAISED: Final = 8

_ROUND_MS: Final = 10
_ROUNDS: Final = 100
"""How long to wait, in rounds and not by the clock: on a busy machine the rounds take longer, and so does the event."""


@dataclass(frozen=True)
class FileEvents:
    """Whether events arrive. ``why`` says so in words; ``mend`` is the command that makes them arrive, or is empty."""

    works: bool
    why: str
    mend: str = ""


def file_events_arrive(folder: Path) -> FileEvents:
    """Try whether the system tells of a file that is saved below a folder. Takes milliseconds, a second where it fails.

    Returns why not, where events do not arrive, and raises nothing for it. The environment variable
    ``WATCHFILES_FORCE_POLLING`` decides first, as everywhere in watchfiles. Nothing is left in the folder.
    """
    wish = os.environ.get(_VARIABLE, "")
    if wish and wish.lower() not in _NO_POLLING:
        return FileEvents(works=False, why=f"`{_VARIABLE}={wish}` asks for polling", mend=f"unset {_VARIABLE}")
    folder = folder.resolve()
    shared = "" if wish else _shared_file_system(folder)
    if shared:
        why = f"`{folder}` lies on a file system that is shared ({shared}): saves on its other side are not told"
        return FileEvents(works=False, why=why)
    try:
        # Other watchers of this folder pass over names that end like those of backups.
        probe = Path(tempfile.mkdtemp(prefix=".proctor-", suffix="~", dir=folder))
    except OSError as error:
        return FileEvents(works=False, why=f"`{folder}` cannot be written to ({error.strerror})")
    try:
        return _try(folder, probe / "saved~")
    except (OSError, RuntimeError) as error:  # the latter when no watcher can be had at all
        return FileEvents(works=False, why=_first_sentence(error), mend=_raise_limit(str(error)))
    finally:
        shutil.rmtree(probe, ignore_errors=True)


def _try(folder: Path, file: Path) -> FileEvents:
    """Save a file while its folder is watched."""
    changes = watch(
        folder,
        watch_filter=None,
        debounce=_ROUND_MS,
        step=1,
        rust_timeout=_ROUND_MS,
        yield_on_timeout=True,
        force_polling=False,
        ignore_permission_denied=False,  # else a limit that is used up goes by in silence, too
    )
    with closing(changes):
        next(changes)  # only now the folder is watched
        file.write_text("saved\n", encoding="utf-8")
        for round_ in islice(changes, _ROUNDS):
            if any(Path(path) == file for _, path in round_):
                return FileEvents(works=True, why="a file that was saved for a trial was told of at once")
    return FileEvents(works=False, why=f"a file that was saved for a trial in `{folder}` was not told of")


def _shared_file_system(folder: Path) -> str:
    """Return the name of the file system if somebody else may write to it, or an empty text."""
    kind = _file_system(folder, _mounts())
    return kind if kind in _SHARED or kind.startswith("fuse.") else ""


def _mounts() -> list[tuple[str, str]]:
    """Return folder and kind of every mount, or nothing where the system does not say."""
    with suppress(OSError, psutil.Error):
        return [(part.mountpoint, part.fstype) for part in psutil.disk_partitions(all=True)]
    return []


def _file_system(folder: Path, mounts: Iterable[tuple[str, str]]) -> str:
    """Return the kind of the file system that holds a folder: the innermost mount, of two in one place the later."""
    around = [(len(Path(point).parts), kind) for point, kind in mounts if folder.is_relative_to(point)]
    deepest = max((depth for depth, _ in around), default=0)
    return next((kind.lower() for depth, kind in reversed(around) if depth == deepest), "")


def _raise_limit(said: str) -> str:
    """Return the command that raises the limit which notify has met, if it is one."""
    name = next((name for words, name in _LIMITS.items() if words in said), "")
    try:
        limit = int((_INOTIFY / name).read_text(encoding="ascii")) if name else 0
    except (OSError, ValueError):
        return ""
    return f"sudo sysctl -w fs.inotify.{name}={_RAISED * limit}" if limit else ""


def _first_sentence(error: Exception) -> str:
    """Return what notify says, without the names of its own types."""
    return str(error).split(" about ", maxsplit=1)[0].rstrip(".")
