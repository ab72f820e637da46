"""One HTTP request, WebSocket or lifespan, message by message.

What the application sent is data of a stranger. The messages of an answer are read in their order, as a server reads
them, and the first one that a server would refuse is told in the learner's words before a check compares anything.
"""

import json as json_module
from typing import TYPE_CHECKING, Any, Final, Self, cast
from urllib.parse import unquote

from proctor.errors import Mismatch, SubmissionError
from proctor.hostile_text import one_line
from proctor.wording import spell

if TYPE_CHECKING:
    from proctor.checks.waiting import WaitingStage

__all__ = ["Exchange", "WebSocket", "http_scope"]

_CLIENT = ("10.0.0.9", 51234)

_START: Final = "http.response.start"
_BODY: Final = "http.response.body"

_LONGEST_TYPE: Final = 200
"""Characters shown of the type of a message."""


def http_scope(method: str, target: str, headers: list[tuple[str, str]], *, host: str, scheme: str) -> dict[str, Any]:
    """Build the ASGI scope of a request; ``target`` is a path with an optional query.

    Source: https://asgi.readthedocs.io/en/latest/specs/www.html#http-connection-scope
    """
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "scheme": scheme,
        "headers": [[name.lower().encode("latin-1"), value.encode("latin-1")] for name, value in headers],
        "client": _CLIENT,
        "server": (host, 443 if scheme in {"https", "wss"} else 80),
    }


