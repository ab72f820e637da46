"""One HTTP request, WebSocket or lifespan, message by message.

What the application sent is data of a stranger; `ReceivedAnswer` reads it as a server does.
"""

import json as json_module
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import unquote

from proctor.checks.received_answer import ReceivedAnswer
from proctor.errors import Mismatch, SubmissionError
from proctor.wording import spell

if TYPE_CHECKING:
    from proctor.checks.waiting import WaitingStage

__all__ = ["CLIENT", "Exchange", "WebSocket", "http_scope"]

CLIENT: Final = "10.0.0.9"
"""The address that a request comes from, unless a check says another one."""

_PORT: Final = 51234


def http_scope(
    method: str, target: str, headers: list[tuple[str, str]], *, host: str, scheme: str, client: str
) -> dict[str, Any]:
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
        "client": (client, _PORT),
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
        self._received = ReceivedAnswer(title)

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
        return self._answer.status is not None

    @property
    def complete(self) -> bool:
        """Has the last part of the answer been sent?"""
        return self._answer.complete

    @property
    def types(self) -> list[str]:
        """The types of the messages sent so far."""
        return [str(message.get("type")) for message in self.messages]

    @property
    def status(self) -> int | None:
        """The status of the answer; None when there is none. Raises Mismatch for what a server would refuse."""
        return self._accepted().status

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers of the answer, names in lower case. Raises Mismatch for what a server would refuse."""
        return list(self._accepted().headers)

    def header(self, name: str) -> str | None:
        """Return the value of a header, several joined by a comma as RFC 9110 (5.2) says; None when it is absent."""
        values = [value for each, value in self.headers if each == name.lower()]
        return ", ".join(values) if values else None

    @property
    def content(self) -> bytes:
        """The body of the answer as far as it has been sent. Raises Mismatch for what a server would refuse."""
        return b"".join(self._accepted().parts)

    @property
    def json(self) -> Any:
        """The body of the answer, read as JSON. Raises Mismatch when it is none."""
        try:
            return json_module.loads(self.content)
        except (ValueError, RecursionError):
            raise Mismatch(f"the body of the answer to {self.title}", "JSON", spell(self.content)) from None

    # Waiting

    @property
    def _nothing_follows(self) -> bool:
        """Has the application returned, or has it sent what no server takes?"""
        return self.ended or self._answer.refused is not None

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
        answer = self._accepted()
        if not holds:
            raise self.error or answer.missing()
        return self

    @property
    def _answer(self) -> ReceivedAnswer:
        """The answer, as far as its messages have come."""
        return self._received.read(self.messages)

    def _accepted(self) -> ReceivedAnswer:
        """Return the answer. Raises Mismatch when a server would refuse any of it."""
        if (refused := self._answer.refused) is not None:
            raise refused
        return self._received


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
