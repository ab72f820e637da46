"""Starts a real Nginx and a real uvicorn, and asks them. Runs beside the submission: it reports, and judges nothing."""

import json
import os
import re
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any, BinaryIO, Final

from proctor.isolation.server_programs import ServerProgram, find_server_program
from proctor.stage.real_servers import LOOPBACK, PATIENCE, Server
from proctor.stage.real_servers import ask as ask_server

_DESK: Final = ("uvicorn", "desk:app", "--fd", "{fd}", "--root-path", "/api", "--forwarded-allow-ips", LOOPBACK)
_PLACE: Final = re.compile(r"(.*) in (?:\S*/)?nginx\.conf:(\d+)$")
_COMPLAINT: Final = re.compile(r"\[emerg\] (?:\d+#\d+: )?(.*)")
_NOTE: Final = re.compile(r"\[(?:error|crit)\] \S+ \*\d+ (.*?)(?:, client: .*)?$")
_PAGE: Final = b"<hr><center>nginx"
"""Stands in every page that Nginx makes by itself."""

_SHOWN: Final = 300
"""Characters shown of what somebody says."""


class Front:
    """A folder with files, the Nginx in front, and the desk behind it."""

    def __init__(self, files: dict[str, str], hidden: str) -> None:
        site = Path(tempfile.mkdtemp(prefix="site-"))
        self.static_dir, self.work_dir = site / "static", Path(tempfile.mkdtemp(prefix="nginx-"))
        for name, content in files.items():
            path = self.static_dir / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        (site / hidden).write_text("This is not for the public.", encoding="utf-8")
        self._configuration = self.work_dir / "nginx.conf"
        self._log = self.work_dir / "error.log"
        self._notes_read = 0
        self._port = 0
        self._desk: Server | None = None

    def places(self) -> list[str]:
        """Return the two folders, as they are passed to the submission."""
        return [os.fspath(self.static_dir), os.fspath(self.work_dir)]

    def start(self, configuration: str, port: int) -> str:
        """Have Nginx test the configuration, and start with it. Return what it objects to."""
        self._port = port
        self._configuration.write_text(configuration, encoding="utf-8", errors="backslashreplace")
        return self._nginx("-t") or self._nginx("-g", f"daemon on; error_log {self._log};")

    def start_desk(self, port: int) -> None:
        """Start uvicorn; the port listens already when this returns."""
        listener = socket.create_server((LOOPBACK, port))
        self._desk = Server.start(_DESK, listener=listener)

    def end(self) -> None:
        """End both, Nginx by the process id in its file."""
        self._nginx("-s", "stop")
        if self._desk is not None:
            self._desk.end()

    def _nginx(self, *arguments: str) -> str:
        """Run the program until it has ended or gone into the background. Return its complaint, if there is one."""
        program = find_server_program(ServerProgram.NGINX)
        if program is None:
            raise FileNotFoundError("nginx")
        command = [os.fspath(program), "-p", os.fspath(self.work_dir), "-c", os.fspath(self._configuration)]
        with tempfile.TemporaryFile() as said:  # a pipe would stay open with what goes into the background
            try:
                done = subprocess.run(
                    [*command, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    timeout=PATIENCE,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return f"nothing: it has neither ended nor gone into the background within {PATIENCE:.0f} s"
            said.seek(0)
            text = said.read().decode("utf-8", "backslashreplace")
        return "" if done.returncode == 0 else self._complaint(text) or f"exit status {done.returncode}"

    def _complaint(self, text: str) -> str:
        """Return the first thing that Nginx objects to, with the line that it means."""
        complaint = found[1] if (found := _COMPLAINT.search(text)) else text
        if place := _PLACE.match(complaint):
            number = int(place[2])
            lines = self._configuration.read_text(encoding="utf-8").splitlines()
            complaint = f"{place[1]}, in line {number}"
            if number <= len(lines):
                complaint += f": {lines[number - 1].strip()}"
        return self._shortened(complaint)

    def _shortened(self, text: str) -> str:
        """Return a text with the names that the submission has for the folders."""
        text = text.replace(os.fspath(self.static_dir), "<static_dir>")
        return text.replace(os.fspath(self.work_dir), "<work_dir>")[:_SHOWN]

    def _notes(self) -> list[str]:
        """Return what Nginx has noted since the last time. It writes a note before it answers."""
        if not self._log.exists():
            return []
        lines = self._log.read_text(encoding="utf-8", errors="backslashreplace").splitlines()
        news, self._notes_read = lines[self._notes_read :], len(lines)
        return [self._shortened(note[1]) for line in news if (note := _NOTE.search(line))]

    def ask(
        self, method: str, target: str, headers: list[tuple[str, str]], come_from: str, length: int
    ) -> dict[str, Any]:
        """Send a request with a body of so many bytes; return the answer, or the problem, and what Nginx has noted."""
        answer = ask_server(self._port, method, target, headers=headers, body=b"x" * length, come_from=come_from)
        return self._report(answer)

    def talk(self, target: str, headers: list[tuple[str, str]], come_from: str, texts: list[str]) -> dict[str, Any]:
        """Open a WebSocket and send texts. Return the first message, and the answer to each text.

        Source: https://www.rfc-editor.org/rfc/rfc6455
        """
        asked = [
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Sec-WebSocket-Version", "13"),
            *headers,
        ]
        head = "".join(f"{name}: {value}\r\n" for name, value in asked)
        messages: list[str] = []
        answer: dict[str, Any] = {"messages": messages}
        try:
            with socket.create_connection((LOOPBACK, self._port), PATIENCE, (come_from, 0)) as connection:
                stream = connection.makefile("rb")
                connection.sendall(f"GET {target} HTTP/1.1\r\n{head}\r\n".encode())
                answer |= _answer_of(stream)
                if answer["status"] == 101:
                    messages.append(_message_of(stream))
                    for text in texts:
                        connection.sendall(_masked(text))
                        messages.append(_message_of(stream))
        except (OSError, ValueError, IndexError) as error:  # the latter two: what came is no answer
            answer["problem"] = f"{type(error).__name__}: {error}"
        return self._report(answer)

    def _report(self, answer: dict[str, Any]) -> dict[str, Any]:
        body: bytes = answer.get("body", b"")
        return {
            "problem": answer.get("problem", ""),
            "status": answer.get("status", 0),
            "body": _read(body),
            "text": self._shortened(body.decode("utf-8", "backslashreplace")),
            "is_from_nginx": _PAGE in body,
            "messages": [_read(message.encode()) for message in answer.get("messages", [])],
            "notes": self._notes(),
        }


def open_front(files: dict[str, str], hidden: str) -> Front:
    """Make the two folders, and write the files; ``hidden`` is one that lies beside the public folder."""
    return Front(files, hidden)


def _read(content: bytes) -> Any:
    """Return what stands in JSON, or else the text."""
    try:
        return json.loads(content)
    except ValueError:
        return content.decode("utf-8", "backslashreplace")


def _answer_of(stream: BinaryIO) -> dict[str, Any]:
    """Read an answer; whatever follows one that switches protocols is left where it is."""
    status = int(stream.readline().split()[1])
    length = 0
    while line := stream.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return {"status": status, "body": stream.read(length)}


def _masked(text: str) -> bytes:
    """Return a frame of a short text, as a client sends it; a mask of zeros leaves it as it is."""
    payload = text.encode()
    return bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload


def _message_of(stream: BinaryIO) -> str:
    """Read one short text. Raises ConnectionError where the connection ends, or something else is said."""
    head = stream.read(2)
    if len(head) < 2 or head[0] != 0x81:
        raise ConnectionError("the WebSocket was closed")
    return stream.read(head[1]).decode()
