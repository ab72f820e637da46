"""The answer to one WSGI request, read call by call and part by part as a careful server reads it.

What breaks the protocol is told in the learner's words before a check compares anything. The authority is
`wsgiref.validate`: it is asked here about headers, and its other rules have words of their own. Those that PEP 3333
does not have are left out: that ``wsgi.input.read`` is given a size, that an answer has a Content-Type, and that one of
status 204 or 304 has none. It has gaps, in turn: a second call of ``start_response``, a status that is no number,
hop-by-hop headers, text that no header can hold, a Content-Length that is not kept, an answer that never had a status.

Source: https://peps.python.org/pep-3333/#the-start-response-callable and the sections after it
"""

import re
from typing import Any, Final, cast
from wsgiref import util, validate

from proctor.checks.received_answer import ReceivedAnswer
from proctor.errors import Mismatch
from proctor.hostile_text import one_line
from proctor.wording import spell

__all__ = ["ReceivedWsgiAnswer"]

STATUS: Final = re.compile(r"[1-5][0-9]{2} [^\x00-\x1f\x7f]*")
LENGTH: Final = re.compile(r"[0-9]{1,18}")
WITHOUT_BODY: Final = range(100, 200), (204, 304)

LONGEST_NAME: Final = 60
LONGEST_SENTENCE: Final = 300
"""Characters shown of the name of a type, and of what the authority says."""

ASYNC: Final = {"coroutine": "a coroutine", "async_generator": "an async generator"}
TWO_OR_THREE: Final = (2, 3)


