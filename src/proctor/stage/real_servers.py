"""Real servers that the props of an exercise start beside the submission, and the client that asks them.

They need the profile ``servers``: the network is the stage's own, and there is nothing on it but loopback.

Nothing waits for a clock. A server is handed a socket that listens already, so that whatever is asked before it is
ready waits in the queue of that socket; nobody else keeps the socket open, so that a server which ends refuses its
clients at once. A program that opens its sockets itself, as nginx does, goes into the background when they listen. A
server is ended by the process id that was recorded at its start, and whatever it leaves behind ends with the stage.

The one limit, `PATIENCE`, is for servers that take a request and never answer; no right answer comes near it.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

__all__ = ["LOOPBACK", "PATIENCE", "Server", "ask", "free_port", "listening_socket"]

LOOPBACK: Final = "127.0.0.1"

PATIENCE: Final = 50.0
"""Real seconds for one answer."""

_OF_ALL_SERVERS: Final = {"UVICORN_TIMEOUT_WORKER_HEALTHCHECK": "600", "GUNICORN_CMD_ARGS": "--timeout 0"}
"""Managers of workers end a worker that is silent for some seconds, which on a busy machine every worker may be.

The price: uvicorn's manager waits this long, too, for a worker that ends just when it is asked for a sign of life
(uvicorn 0.54, ``Process.is_alive``). Whoever starts workers makes sure that one server without a manager starts first.
"""

_BACKLOG: Final = 128
_SAID: Final = 4000
"""Characters kept of what a server has said."""


def listening_socket() -> socket.socket:
    """Open a socket on loopback, at a free port, that listens and can be handed to another process."""
    listener = socket.create_server((LOOPBACK, 0), backlog=_BACKLOG)
    listener.set_inheritable(True)
    return listener


def free_port() -> int:
    """Return a port on which nobody listens. The network is the stage's own: nobody else can take it meanwhile."""
    with socket.create_server((LOOPBACK, 0)) as probe:
        return int(probe.getsockname()[1])


class Server:
    """One running server: the process that was started, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self._process, self._output = process, output

    @classmethod
    def start(
        cls,
        arguments: Sequence[str],
        *,
        listener: socket.socket | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Self:
        """Start a Python module (``uvicorn main:app ...``) in the submission's folder, and hand it the socket.

        ``{fd}`` in an argument is the descriptor of ``listener``, which is closed here. Raises OSError when no process
        can be had.
        """
        descriptors = [] if listener is None else [listener.fileno()]
        filled = [one.format(fd=descriptors[0]) if descriptors else one for one in arguments]
        output = Path(tempfile.mkstemp(prefix="server-", suffix=".txt")[1])
        with output.open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", *filled],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                pass_fds=descriptors,
                env={**os.environ, **_OF_ALL_SERVERS, **(environment or {})},
                start_new_session=True,
            )
        if listener is not None:
            listener.close()
        return cls(process, output)

    @property
    def said(self) -> str:
        """What it has printed, the end of it where that is long."""
        return self._output.read_text(encoding="utf-8", errors="backslashreplace")[-_SAID:]

    def end(self) -> str:
        """Ask it to end and wait until it has, with its workers; return what it has said."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            return self.kill()
        return self.said

    def kill(self) -> str:
        """End it at once, with its workers, as one that does not answer; return what it has said."""
        with contextlib.suppress(ProcessLookupError):  # the whole group has ended by itself
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        return self.said


def ask(
    port: int,
    method: str,
    target: str,
    *,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
    come_from: str = LOOPBACK,
) -> dict[str, Any]:
    """Send one request to a server on loopback; return ``status``, ``headers`` and ``body`` as plain data.

    ``come_from`` is the client's address, any of 127.0.0.0/8. What went wrong where there was no answer is ``problem``.
    """
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE, source_address=(come_from, 0))
    with contextlib.closing(connection):
        try:
            connection.putrequest(method, target, skip_host=any(name.lower() == "host" for name, _ in headers))
            for name, value in headers:
                connection.putheader(name, value)
            if body:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            answer = connection.getresponse()
            return {
                "status": answer.status,
                "headers": [[name.lower(), value] for name, value in answer.getheaders()],
                "body": answer.read(),
            }
        except (OSError, http.client.HTTPException) as error:
            return {"problem": f"{type(error).__name__}: {error}"}
