"""httpx over the channel, so that a check may use an ordinary `httpx.AsyncClient`. The one place that knows httpx."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import httpx

from proctor.checks.exchange import Exchange

if TYPE_CHECKING:
    from proctor.checks.application import Application

__all__ = ["StageTransport", "open_client"]


def open_client(app: "Application", base_url: str) -> httpx.AsyncClient:
    """Return a client that talks to an application on a stage, and to nobody else."""
    return httpx.AsyncClient(
        transport=StageTransport(app),
        base_url=base_url,
        headers={"accept-encoding": "identity"},
        follow_redirects=False,
        trust_env=False,
    )


class StageTransport(httpx.AsyncBaseTransport):
    """Sends requests to an application on a stage."""

    def __init__(self, app: "Application") -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; return when the answer starts, and stream its body."""
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        host = [value for name, value in headers if name.lower() == "host"]
        headers = [(name, value) for name, value in headers if name.lower() != "host"]
        target = request.url.raw_path.decode("ascii")
        exchange = self._app.request(request.method, target, headers, hold_body=True, host=host[0])
        assert isinstance(request.stream, httpx.AsyncByteStream)  # noqa: S101 - what AsyncClient always passes
        async for part in request.stream:
            exchange.body(part, more=True)
        exchange.body(b"")
        await exchange.response_started()
        answer = [
            (name.encode(), value.encode("latin-1")) for name, value in exchange.headers if name != "content-encoding"
        ]
        return httpx.Response(
            exchange.status or 0, headers=answer, stream=_Body(exchange), extensions={"exchange": exchange}
        )


class _Body(httpx.AsyncByteStream):
    """The body of an answer as it comes; closing it early is the client's disconnect."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        exchange, sent = self._exchange, 0
        while True:
            have = sent
            await exchange.stage.until(
                lambda have=have: len(exchange.content) > have or exchange.complete or exchange.ended,
                f"another part of the answer to {exchange.title}",
            )
            part = exchange.content[sent:]
            sent += len(part)
            if part:
                yield part
            if exchange.complete or exchange.ended:
                await exchange.response_complete()  # a body that broke off is no shorter body
                return

    async def aclose(self) -> None:
        if not (self._exchange.complete or self._exchange.ended):
            self._exchange.disconnect()
