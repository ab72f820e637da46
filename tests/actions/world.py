"""What jobs meet: a GitHub that answers what a test says, and repositories of a little class."""

import json
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

__all__ = ["Answer", "bare_repository", "github_that"]

Answer = Callable[[str, str, Any], tuple[int, Any, dict[str, str]]]
"""From method, path and document to status, document and headers."""


@contextmanager
def github_that(answers: Answer) -> Generator[str]:
    """Yield the address of a server on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            given = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status, document, headers = answers(self.command, self.path, json.loads(given) if given else None)
            content = json.dumps(document).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the library names it
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def bare_repository(path: Path, files: dict[str, str] | None) -> str:
    """Make a repository of these files, or one without any commit; return the commit."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(path)], check=True)
    if files is None:
        return ""
    stream = "commit refs/heads/main\ncommitter A <a@example.edu> 0 +0000\ndata 4\nwork\n"
    for name, text in files.items():
        stream += f"M 100644 inline {name}\ndata {len(text.encode())}\n{text}\n"
    subprocess.run(["git", "fast-import", "--quiet"], cwd=path, input=stream.encode(), check=True)
    command = ["git", "rev-parse", "HEAD"]
    return subprocess.run(command, cwd=path, check=True, capture_output=True, text=True).stdout.strip()
