"""Starts the warm server, from which every stage is forked, and hands out control sockets to it.

One server serves any number of graders side by side, each over a control socket of its own; it ends when the process
that started it lets go of it, and ends every stage with it.
"""

import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from proctor.isolation.launcher import command_of, environment_in
from proctor.isolation.protection import Protection
from proctor.isolation.stage_folder import remove_tree

__all__ = ["WarmServer"]


class WarmServer:
    """A process of `proctor.stage.warm`. It is there at once and answers when it has imported everything."""

    def __init__(self, protection: Protection) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._home = Path(tempfile.mkdtemp(prefix="proctor-stages-"))
        self.stages = self._home / "stages"
        """Where the folders of its stages go; nobody of another account gets past the folder above."""
        self.stages.mkdir()
        self.stages.chmod(0o711)
        view = protection.view
        plan = {"control": theirs.fileno(), "own_user": view.needs_own_user, **protection.to_plan()}
        self._process = subprocess.Popen(
            view.wrap(command_of(plan), self.stages),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=environment_in(self.stages),
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
            try:
                socket.send_fds(self._control, [b"join"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ours

    def close(self) -> None:
        """Let go of the server; it ends with all its stages."""
        self._control.close()
        self._process.wait()
        remove_tree(self._home)
