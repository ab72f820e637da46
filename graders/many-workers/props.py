"""Runs the learner's applications under real servers. Runs beside the submission: it passes on, and judges nothing."""

import tempfile
from pathlib import Path
from typing import Any

from proctor.stage.real_servers import Server, ask, listening_socket


class RunningServer:
    """A server that was started, and its port."""

    def __init__(self, server: Server, port: int) -> None:
        self._server, self._port = server, port

    def post(self, target: str, body: bytes) -> dict[str, Any]:
        """Send a POST request and return the answer, as `ask` does. Who does not answer is not waited for again."""
        headers = [("Content-Type", "application/json")] if body else [("Content-Length", "0")]
        answer = ask(self._port, "POST", target, headers=headers, body=body)
        if "problem" in answer:
            self._server.kill()
        return answer

    def end(self) -> str:
        """End the server, and return what it has said."""
        return self._server.end()


def serve(arguments: list[str], store: str) -> RunningServer:
    """Start a server with DESK_STORE set to a file of this name."""
    listener = listening_socket()
    port = listener.getsockname()[1]
    environment = {"DESK_STORE": str(Path(tempfile.gettempdir()) / store)}
    return RunningServer(Server.start(arguments, listener=listener, environment=environment), port)
