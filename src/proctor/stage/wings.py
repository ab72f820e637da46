"""Where understudies wait, seen from the warm server (see `proctor.stage.understudies`).

What comes over the line is the word of a process that has run the submission's code, so it is only believed where the
kernel says the same: a stage may fork once, when it has asked to; its understudy is what the kernel calls its child.
Whatever does not fit closes the wings, and the next check loads the submission again. So does a file that has changed,
because an understudy has the folder of its stage.
"""

import json
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Protocol

from proctor.isolation.fork_permission import ForkPermission
from proctor.isolation.stage_folder import StageFolder
from proctor.stage import processes

__all__ = ["LISTENER", "MAY_I", "Watch", "Wings"]

LISTENER: Final = b"listener"
MAY_I: Final = b"may I fork?"
"""What a stage says on its line, the first with the descriptor over which forks are allowed."""

_PACKET: Final = 1 << 10


class Watch(Protocol):
    """Who tells the wings that there is something to read."""

    def watch(self, source: Any, hear: Callable[[], None]) -> None:
        """Call ``hear`` whenever ``source`` is readable."""

    def forget(self, source: Any) -> None:
        """Stop that."""


class Wings:
    """The understudies of one submission, of which at most one waits at any time."""

    def __init__(self, watch: Watch, folder: StageFolder) -> None:
        self._watch, self.folder = watch, folder
        self._state = folder.state()
        self._line, self.stage_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.setblocking(False)
        self._permission: ForkPermission | None = None
        self._stage = 0
        self._has_asked = self._has_forked = False
        self.understudy: int | None = None
        self._descriptor: int | None = None
        self._is_open = True
        watch.watch(self._line, self.hear)

    def begin(self, stage: int) -> None:
        """Note that the process ``stage`` performs; it has the other end of the line."""
        self.stage_end.close()
        self._stage = stage

    def send_on(self, channel: int, output: int) -> int:
        """Let the understudy perform with this channel and output; return its process id.

        Raises OSError when it is not there any more.
        """
        if self.understudy is None or self._descriptor is None:
            raise ProcessLookupError("nobody waits in the wings")
        socket.send_fds(self._line, [b"go"], [channel, output])
        self._stage, self.understudy = self.understudy, None
        os.close(self._descriptor)
        self._descriptor = None
        self._has_asked = self._has_forked = False
        return self._stage

    def is_ready(self) -> bool:
        """Tell whether a sound understudy waits for the next check. To be asked when its stage has ended."""
        with suppress(OSError):  # a folder that cannot be read has been changed; a process that is not ours has gone
            return self._is_open and processes.is_waiting(self._descriptor) and self.folder.state() == self._state
        return False

    def close(self) -> bool:
        """End the understudy whose stage has ended. Returns whether there may be another that nobody knows."""
        self._stop()
        if self._permission is not None:
            self._watch.forget(self._permission)
            self._permission.close()
        if self._descriptor is None:
            return self._has_forked
        processes.end_by_descriptor(self._descriptor)
        self._descriptor = self.understudy = None
        return False

    def _stop(self) -> None:
        """Believe nothing any more, and let nobody fork."""
        if self._is_open:
            self._is_open = False
            self._watch.forget(self._line)
            self._line.close()
            self.stage_end.close()

    def hear(self) -> None:
        """Take in what the stage says."""
        while self._is_open:
            try:
                said, descriptors, _, _ = socket.recv_fds(self._line, _PACKET, 1)
            except BlockingIOError:
                return
            except OSError:
                said, descriptors = b"", []
            if not self._is_believed(said, descriptors):
                for descriptor in descriptors:
                    os.close(descriptor)
                self._stop()

    def _is_believed(self, said: bytes, descriptors: list[int]) -> bool:
        """Tell whether a message fits, and note what it says."""
        if said == LISTENER and descriptors and self._permission is None:
            self._permission = ForkPermission(descriptors[0])
            self._watch.watch(self._permission, self._decide)
            return True
        if descriptors or self.understudy is not None:
            return False
        if said == MAY_I and not self._has_asked:
            self._has_asked = True
            return True
        try:
            understudy = int(json.loads(said)["understudy"])
            descriptor = os.pidfd_open(understudy)
        except (ValueError, KeyError, TypeError, OverflowError, OSError):
            return False
        if not self._has_forked or processes.parent_of(understudy) != self._stage:
            os.close(descriptor)
            return False
        self.understudy, self._descriptor = understudy, descriptor
        return True

    def _decide(self) -> None:
        """Let the stage fork once, and nobody else."""
        if self._permission is None or (request := self._permission.receive()) is None:
            return
        self.hear()
        if self._is_open and self._has_asked and not self._has_forked and request.pid == self._stage:
            self._has_forked = True
            self._permission.allow(request)
        else:
            self._permission.refuse(request)
