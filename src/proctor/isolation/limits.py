"""The layer of limits: processor time, memory, open files, file size, disk space, and for servers the processes.

Memory is limited by address space, because shared mappings count there and nowhere else. Disk space has no limit of its
own for an ordinary user, so `disk_is_full` is asked again and again while a stage runs.

Source: getrlimit(2)
"""

import os
import resource
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from proctor.isolation.layers import Profile

__all__ = ["CPU_SECONDS", "DISK_BYTES", "DISK_FILES", "apply", "disk_is_full"]

CPU_SECONDS: Final = 10
"""CPU time of one stage. Far above what a check needs; the grader recognises a computing loop earlier."""

DISK_BYTES: Final = 64 << 20
DISK_FILES: Final = 2_000
"""What one stage may keep in its folder, all files together."""

_MIB: Final = 1 << 20

_LIMITS: Final = {
    "RLIMIT_CPU": CPU_SECONDS,
    "RLIMIT_AS": 1024 * _MIB,
    "RLIMIT_FSIZE": 16 * _MIB,
    "RLIMIT_NOFILE": 256,
    "RLIMIT_CORE": 0,
    "RLIMIT_MEMLOCK": 0,
    "RLIMIT_MSGQUEUE": 0,
}

_SERVER_PROCESSES: Final = 64
"""Processes and threads of an exercise about servers, of which the kernel counts only those of its own user."""


def apply(profile: Profile) -> None:
    """Lower the limits of this process, for good. What the system does not have is left out."""
    limits = _LIMITS | ({"RLIMIT_NPROC": _SERVER_PROCESSES} if profile is Profile.SERVERS else {})
    for name, value in limits.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        _, hard = resource.getrlimit(number)
        above = value + 1 if number == resource.RLIMIT_CPU else value  # SIGXCPU comes before SIGKILL, and says why
        unlimited = hard == resource.RLIM_INFINITY
        resource.setrlimit(number, (value if unlimited else min(value, hard), above if unlimited else min(above, hard)))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # too large a file is an OSError, as on a full disk


def disk_is_full(folders: Iterable[Path]) -> bool:
    """Tell whether a stage keeps more in its folders than it may, or has locked one so that nobody can tell.

    Counts what files occupy, and stops at the limit.
    """
    files = size = 0
    waiting = [os.fspath(folder) for folder in folders]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    files += 1
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if files > DISK_FILES or size > DISK_BYTES:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except PermissionError:
            return True
        except OSError:  # the submission has removed it meanwhile
            continue
    return False
