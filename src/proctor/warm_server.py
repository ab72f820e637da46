"""Starts the warm server, from which every stage is forked, and hands out control sockets to it.

One server serves any number of graders side by side, each over a control socket of its own; it ends when the process
that started it lets go of it, and ends every stage with it.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, Self

from proctor.errors import UsageError

__all__ = ["WarmServer", "remove_tree"]

_ENVIRONMENT: Final = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "TZ": "UTC"}
"""All that a stage inherits: no token, no home directory of yours, nothing that names the grader."""


class WarmServer:
    """A process of `proctor.stage.warm`. It is there at once and answers when it has imported everything."""

    def __init__(self) -> None:
        """Start the server. Raises UsageError on a system that cannot fork stages."""
        if sys.platform != "linux":
            raise UsageError(
                f"grading needs Linux, and this is {sys.platform}: stages are forked, with what only Linux has for it. "
                "Run it in WSL, in a container or in a cloud editor."
            )
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._home = Path(tempfile.mkdtemp(prefix="proctor-home-"))
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-X", "utf8", "-m", "proctor.stage", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=_ENVIRONMENT | {"HOME": str(self._home), "TMPDIR": str(self._home)},
            cwd=self._home,
            start_new_session=True,  # Ctrl-C is for the grader, which then lets go of the server
        )
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def join(self) -> socket.socket:
        """Return a new control socket. Raises OSError when the server is gone."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            socket.send_fds(self._control, [b"join"], [theirs.fileno()])
        return ours

    def close(self) -> None:
        """Let go of the server; it ends with all its stages."""
        self._control.close()
        self._process.wait()
        remove_tree(self._home)


def remove_tree(folder: Path) -> None:
    """Remove a folder that a submission may have filled; where it is nested too deep for Python, `rm` gets through."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        subprocess.run(["/bin/rm", "-rf", "--", os.fspath(folder)], check=False)