class Exchange:
    """One run of the application; `messages` is what it has sent so far, `error` what it raised once it has `ended`.

    Everything else that is said about an answer comes from the messages up to the first one that a server would refuse.
    """

    def __init__(self, stage: "WaitingStage", number: int, title: str) -> None:
        self.stage, self.number, self.title = stage, number, title
        self.messages: list[dict[str, Any]] = []
        self.ended = False
        self.error: SubmissionError | None = None
        self._read = 0
        self._refused: Mismatch | None = None
        self._status: int | None = None
        self._headers: list[tuple[str, str]] = []
        self._parts: list[bytes] = []
        self._complete = False

    # In

    def feed(self, message: dict[str, Any]) -> None:
        """Send the application a message of the client."""
        self.stage.post({"t": "feed", "x": self.number, "message": self.stage.pack(message)})

    def body(self, data: bytes, *, more: bool = False) -> None:
        """Send a part of the request's body."""
        self.feed({"type": "http.request", "body": data, "more_body": more})

    def disconnect(self) -> None:
        """Close the connection as a client does that has had enough."""
        self.feed({"type": "http.disconnect"})

    def permit(self, count: int = 1) -> None:
        """Let so many messages of a gated exchange through."""
        self.stage.post({"t": "permit", "x": self.number, "count": count})

    def abort(self) -> None:
        """Cancel the application, as a server does that shuts down."""
        self.stage.post({"t": "abort", "x": self.number})

    # Out

    @property
    def started(self) -> bool:
        """Has the answer begun?"""
        self._read_on()
        return self._status is not None

    @property
    def complete(self) -> bool:
        """Has the last part of the answer been sent?"""
        self._read_on()
        return self._complete

    @property
    def types(self) -> list[str]:
        """The types of the messages sent so far."""
        return [str(message.get("type")) for message in self.messages]

    @property
    def status(self) -> int | None:
        """The status of the answer; None when there is none. Raises Mismatch for what a server would refuse."""
        self._accept()
        return self._status

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers of the answer, names in lower case. Raises Mismatch for what a server would refuse."""
        self._accept()
        return list(self._headers)

    def header(self, name: str) -> str | None:
        """Return the value of a header, several joined by a comma as RFC 9110 (5.2) says; None when it is absent."""
        values = [value for each, value in self.headers if each == name.lower()]
        return ", ".join(values) if values else None

    @property
    def content(self) -> bytes:
        """The body of the answer as far as it has been sent. Raises Mismatch for what a server would refuse."""
        self._accept()
        return b"".join(self._parts)

    @property
    def json(self) -> Any:
        """The body of the answer, read as JSON. Raises Mismatch when it is none."""
        try:
            return json_module.loads(self.content)
        except (ValueError, RecursionError):
            raise Mismatch(f"the body of the answer to {self.title}", "JSON", spell(self.content)) from None

    # Reading, as a server does

    def _read_on(self) -> None:
        """Read the messages that have come since the last time, up to one that a server would refuse."""
        while self._refused is None and self._read < len(self.messages):
            message = self.messages[self._read]
            self._read += 1
            try:
                self._read_message(message)
            except Mismatch as refused:
                self._refused = refused

    def _accept(self) -> None:
        self._read_on()
        if self._refused is not None:
            raise self._refused

    def _read_message(self, message: dict[str, Any]) -> None:
        """Read one message. Raises Mismatch for one that servers do not take: there, `send` raises.

        Source: https://asgi.readthedocs.io/en/latest/specs/www.html#response-start-send-event and the event after it;
        the events of extensions are for servers that offer them.
        """
        match message.get("type"):
            case str() as kind if kind not in {_START, _BODY}:
                raise self._mismatch(f"{_START} or {_BODY}", f"your app sent {one_line(kind, _LONGEST_TYPE)}")
            case str() as kind if self._complete:
                raise self._mismatch("one, which ends with the last part of its body", f"your app sent {kind} after it")
            case "http.response.start" if self._status is not None:
                raise self._mismatch(f"one {_START}", f"your app sent {_START} twice")
            case "http.response.start":
                self._headers = self._headers_of(message)
                self._status = self._status_of(message)
            case "http.response.body" if self._status is None:
                raise self._mismatch(f"{_START} first", f"your app sent {_BODY} before {_START}")
            case "http.response.body":
                self._parts.append(self._part_of(message))
                self._complete = not message.get("more_body")
            case kind:
                raise self._mismatch(f"{_START} or {_BODY}", f"your app sent a message of type {spell(kind)}")

    def _status_of(self, start: dict[str, Any]) -> int:
        status = start.get("status")
        if type(status) is not int:
            raise Mismatch(f"the status of the answer to {self.title}", "a number", spell(status))
        return status

    def _headers_of(self, start: dict[str, Any]) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        headers = start.get("headers", ())
        if not isinstance(headers, list | tuple):
            raise Mismatch(f"the headers of the answer to {self.title}", "pairs of bytes", spell(headers))
        for header in cast("list[object]", headers):
            match header:
                case [bytes() as name, bytes() as value]:
                    pairs.append((name.decode("latin-1").lower(), value.decode("latin-1")))
                case _:
                    raise Mismatch(f"the headers of the answer to {self.title}", "pairs of bytes", spell(header))
        return pairs

    def _part_of(self, body: dict[str, Any]) -> bytes:
        part = body.get("body", b"")
        if type(part) is not bytes:
            raise Mismatch(f"the body of the answer to {self.title}", "bytes", spell(part))
        return part

    def _mismatch(self, expected: str, seen: str) -> Mismatch:
        return Mismatch(f"the answer to {self.title}", expected, seen)

    # Waiting

    @property
    def _nothing_follows(self) -> bool:
        """Has the application returned, or has it sent what no server takes?"""
        self._read_on()
        return self.ended or self._refused is not None

    async def response_started(self) -> Self:
        """Wait until the answer begins. Raises what the application raised, or Mismatch, when it does not."""
        await self.stage.until(lambda: self.started or self._nothing_follows, f"the answer to {self.title} begins")
        return self._insist(self.started)

    async def response_complete(self) -> Self:
        """Wait until the answer is complete; background work may still be going on. Raises as `response_started`."""
        await self.stage.until(
            lambda: self.complete or self._nothing_follows, f"the answer to {self.title} is complete"
        )
        return self._insist(self.complete)

    async def finished(self) -> Self:
        """Wait until the application returns, background work included, whatever it has sent."""
        await self.stage.until(lambda: self.ended, f"the application returns from {self.title}")
        return self

    async def answered(self) -> Self:
        """Wait until the application returns, and insist on a complete answer. Raises as `response_started`.

        What the application raises after a complete answer reaches no client, and is left to the check: `error`.
        """
        await self.stage.until(lambda: self._nothing_follows, f"the application returns from {self.title}")
        return self._insist(self.complete)

    def _insist(self, holds: bool) -> Self:
        """Raise where an answer is not what it should be by now: what came first, or what is missing."""
        self._accept()
        if not holds:
            raise self.error or self._missing()
        return self

    def _missing(self) -> Mismatch:
        if self._status is None:
            return self._mismatch("an answer", f"none: your app returned without sending {_START}")
        if not self._parts:
            return self._mismatch("a complete answer", f"a start without a body: your app never sent {_BODY}")
        return self._mismatch(
            "a complete answer", "a body without an end: every part that your app sent says more_body=True"
        )


class WebSocket(Exchange):
    """A WebSocket, from the client's end."""

    def send_text(self, text: str) -> None:
        """Send a text frame."""
        self.feed({"type": "websocket.receive", "text": text})

    def disconnect(self) -> None:
        """Close from the client's side, normally (RFC 6455, 7.4.1)."""
        self.feed({"type": "websocket.disconnect", "code": 1000})

    @property
    def accepted(self) -> bool:
        """Has the application accepted the connection?"""
        return "websocket.accept" in self.types

    @property
    def close_code(self) -> Any:
        """The code with which the application closed, or None."""
        closes = [message for message in self.messages if message.get("type") == "websocket.close"]
        return closes[0].get("code", 1000) if closes else None

    @property
    def texts(self) -> list[Any]:
        """The text frames that the application has sent."""
        return [message.get("text") for message in self.messages if message.get("type") == "websocket.send"]
