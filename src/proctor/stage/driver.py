"""Raw ASGI inside the stage: one `Exchange` per HTTP request, WebSocket or lifespan.

The grader feeds what ``receive`` returns and hears what ``send`` is given, message by message. A gated exchange holds
every ``send`` until the grader permits it, as a slow client would.

Source: https://asgi.readthedocs.io/en/latest/specs/www.html (2.4: ``send`` after the client has gone raises OSError).
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from proctor.stage import wire
from proctor.stage.values import Values

__all__ = ["Exchange"]


class Exchange:
    """One run of an ASGI application."""

    def __init__(
        self, number: int, scope: dict[str, Any], send: Callable[[wire.Message], None], values: Values, *, gated: bool
    ) -> None:
        self._number, self._scope, self._post, self._values = number, scope, send, values
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._gated, self._permits = gated, asyncio.Semaphore(0)
        self._disconnected = False
        self._task: asyncio.Task[None] | None = None

    def start(self, app: Any) -> None:
        """Call the application; what it does is reported as ``asgi`` and, at the end, ``asgi.end``."""
        self._task = asyncio.get_running_loop().create_task(self._run(app))

    def feed(self, message: dict[str, Any]) -> None:
        """Hand over a message of the client."""
        if message["type"] in {"http.disconnect", "websocket.disconnect"}:
            self._disconnected = True
            self.permit(1_000_000)  # nobody waits for a client that has gone
        self._inbox.put_nowait(message)

    def permit(self, count: int) -> None:
        """Let that many gated messages through."""
        for _ in range(min(count, 1_000) if self._gated else 0):
            self._permits.release()

    def abort(self) -> None:
        """Cancel the application, as a server does that shuts down."""
        if self._task is not None:
            self._task.cancel()

    async def _receive(self) -> dict[str, Any]:
        message = await self._inbox.get()
        if message["type"] == "http.disconnect":
            self._inbox.put_nowait(dict(message))  # a client that has gone stays gone
        return message

    async def _send(self, message: dict[str, Any]) -> None:
        if self._disconnected and self._scope["type"] != "lifespan":
            raise OSError("the client has disconnected")
        self._post({"t": "asgi", "x": self._number, "message": self._values.pack(_listed(message))})
        if self._gated:
            await self._permits.acquire()
        elif message.get("more_body"):
            await asyncio.sleep(0)  # as with a server whose buffer fills: an endless answer lets others have their turn
        if message.get("type") == "http.response.body" and not message.get("more_body"):
            self._inbox.put_nowait({"type": "http.disconnect"})  # as a server does once the answer is complete

    async def _run(self, app: Any) -> None:
        error: wire.Message | None = None
        try:
            await app(self._scope, self._receive, self._send)
        except asyncio.CancelledError:
            error = {"type": "CancelledError", "message": "", "frames": []}
        except BaseException as raised:  # noqa: BLE001 - whatever the application raises is a fact to report
            error = self._values.describe(raised)
        self._post({"t": "asgi.end", "x": self._number, "error": error})


def _listed(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message with its headers in a list; the specification allows any iterable."""
    if type(message) is not dict or not isinstance(message.get("headers"), Iterable):
        return message
    return {**message, "headers": list(message["headers"])}
