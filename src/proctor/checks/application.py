"""The learner's application, with the comfortable ways to drive it: requests, WebSockets, lifespan, an httpx client."""

import json as json_module
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from proctor.checks.exchange import CLIENT, Exchange, WebSocket, http_scope

if TYPE_CHECKING:
    import httpx

    from proctor.checks.handles import Handle
    from proctor.checks.stage import Stage

__all__ = ["Application"]

HOST: Final = "desk.example"


class Application:
    """Any ASGI callable of the submission, and the connection over which it is asked."""

    def __init__(self, stage: "Stage", handle: "Handle", *, client: str = CLIENT, is_encrypted: bool = False) -> None:
        self.stage, self.handle = stage, handle
        self._client, self._is_encrypted = client, is_encrypted

    def over_connection(self, *, client: str = CLIENT, is_encrypted: bool = False) -> "Application":
        """Return the same application, asked from this address and, if encrypted, with ``https`` or ``wss``."""
        return Application(self.stage, self.handle, client=client, is_encrypted=is_encrypted)

    def request(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]] = (),
        *,
        body: bytes = b"",
        json: Any = None,
        hold_body: bool = False,
        gated: bool = False,
        host: str = HOST,
    ) -> Exchange:
        """Send a request and do not wait.

        ``hold_body`` withholds the body, which parks any handler that reads it. ``gated`` holds back every message of
        the answer until the check permits it, as a slow client would.
        """
        sent = [("host", host), *headers]
        if json is not None:
            body = json_module.dumps(json).encode()
            sent.append(("content-type", "application/json"))
        if body:
            sent.append(("content-length", str(len(body))))
        scheme = "https" if self._is_encrypted else "http"
        scope = http_scope(method, target, sent, host=host, scheme=scheme, client=self._client)
        exchange = self.stage.open_exchange(Exchange, self.handle, scope, f"{method} {target}", gated=gated)
        if not hold_body:
            exchange.body(body)
        return exchange

    def client(self, base_url: str = f"http://{HOST}") -> "httpx.AsyncClient":
        """Return an httpx client; close it, or use it in an ``async with``.

        Unlike with `httpx.ASGITransport`, an answer returns when it starts and does not wait for background work.
        """
        from proctor.checks.transport import open_client  # noqa: PLC0415 - most checks do without, and httpx is large

        return open_client(self, base_url)

    def websocket(self, target: str, headers: Iterable[tuple[str, str]] = ()) -> WebSocket:
        """Open a WebSocket and do not wait.

        Source: https://asgi.readthedocs.io/en/latest/specs/www.html#websocket-connection-scope
        """
        scheme = "wss" if self._is_encrypted else "ws"
        scope = http_scope("GET", target, [("host", HOST), *headers], host=HOST, scheme=scheme, client=self._client)
        del scope["method"]
        scope |= {"type": "websocket", "subprotocols": []}
        socket = self.stage.open_exchange(WebSocket, self.handle, scope, f"the WebSocket {target}")
        socket.feed({"type": "websocket.connect"})
        return socket

    def lifespan(self) -> Exchange:
        """Begin the lifespan and do not wait; feed ``{"type": "lifespan.shutdown"}`` to end it.

        Source: https://asgi.readthedocs.io/en/latest/specs/lifespan.html
        """
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
        exchange = self.stage.open_exchange(Exchange, self.handle, scope, "the lifespan")
        exchange.feed({"type": "lifespan.startup"})
        return exchange

    async def started(self) -> Exchange:
        """Begin the lifespan and wait until start-up is over."""
        exchange = self.lifespan()
        await self.stage.until(lambda: bool(exchange.messages) or exchange.ended, "start-up is over")
        return exchange
