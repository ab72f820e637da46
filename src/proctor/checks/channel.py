"""The grader's end of the channel: bytes of a stranger in, messages out, and a bell that rings when there is news."""

import asyncio
import socket
from collections.abc import Callable
from typing import Final

from proctor.stage import wire

__all__ = ["Channel"]

BYTES_LIMIT: Final = 64 << 20
"""Bytes that one stage may send. More of them is a submission that talks without end."""

_TAMPERED: Final = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError)
"""What a message raises that our own stage never sends: somebody else has written on the channel."""


class Channel(asyncio.Protocol):
    """Both directions of one stage's channel.

    ``hear`` is called with every message, in order; it returns whether the message is news to those who wait.
    """

    def __init__(self, hear: Callable[[wire.Message], bool]) -> None:
        self._hear = hear
        self._lines = wire.Lines()
        self._bell = asyncio.Event()
        self._transport: asyncio.WriteTransport | None = None
        self._received = 0
        self.closed = False
        self.flooded = False
        self.tampered = ""

    @classmethod
    async def open(cls, sock: socket.socket, hear: Callable[[wire.Message], bool]) -> "Channel":
        """Start to listen on a connected socket."""
        sock.setblocking(False)
        _, channel = await asyncio.get_running_loop().create_connection(lambda: cls(hear), sock=sock)
        return channel

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 - asyncio's promise for sockets
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Hand over what has arrived; a message that makes no sense ends the stage, not the grader."""
        news = False
        self._received += len(data)
        if self._received > BYTES_LIMIT:
            self.flooded = True
            self.abort()
            return
        try:
            for message in self._lines.feed(data):
                news |= self._hear(message)
        except _TAMPERED as error:
            self.tampered = f"{type(error).__name__} while reading it"
            self.abort()
            news = True
        if news:
            self._ring()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell those who wait that nothing will come any more."""
        del exc
        self.closed = True
        self._ring()

    def _ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()

    async def is_heard_within(self, seconds: float) -> bool:
        """Wait for news, at most so long."""
        bell = self._bell
        try:
            async with asyncio.timeout(seconds):
                await bell.wait()
        except TimeoutError:
            return bell.is_set()  # on a busy machine, news and the end of the time come in one turn of the loop
        return True

    def send(self, message: wire.Message) -> None:
        """Send one message; to a stage that is gone it is lost, and the next wait says so."""
        if self._transport is not None and not self.closed:
            self._transport.write(wire.line(message))

    def abort(self) -> None:
        """Hang up."""
        self.closed = True
        if self._transport is not None:
            self._transport.abort()
        self._ring()
