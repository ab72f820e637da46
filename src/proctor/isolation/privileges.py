"""The layer of privileges: a stage has none, gains none, and nobody of the same account looks into it.

`own_user` is for the case that a grader runs as root: then every warm server takes a user of its own that owns nothing.
"""

import ctypes
import os
import signal
import sys
from typing import Final

__all__ = ["adopt_orphans", "close_to_inspection", "drop", "end_with_parent", "gain_nothing", "own_user", "why_missing"]

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_CHILD_SUBREAPER: Final = 36
_PR_SET_NO_NEW_PRIVS: Final = 38
_LINUX_CAPABILITY_VERSION_3: Final = 0x20080522

_FIRST_USER: Final = 61184
_LAST_USER: Final = 65519
"""The range that systemd sets aside for users that exist while a service runs (https://systemd.io/UIDS-GIDS/)."""


def why_missing() -> str:
    """Say why this layer cannot be had on this machine, or return an empty text."""
    return "" if sys.platform == "linux" else f"it uses prctl(2) of Linux, and this is {sys.platform}"


def close_to_inspection() -> None:
    """Close this process's memory, environment and descriptors to other processes of the same account (prctl(2))."""
    if sys.platform == "linux":
        _prctl(_PR_SET_DUMPABLE, 0)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends. Only Linux has this."""
    if sys.platform == "linux":
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the one that started it ends. Only Linux has this."""
    if sys.platform != "linux":
        return
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it has ended already
        os._exit(0)


def gain_nothing() -> None:
    """Give up what other programs could add (prctl(2)). The kernel wants this before a filter of an ordinary user."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def drop() -> None:
    """Give up every capability, and the means to get any back. Raises OSError when the kernel refuses."""
    gain_nothing()
    header = (ctypes.c_uint32 * 2)(_LINUX_CAPABILITY_VERSION_3, 0)
    if _libc().capset(ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)())):
        raise OSError(ctypes.get_errno(), "the capabilities cannot be given up")
    close_to_inspection()


def own_user() -> None:
    """Become a user that owns nothing. Raises OSError when this process may not."""
    user = _FIRST_USER + int.from_bytes(os.urandom(4)) % (_LAST_USER - _FIRST_USER)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def _prctl(option: int, value: int) -> None:
    if _libc().prctl(option, ctypes.c_ulong(value), 0, 0, 0):
        raise OSError(ctypes.get_errno(), f"prctl({option}) is refused: {os.strerror(ctypes.get_errno())}")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
