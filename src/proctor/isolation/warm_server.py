"""Starts the warm server, from which every stage is forked, and hands out control sockets to it.

One server serves any number of graders side by side, each over a control socket of its own; it ends when the process
that started it lets go of it, and ends every stage with it.
"""

import json
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, Self

from proctor.isolation.bubblewrap import View, find_view
from proctor.isolation.launcher import ENVIRONMENT
from proctor.isolation.layers import Layer
from proctor.isolation.protection import Protection
from proctor.isolation.stage_folder import remove_tree

__all__ = ["WarmServer"]

_NO_VIEW: Final = View()


class WarmServer:
    """A process of `proctor.stage.warm`. It is there at once and answers when it has imported everything."""

    def __init__(self, protection: Protection) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._home = Path(tempfile.mkdtemp(prefix="proctor-stages-"))
        self.stages = self._home / "stages"
        """Where the folders of its stages go; nobody of another account gets past the folder above."""
        self.stages.mkdir()
        self.stages.chmod(0o711)
        view = find_view() if Layer.VIEW in protection.layers else _NO_VIEW
        plan = {"control": theirs.fileno(), "own_user": view.needs_own_user, **protection.to_plan()}
        command = [sys.executable, "-I", "-B", "-X", "utf8", "-m", "proctor.stage", json.dumps(plan)]
        self._process = subprocess.Popen(
            view.wrap(command, self.stages) if view.program else command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=ENVIRONMENT | {"HOME": str(self.stages), "TMPDIR": str(self.stages)},
            cwd=self.stages,
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
