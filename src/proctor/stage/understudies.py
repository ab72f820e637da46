"""Understudies, seen from the stage: copies of it, forked once the submission is loaded, that wait for a next check.

Theory of operation
-------------------
Loading a submission costs more than all else that happens on a stage, so it is done once for several checks. A stage
whose script turns out to be pristine (`proctor.stage.script`) forks an understudy before it begins to perform, and so
before anything has happened that a check is about. The understudy lets go of the stage's channel and output and waits.
Sent on for the next check, it gets a channel and an output of its own, leaves an understudy behind in its turn, and
performs. Each check so has a process of its own, in the state that loading had left.

No process of the sandbox can be forked without leave: the system call is put before the warm server, which allows it
once for every stage (`proctor.isolation.fork_permission`), and which keeps understudies in the wings
(`proctor.stage.wings`) until their stage has ended.
"""

import json
import os
import socket
import warnings
from typing import Final

from proctor.isolation import privileges
from proctor.stage import streams
from proctor.stage.accounts import books
from proctor.stage.performer import Performer
from proctor.stage.wings import LISTENER, MAY_I

__all__ = ["Understudies"]

_PACKET: Final = 1 << 10


class Understudies:
    """The stage's end of the line to the wings. ``listener`` is the descriptor over which forks are allowed."""

    def __init__(self, line: socket.socket, listener: int) -> None:
        self._line, self._server = line, os.getppid()
        socket.send_fds(line, [LISTENER], [listener])
        os.close(listener)

    def leave_behind(self, performer: Performer) -> socket.socket | None:
        """Fork an understudy. Returns None on the stage; in the understudy, in time, the channel of the next check."""
        with books.lock, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the thread that reads the channel holds no lock
            self._line.send(MAY_I)
            try:
                understudy = os.fork()
            except OSError:  # no leave, or no room: the next check loads the submission again
                understudy = -1
        if understudy:
            self._line.send(json.dumps({"understudy": understudy}).encode())
            self._line.close()
            return None
        performer.leave()
        streams.mute()
        books.reset()
        return self._wait()

    def _wait(self) -> socket.socket:
        """Wait in the wings. Does not return when nobody needs this understudy any more."""
        go, descriptors, _, _ = socket.recv_fds(self._line, _PACKET, 2)
        if not go:
            os._exit(0)
        privileges.end_with_parent(self._server)
        channel, output = descriptors
        streams.speak_into(output)
        return socket.socket(fileno=channel)
