"""The other end of a filter that asks before it lets a process fork: allows a request, or refuses it.

The request is the system call `clone` with the arguments of fork(3) and nothing else, because the filter hands on no
other. All of them lie in registers, which nobody can change between the question and the call.

Source: seccomp_unotify(2)
"""

import errno
import fcntl
import os
import struct
from dataclasses import dataclass
from typing import Final

__all__ = ["ForkPermission", "Request"]

_RECEIVE: Final = 0xC0502100
_SEND: Final = 0xC0182101
"""SECCOMP_IOCTL_NOTIF_RECV and SECCOMP_IOCTL_NOTIF_SEND of linux/seccomp.h."""

_REQUEST: Final = struct.Struct("=QII64x")
_ANSWER: Final = struct.Struct("=QqiI")
"""struct seccomp_notif (id, pid, flags, data) and struct seccomp_notif_resp (id, value, error, flags)."""

_CONTINUE: Final = 1
"""SECCOMP_USER_NOTIF_FLAG_CONTINUE: carry out the call."""


@dataclass(frozen=True)
class Request:
    """A process that waits to be allowed to fork."""

    number: int
    pid: int


class ForkPermission:
    """The listener of one filter, which all processes share that are forked under it."""

    def __init__(self, listener: int) -> None:
        self._listener = listener

    def fileno(self) -> int:
        """Return the descriptor, which is readable when somebody asks."""
        return self._listener

    def receive(self) -> Request | None:
        """Return who asks. Call it when the descriptor is readable; None when the process has ended meanwhile."""
        data = bytearray(_REQUEST.size)
        try:
            fcntl.ioctl(self._listener, _RECEIVE, data)
        except FileNotFoundError:
            return None
        number, pid, _ = _REQUEST.unpack(data)
        return Request(number, pid)

    def allow(self, request: Request) -> None:
        """Let the process fork."""
        self._answer(_ANSWER.pack(request.number, 0, 0, _CONTINUE))

    def refuse(self, request: Request) -> None:
        """Let the fork fail, as the filter does by itself that does not ask."""
        self._answer(_ANSWER.pack(request.number, 0, -errno.EPERM, 0))

    def _answer(self, answer: bytes) -> None:
        try:
            fcntl.ioctl(self._listener, _SEND, bytearray(answer))
        except FileNotFoundError:  # the process has ended meanwhile
            return

    def close(self) -> None:
        """Stop listening; who asks from now on is told that there is no such call."""
        os.close(self._listener)
