"""Limits of one stage: CPU time, memory, open files, file size. What the system does not have is left out."""

import resource
import signal
from typing import Final

__all__ = ["CPU_SECONDS", "apply"]

CPU_SECONDS: Final = 10
"""CPU time of one stage. Far above what a check needs; the grader recognises a computing loop earlier."""

_GIB: Final = 1 << 30

_LIMITS: Final = {
    "RLIMIT_CPU": CPU_SECONDS,
    "RLIMIT_AS": 2 * _GIB,
    "RLIMIT_FSIZE": 64 << 20,
    "RLIMIT_NOFILE": 512,
    "RLIMIT_CORE": 0,
}


def apply() -> None:
    """Lower the limits of this process, for good."""
    for name, value in _LIMITS.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        _, hard = resource.getrlimit(number)
        above = value + 1 if number == resource.RLIMIT_CPU else value  # SIGXCPU comes before SIGKILL, and says why
        resource.setrlimit(number, (_lower(value, hard), _lower(above, hard)))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # too large a file is an OSError, as on a full disk


def _lower(value: int, hard: int) -> int:
    """Return the lower of two limits; a hard limit may be "none"."""
    return value if hard == resource.RLIM_INFINITY else min(value, hard)
