"""WSGI inside the stage: one `WsgiExchange` per request, in a thread of its own, as in a server of many threads.

The grader feeds the body of the request and hears, in order, whatever passes between application and server: every call
of ``start_response`` and ``write``, what the application returned, every part that came of it, and ``close``. None of
that is judged here. A gated exchange asks for nothing more after each part until the grader permits it, as a slow
client would.

A thread of its own for each request, and none of a pool, because a pool has as many as the machine has processors, and
how many requests can be under way must not depend on that. Threads are on the books from beginning to end
(`proctor.stage.replacements`), and so is whoever waits here: for a body, or for a permit.

Source: https://peps.python.org/pep-3333/
"""

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from proctor.stage import wire
from proctor.stage.values import Values, type_name

__all__ = ["WsgiExchange"]


class Input:
    """``wsgi.input``: as many bytes as the request has announced and no more; who reads ahead of the client waits."""

    def __init__(self, length: int) -> None:
        self._news = threading.Condition()
        self._unread = bytearray()
        self._to_come = length

    def feed(self, data: bytes, *, more: bool) -> None:
        """Hand over a part of the body. What exceeds the announced length belongs to no request."""
        with self._news:
            self._unread += data[: self._to_come]
            self._to_come = max(self._to_come - len(data), 0) if more else 0
            self._news.notify_all()

    def read(self, size: int | None = -1, /) -> bytes:
        """As `io.BufferedIOBase.read`."""
        wanted = None if size is None or size < 0 else size
        with self._news:
            self._news.wait_for(lambda: not self._to_come or (wanted is not None and len(self._unread) >= wanted))
            return self._take(len(self._unread) if wanted is None else wanted)

    def readline(self, size: int | None = -1, /) -> bytes:
        """As `io.BufferedIOBase.readline`."""
        wanted = None if size is None or size < 0 else size
        with self._news:
            self._news.wait_for(
                lambda: (
                    not self._to_come or b"\n" in self._unread or (wanted is not None and len(self._unread) >= wanted)
                )
            )
            end = self._unread.find(b"\n") + 1 or len(self._unread)
            return self._take(end if wanted is None else min(end, wanted))

    def readlines(self, hint: int | None = -1, /) -> list[bytes]:
        """As `io.BufferedIOBase.readlines`."""
        lines: list[bytes] = []
        read = 0
        for line in self:
            lines.append(line)
            read += len(line)
            if hint is not None and 0 < hint <= read:
                break
        return lines

    def __iter__(self) -> Iterator[bytes]:
        while line := self.readline():
            yield line

    def _take(self, size: int) -> bytes:
        taken = bytes(self._unread[:size])
        del self._unread[:size]
        return taken


class Errors:
    """``wsgi.errors``: a text stream into what the submission prints."""

    def write(self, text: str, /) -> int:
        """As `io.TextIOBase.write`."""
        return sys.stderr.write(text)

    def writelines(self, lines: Iterable[str], /) -> None:
        """As `io.TextIOBase.writelines`."""
        sys.stderr.writelines(lines)

    def flush(self) -> None:
        """As `io.TextIOBase.flush`."""
        sys.stderr.flush()


class WsgiExchange:
    """One call of a WSGI application. ``environ`` holds what CGI knows of the request; the rest is added here."""

    def __init__(
        self, number: int, environ: dict[str, Any], send: Callable[[wire.Message], None], values: Values, *, gated: bool
    ) -> None:
        self._number, self._post, self._values = number, send, values
        self._gated, self._permits = gated, threading.Semaphore(0)
        self._disconnected = False
        self._is_stored = self._is_sent = False
        """Whether the application has given a status and headers, and whether they are on their way to the client."""
        self._input = Input(int(environ.get("CONTENT_LENGTH") or 0))
        self._environ = {
            **environ,
            "wsgi.version": (1, 0),
            "wsgi.input": self._input,
            "wsgi.errors": Errors(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }

    def start(self, app: Any) -> None:
        """Call the application; what it does is reported as ``wsgi`` and, at the end, ``wsgi.end``."""
        threading.Thread(target=self._run, args=(app,), name=f"wsgi-{self._number}", daemon=True).start()

    # What the client does, in the messages of ASGI

    def feed(self, message: dict[str, Any]) -> None:
        """Hand over a part of the body, or the end of the connection."""
        if message["type"] == "http.disconnect":
            self._disconnected = True
            self._input.feed(b"", more=False)
            self.permit(1_000_000)  # nobody waits for a client that has gone
        else:
            self._input.feed(message["body"], more=message["more_body"])

    def permit(self, count: int) -> None:
        """Let that many gated parts through."""
        for _ in range(min(count, 1_000) if self._gated else 0):
            self._permits.release()

    def abort(self) -> None:
        """End the connection: a thread cannot be cancelled, not by a server either."""
        self.feed({"type": "http.disconnect"})

    # What the application does

    def _tell(self, event: str, **facts: object) -> None:
        self._post({"t": "wsgi", "x": self._number, "message": self._values.pack({"type": event, **facts})})

    def _start_response(self, *args: Any, **kwargs: Any) -> Callable[[bytes], None]:
        """Note a status and headers. They are sent with the first bytes of the body, and may be replaced until then."""
        padded: list[Any] = [*args, None, None, None]
        status, headers, exc_info = padded[:3]
        self._tell(
            "start_response",
            status=status,
            headers=headers,
            exc_info=None if exc_info is None else type_name(exc_info),
            count=len(args),
            keywords=sorted(kwargs),
        )
        if exc_info is not None and self._is_sent:
            try:
                raise exc_info[1].with_traceback(exc_info[2])
            finally:
                del exc_info, padded, args  # they hold this very frame
        if exc_info is None and self._is_stored:
            raise AssertionError("start_response was called a second time, without exc_info")
        self._is_stored = True
        return self._write

    def _write(self, data: bytes, /) -> None:
        """Send a part at once."""
        self._tell("write", data=data, type_name=type_name(data))
        if not isinstance(data, bytes):  # pyright: ignore[reportUnnecessaryIsInstance] - the caller is a stranger
            raise TypeError(f"write() takes bytes, and was given {type_name(data)}")
        if not self._send(data):
            raise OSError("the client has disconnected")

    def _send(self, part: bytes) -> bool:
        """Send a part, and return whether there is still somebody to send to."""
        if part and not self._disconnected:
            self._is_sent = True
            if self._gated:
                self._permits.acquire()
        return not self._disconnected

    def _run(self, app: Any) -> None:
        error: wire.Message | None = None
        try:
            returned = app(self._environ, self._start_response)
            try:
                self._iterate(returned)
            finally:
                close = getattr(returned, "close", None)
                if close is not None:
                    self._tell("close")
                    close()
        except BaseException as raised:  # noqa: BLE001 - whatever the application raises is a fact to report
            error = self._values.describe(raised)
        self._post({"t": "wsgi.end", "x": self._number, "error": error})

    def _iterate(self, returned: object) -> None:
        """Send part after part, up to one that is no bytes: there, every server gives up."""
        is_text, is_iterable = isinstance(returned, str | bytes), _is_iterable(returned)
        value = returned if is_text else None
        self._tell("returned", type_name=type_name(returned), value=value, iterable=is_iterable)
        if is_text or not is_iterable:
            return
        for part in cast("Iterable[object]", returned):
            self._tell("part", data=part, type_name=type_name(part))
            if not isinstance(part, bytes) or not self._send(part):
                return
        self._tell("complete")


def _is_iterable(value: object) -> bool:
    return isinstance(value, Iterable) or hasattr(value, "__getitem__")
