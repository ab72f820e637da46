"""The blotter, and other gauges for the metrics. Runs beside the submission: it passes on, and judges nothing."""

from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment
from wsgiref.util import application_uri, request_uri

import metrics


class Blotter:
    """A WSGI application that asks the grader what to answer, and blocks until it knows.

    ``find`` is asked while the application is called, ``read`` for every row while its answer is iterated over.
    """

    def __init__(self, find: Callable[[dict[str, str]], dict[str, Any]], read: Callable[[str], str]) -> None:
        self._find, self._read = find, read

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        """Answer one request, with a link to one trade and one to itself."""
        body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        answer = self._find(
            {
                "method": environ["REQUEST_METHOD"],
                "script_name": environ.get("SCRIPT_NAME", ""),
                "path_info": environ.get("PATH_INFO", ""),
                "query": environ.get("QUERY_STRING", ""),
                "type": environ.get("CONTENT_TYPE", ""),
                "note": environ.get("HTTP_X_NOTE", ""),
                "body": body.decode(),
            }
        )
        headers = [
            ("Content-Type", "text/plain"),
            ("Location", f"{application_uri(environ).rstrip('/')}/trades/{answer['next']}"),
            ("Content-Location", request_uri(environ)),
        ]
        start_response(answer["status"], headers + [(name, value) for name, value in answer["headers"]])
        return self._rows(answer["rows"])

    def _rows(self, rows: list[str]) -> Iterator[bytes]:
        for row in rows:
            yield f"{self._read(row)}\n".encode()


def blotter(find: Callable[[dict[str, str]], dict[str, Any]], read: Callable[[str], str]) -> Blotter:
    """Return a blotter."""
    return Blotter(find, read)


def set_gauge(name: str, value: int) -> None:
    """Have a gauge that nobody knew before."""
    metrics.GAUGES[name] = value
