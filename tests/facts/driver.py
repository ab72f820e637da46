"""An application driven by hand, message by message, so that the order of everything that happens is one list."""

import asyncio
import json as json_module
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Answer", "Layer", "call", "run", "take_turns"]

TURNS = 100


class Answer:
    """What an application sent for one request, and what it raised; ``log`` is what happened, in order."""

    def __init__(self, log: list[str]) -> None:
        self.log = log
        self.messages: list[Message] = []
        self.error: Exception | None = None

    @property
    def status(self) -> int:
        """The status with which the answer starts."""
        return self.messages[0]["status"]

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers, names in lower case."""
        return [(name.decode().lower(), value.decode()) for name, value in self.messages[0]["headers"]]

    def header(self, name: str) -> str | None:
        """Return the first header of that name."""
        return next((value for each, value in self.headers if each == name), None)

    @property
    def content(self) -> bytes:
        """The body."""
        return b"".join(message.get("body", b"") for message in self.messages)

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json_module.loads(self.content)


async def call(
    app: ASGIApp,
    target: str = "/",
    method: str = "GET",
    *,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    body: bytes = b"",
    log: list[str] | None = None,
    before_sending: Callable[[Message], Awaitable[None]] | None = None,
) -> Answer:
    """Send one request; return when the application does, background work included.

    The log gets "start", "body" and "returned"; an application under test may write into it, too.
    """
    answer = Answer([] if log is None else log)
    complete = asyncio.Event()
    incoming: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    sent = dict(headers or {})
    if json is not None:
        incoming[0]["body"], sent["content-type"] = json_module.dumps(json).encode(), "application/json"

    async def receive() -> Message:
        if incoming:
            return incoming.pop()
        await complete.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if before_sending is not None:
            await before_sending(message)
        answer.messages.append(message)
        answer.log.append(message["type"].removeprefix("http.response."))
        if message["type"] == "http.response.body" and not message.get("more_body"):
            complete.set()

    try:
        await app(http_scope(target, method, sent), receive, send)
    except Exception as error:  # noqa: BLE001 - what it raises is what some facts are about
        answer.error = error
    answer.log.append("returned")
    return answer


def http_scope(target: str, method: str, headers: Mapping[str, str]) -> Scope:
    """Return the scope of a request."""
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "scheme": "http",
        "headers": [(name.lower().encode(), value.encode()) for name, value in {"host": "desk", **headers}.items()],
        "client": ("10.0.0.9", 1234),
        "server": ("desk", 80),
        "state": {},
    }


async def run(app: ASGIApp, scope: Scope, *incoming: Message) -> list[str]:
    """Run an application on another kind of scope; return the types of what it sent."""
    waiting, sent = list(incoming), list[str]()

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message["type"])

    await app(scope, receive, send)
    return sent


async def take_turns() -> None:
    """Let every task of this event loop go on until it waits for something that does not come by itself."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


class Layer:
    """A middleware of plain ASGI that writes its name down before and after the application."""

    def __init__(self, app: ASGIApp, name: str, log: list[str]) -> None:
        self.app, self.name, self.log = app, name, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.log.append(f"{self.name}>")
        await self.app(scope, receive, send)
        self.log.append(f"<{self.name}")
