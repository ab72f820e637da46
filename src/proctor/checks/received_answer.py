"""The answer to one HTTP request, read message by message as a server reads what an application sends.

What a server would refuse is told in the learner's words before a check compares anything: there, `send` raises.
Source: https://asgi.readthedocs.io/en/latest/specs/www.html#response-start-send-event and the event after it; the
events of extensions are for servers that offer them.
"""

from collections.abc import Sequence
from typing import Any, Final, cast

from proctor.errors import Mismatch
from proctor.hostile_text import one_line
from proctor.wording import spell

__all__ = ["ReceivedAnswer"]

START: Final = "http.response.start"
BODY: Final = "http.response.body"

LONGEST_TYPE: Final = 200
"""Characters shown of the type of a message."""


class ReceivedAnswer:
    """What a client has of an answer so far: messages up to the first one that a server would refuse.

    ``title`` names it in sentences. ``refused`` says why nothing after that message counts, or is None.
    """

    def __init__(self, title: str) -> None:
        self.refused: Mismatch | None = None
        self.status: int | None = None
        self.headers: list[tuple[str, str]] = []
        self.parts: list[bytes] = []
        self.complete = False
        self._title = title
        self._read = 0

    def read(self, messages: Sequence[dict[str, Any]]) -> "ReceivedAnswer":
        """Read what has come since the last time; ``messages`` are all, in their order. Return the answer."""
        while self.refused is None and self._read < len(messages):
            self._read += 1
            try:
                self._read_message(messages[self._read - 1])
            except Mismatch as refused:
                self.refused = refused
        return self

    def missing(self) -> Mismatch:
        """Say what an answer lacks that is not complete, and of which no more will come."""
        if self.status is None:
            return self._mismatch("an answer", f"none: your app returned without sending {START}")
        if not self.parts:
            return self._mismatch("a complete answer", f"a start without a body: your app never sent {BODY}")
        return self._mismatch(
            "a complete answer", "a body without an end: every part that your app sent says more_body=True"
        )

    def _read_message(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case str() as kind if kind not in {START, BODY}:
                raise self._mismatch(f"{START} or {BODY}", f"your app sent {one_line(kind, LONGEST_TYPE)}")
            case str() as kind if self.complete:
                raise self._mismatch("one, which ends with the last part of its body", f"your app sent {kind} after it")
            case "http.response.start" if self.status is not None:
                raise self._mismatch(f"one {START}", f"your app sent {START} twice")
            case "http.response.start":
                self.headers = self._headers_of(message)
                self.status = self._status_of(message)
            case "http.response.body" if self.status is None:
                raise self._mismatch(f"{START} first", f"your app sent {BODY} before {START}")
            case "http.response.body":
                self.parts.append(self._part_of(message))
                self.complete = not message.get("more_body")
            case kind:
                raise self._mismatch(f"{START} or {BODY}", f"your app sent a message of type {spell(kind)}")

    def _status_of(self, start: dict[str, Any]) -> int:
        status = start.get("status")
        if type(status) is not int:
            raise Mismatch(f"the status of the answer to {self._title}", "a number", spell(status))
        return status

    def _headers_of(self, start: dict[str, Any]) -> list[tuple[str, str]]:
        """Return names, in lower case, and values."""
        pairs: list[tuple[str, str]] = []
        headers = start.get("headers", ())
        if not isinstance(headers, list | tuple):
            raise Mismatch(f"the headers of the answer to {self._title}", "pairs of bytes", spell(headers))
        for header in cast("list[object]", headers):
            match header:
                case [bytes() as name, bytes() as value]:
                    pairs.append((name.decode("latin-1").lower(), value.decode("latin-1")))
                case _:
                    raise Mismatch(f"the headers of the answer to {self._title}", "pairs of bytes", spell(header))
        return pairs

    def _part_of(self, body: dict[str, Any]) -> bytes:
        part = body.get("body", b"")
        if type(part) is not bytes:
            raise Mismatch(f"the body of the answer to {self._title}", "bytes", spell(part))
        return part

    def _mismatch(self, expected: str, seen: str) -> Mismatch:
        return Mismatch(f"the answer to {self._title}", expected, seen)
