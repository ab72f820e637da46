"""One HTTP request, WebSocket or lifespan, message by message.

What the application sent is data of a stranger: every accessor checks the type before a check compares anything, and
says in the learner's words what is wrong with it.
"""

import json as json_module
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import unquote

from proctor.errors import Mismatch, SubmissionError
from proctor.wording import spell

if TYPE_CHECKING:
    from proctor.checks.waiting import WaitingStage

__all__ = ["Exchange", "WebSocket", "http_scope"]

_CLIENT = ("10.0.0.9", 51234)


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
    """One run of the application; `messages` is what it has sent so far, `error` what it raised once it has `ended`."""

    def __init__(self, stage: "WaitingStage", number: int, title: str) -> None:
        self.stage, self.number, self.title = stage, number, title
        self.messages: list[dict[str, Any]] = []
        self.ended = False
        self.error: SubmissionError | None = None

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

    def _starts(self) -> list[dict[str, Any]]:
        return [message for message in self.messages if message.get("type") == "http.response.start"]

    def _bodies(self) -> list[dict[str, Any]]:
        return [message for message in self.messages if message.get("type") == "http.response.body"]

    @property
    def started(self) -> bool:
        """Has the answer begun?"""
        return bool(self._starts())

    @property
    def complete(self) -> bool:
        """Has the last part of the answer been sent?"""
        return any(not message.get("more_body") for message in self._bodies())

    @property
    def types(self) -> list[str]:
        """The types of the messages sent so far."""
        return [str(message.get("type")) for message in self.messages]

    @property
    def status(self) -> int | None:
        """The status of the answer; None when there is none. Raises Mismatch when it is no number, or sent twice."""
        starts = self._starts()
        if not starts:
            return None
        if len(starts) > 1:
            raise Mismatch(f"the answer to {self.title}", "one http.response.start", f"{len(starts)} of them")
        status = starts[0].get("status")
        if type(status) is not int:
            raise Mismatch(f"the status of the answer to {self.title}", "a number", spell(status))
        return status

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers of the answer, names in lower case. Raises Mismatch when they are no pairs of bytes."""
        pairs: list[tuple[str, str]] = []
        for start in self._starts():
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

    def header(self, name: str) -> str | None:
        """Return the value of a header, several joined by a comma as RFC 9110 (5.2) says; None when it is absent."""
        values = [value for each, value in self.headers if each == name.lower()]
        return ", ".join(values) if values else None

    @property
    def content(self) -> bytes:
        """The body of the answer as far as it has been sent. Raises Mismatch when a part is no bytes."""
        parts: list[bytes] = []
        for message in self._bodies():
            part = message.get("body", b"")
            if type(part) is not bytes:
                raise Mismatch(f"the body of the answer to {self.title}", "bytes", spell(part))
            parts.append(part)
        return b"".join(parts)

    @property
    def json(self) -> Any:
        """The body of the answer, read as JSON. Raises Mismatch when it is none."""
        try:
            return json_module.loads(self.content)
        except (ValueError, RecursionError):
            raise Mismatch(f"the body of the answer to {self.title}", "JSON", spell(self.content)) from None

    # Waiting

    async def response_started(self) -> Self:
        """Wait until the answer begins."""
        await self.stage.until(lambda: self.started or self.ended, f"the answer to {self.title} begins")
        return self._answered()

    async def response_complete(self) -> Self:
        """Wait until the answer is complete; background work may still be going on."""
        await self.stage.until(lambda: self.complete or self.ended, f"the answer to {self.title} is complete")
        return self._answered()

    async def finished(self) -> Self:
        """Wait until the application returns, background work included."""
        await self.stage.until(lambda: self.ended, f"the application returns from {self.title}")
        return self

    async def answered(self) -> Self:
        """Wait until the application returns, and insist that there is an answer."""
        await self.finished()
        return self._answered()

    def _answered(self) -> Self:
        """Raise what the application raised, where there is no answer at all."""
        if not self.started and self.error is not None:
            raise self.error
        return self


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
