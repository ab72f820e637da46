"""A server for a workflow: repositories of a generated class, and what GitHub's REST interface answers about them."""

import json
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final
from urllib.parse import urlsplit

from tests.generated_class import GeneratedClass

__all__ = ["PUSHED_AT", "StandIn", "make_repositories", "stand_in"]

PUSHED_AT: Final = "2026-11-20T18:00:00Z"
OWNER: Final = "my-course"


def make_repositories(generated: GeneratedClass, server: Path) -> dict[str, str]:
    """Put what was handed in into a repository for each student; return the commits by the names of repositories.

    Who has handed in nothing has none, and no login in the roster either.
    """
    commits: dict[str, str] = {}
    roster = generated.roster.read_text(encoding="utf-8")
    for student in sorted(generated.kinds):
        folder = generated.submissions / student
        if folder.is_dir():
            name = f"{OWNER}/work-gh-{student}"
            commits[name] = _make_repository(server / f"{name}.git", folder)
        else:
            roster = roster.replace(f",gh-{student}\n", ",\n")
    generated.roster.write_text(roster, encoding="utf-8")
    return commits


def _make_repository(repository: Path, folder: Path) -> str:
    subprocess.run(
        ["git", "init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(repository)], check=True
    )
    stream = b"commit refs/heads/main\ncommitter A <a@example.edu> 0 +0000\ndata 4\nwork\n"
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            continue
        content = bytes(path.readlink()) if path.is_symlink() else path.read_bytes()
        mode = b"120000" if path.is_symlink() else b"100644"
        stream += b"M %s inline exercises/%s\n" % (mode, bytes(path.relative_to(folder)))
        stream += b"data %d\n%s\n" % (len(content), content)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=repository, input=stream, check=True)
    command = ["git", "rev-parse", "HEAD"]
    return subprocess.run(command, cwd=repository, check=True, capture_output=True, text=True).stdout.strip()


@dataclass
class StandIn:
    """GitHub's REST interface: ``commits`` by repository; ``check_runs`` is what it was given, in a line each.

    A token has to have the right that a request needs; ``rights`` returns those of a token.
    """

    commits: dict[str, str]
    own: str
    api: str = ""
    tokens: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    check_runs: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])
    refused: list[str] = field(default_factory=list[str])
    lock: Lock = field(default_factory=Lock)

    def answer(self, method: str, path: str, token: str, given: bytes) -> tuple[int, Any]:
        """Answer a request."""
        _, _, owner, name, *rest = urlsplit(path).path.split("/")
        repository = f"{owner}/{name}"
        rights = self.tokens.get(token, {})
        with self.lock:
            match method, rest:
                case "GET", [] if repository == self.own:
                    return 200, {"private": True}
                case "GET", ["activity"] if rights == {"permission-contents": "read"} and repository in self.commits:
                    return 200, [{"after": self.commits[repository], "timestamp": PUSHED_AT}]
                case "POST", ["check-runs"] if rights == {"permission-checks": "write"} and repository in self.commits:
                    self.check_runs.append((repository, json.loads(given)))
                    return 201, {"id": len(self.check_runs)}
                case _:
                    self.refused.append(f"{method} {path}")
                    return 403, {"message": "Resource not accessible by integration"}


@contextmanager
def stand_in(commits: dict[str, str], own: str) -> Generator[StandIn]:
    """Answer on this machine for as long as it is needed."""
    state = StandIn(commits, own)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            given = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            status, document = state.answer(self.command, self.path, token, given)
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the library names it
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.api = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