class ReceivedWsgiAnswer(ReceivedAnswer):
    """What a client has of an answer so far, up to the first thing that breaks the protocol.

    ``method`` is that of the request: an answer to HEAD announces a body that it does not have.
    """

    def __init__(self, title: str, method: str) -> None:
        super().__init__(title)
        self.status_line: str | None = None
        self._method = method
        self._is_sent = False
        self._length = 0

    def missing(self) -> Mismatch:
        """Say what an answer lacks that is not complete, and of which no more will come."""
        return self._mismatch("a complete answer", "the connection ended before its last part")

    def _read_message(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case "start_response":
                self._read_start(message)
            case "returned":
                self._read_returned(message)
            case "write" | "part" as kind:
                self._read_part(message, "what your app gives to write() for" if kind == "write" else "a part of")
            case "complete":
                self._complete()
            case "close":
                pass
            case kind:
                raise ValueError(f"no WSGI fact is called {kind!r}")

    # The calls of start_response

    def _read_start(self, message: dict[str, Any]) -> None:
        about = f"the call of start_response for {self._title}"
        count, keywords, exc_info = message["count"], message["keywords"], message["exc_info"]
        if keywords:
            names = one_line(", ".join(map(str, keywords)), LONGEST_NAME)
            raise Mismatch(about, "arguments by position", f"arguments by name: {names}")
        if count not in TWO_OR_THREE:
            raise Mismatch(about, "a status and a list of headers", f"{count} argument{'' if count == 1 else 's'}")
        if exc_info is None and self.status is not None:
            expected = "one call, or a later one with exc_info as its third argument"
            raise Mismatch(about, expected, "a second call without exc_info")
        if exc_info not in {None, "tuple"}:
            seen = f"an object of type {one_line(str(exc_info), LONGEST_NAME)}"
            raise Mismatch(about, "exc_info as sys.exc_info() returns it", seen)
        if self._is_sent:  # too late: what it has raised in the application, a server does too
            return
        self.status = self._status_of(message)
        self.status_line = str(message["status"])
        self.headers = self._headers_of(message)

    def _status_of(self, start: dict[str, Any]) -> int:
        status = start["status"]
        if type(status) is not str or not STATUS.fullmatch(status):
            raise Mismatch(f"the status of the answer to {self._title}", "a text such as '200 OK'", spell(status))
        return int(status[:3])

    def _headers_of(self, start: dict[str, Any]) -> list[tuple[str, str]]:
        """Return names, in lower case, and values."""
        about, expected = f"the headers of the answer to {self._title}", "a list of pairs of str, each pair a tuple"
        headers = start["headers"]
        if type(headers) is not list:
            raise Mismatch(about, expected, spell(headers))
        pairs: list[tuple[str, str]] = []
        for header in cast("list[object]", headers):
            seen = spell(header)
            match header:
                case (str() as name, str() as value) if type(header) is tuple:
                    pairs.append((name, value))
                case _:
                    raise Mismatch(about, expected, seen)
            if util.is_hop_by_hop(name):
                raise Mismatch(about, "no hop-by-hop header, which is the server's to send", seen)
            if not _is_latin(value):
                raise Mismatch(about, "values that fit into ISO-8859-1", seen)
        if refusal := _refusal(pairs):
            raise Mismatch(about, "what wsgiref.validate accepts", f"it says: {one_line(refusal, LONGEST_SENTENCE)}")
        return [(name.lower(), value) for name, value in pairs]

    # What the application returns, part by part

    def _read_returned(self, message: dict[str, Any]) -> None:
        about, expected = f"what your app returns for {self._title}", "an iterable of bytes, such as a list"
        kind, value = one_line(str(message["type_name"]), LONGEST_NAME), message["value"]
        if type(value) is bytes:
            raise Mismatch(about, expected, f"bytes by themselves, whose items are numbers: {spell(value)}")
        if type(value) is str:
            raise Mismatch(about, expected, f"a text by itself, whose items are texts: {spell(value)}")
        if kind in ASYNC:
            raise Mismatch(about, expected, f"{ASYNC[kind]}: your app is an async function, which WSGI does not await")
        if not message["iterable"]:
            raise Mismatch(about, expected, "None" if kind == "NoneType" else f"an object of type {kind}")

    def _read_part(self, message: dict[str, Any], what: str) -> None:
        about, part = f"{what} the body of the answer to {self._title}", message["data"]
        if type(part) is not bytes or message["type_name"] == "bytearray":
            raise Mismatch(about, "bytes", f"a bytearray: {spell(part)}" if type(part) is bytes else spell(part))
        if self.status is None and part:
            raise self._mismatch("start_response first", f"your app gave {spell(part)} before it called start_response")
        self._is_sent = self._is_sent or bool(part)
        self.parts.append(part)
        self._length += len(part)
        announced = self._announced()
        if announced is not None and self._length > announced:
            raise self._length_mismatch(announced)

    def _complete(self) -> None:
        if self.status is None:
            raise self._mismatch("an answer", "none: your app returned without calling start_response")
        announced = self._announced()
        if announced is not None and self._length < announced:
            raise self._length_mismatch(announced)
        self.complete = True

    def _announced(self) -> int | None:
        """The length that the answer's body must have by its own words, or None."""
        status = self.status or 0
        if self._method == "HEAD" or any(status in those for those in WITHOUT_BODY):
            return None
        lengths = [value for name, value in self.headers if name == "content-length"]
        return int(lengths[0]) if lengths and LENGTH.fullmatch(lengths[0]) else None

    def _length_mismatch(self, announced: int) -> Mismatch:
        about = f"the body of the answer to {self._title}"
        return Mismatch(about, f"{announced} bytes, as its Content-Length says", f"{self._length} bytes")


def _is_latin(text: str) -> bool:
    """Tell whether every character of a text stands for one byte, as PEP 3333 wants it."""
    return all(ord(character) < 256 for character in text)  # noqa: PLR2004 - that many bytes there are


def _refusal(headers: list[tuple[str, str]]) -> str | None:
    """Return what `wsgiref.validate` has against headers, or None."""

    def application(_: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [*headers, ("Content-Type", "text/plain")])
        return []

    def accept(*_: Any) -> Any:
        return None

    environ: dict[str, Any] = {"QUERY_STRING": ""}
    util.setup_testing_defaults(environ)
    try:
        iterator: Any = validate.validator(application)(environ, accept)
    except AssertionError as refused:
        return str(refused) or "no"
    iterator.close()
    return None
