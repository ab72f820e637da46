"""Servers that ask the grader what to answer. Runs beside the submission: it passes on, and judges nothing."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Decide = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class Server:
    """An ASGI application that tells the grader of every request, and answers as it is told."""

    def __init__(self, decide: Decide) -> None:
        self._decide = decide

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Answer one request."""
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        query: bytes = scope["query_string"]
        answer = await self._decide(
            {
                "method": scope["method"],
                "target": f"{scope['path']}?{query.decode('latin-1')}" if query else scope["path"],
                "headers": [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
                "body": body,
            }
        )
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer["headers"]]
        await send({"type": "http.response.start", "status": answer["status"], "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def server(decide: Decide) -> Server:
    """Return a server."""
    return Server(decide)
