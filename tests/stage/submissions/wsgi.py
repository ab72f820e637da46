"""WSGI applications: what an application may do, and each way to break the protocol.

Those of `give` are right ones, which tests drive. A ``bad_`` one breaks the protocol in the way of its name; a ``gap_``
one does so in a way that `wsgiref.validate` lets pass; a ``strict_`` one is right, and refused by it all the same.
"""

# ruff: noqa: ARG001, TRY301 - these stand for code of learners
# The mistaken kind above all, so that much of it has the wrong type:
# pyright: reportArgumentType=false, reportReturnType=false, reportCallIssue=false

import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

Notify = Callable[..., object]

TEXT = [("Content-Type", "text/plain")]


def give(name: str) -> Any:
    """Return what tests drive."""
    return globals()[name]


# Right ones


def whole_environ(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Says what it was called with."""
    start_response("200 OK", TEXT)
    for key, value in sorted(environ.items()):
        yield f"{key}={value!r}\n".encode() if not key.startswith("wsgi.") else f"{key}={value}\n".encode()


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Reads as much as was announced."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [*TEXT, ("Content-Length", str(len(body)))])
    return [body]


def reads_on(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Reads in every way, and past the end."""
    stream = environ["wsgi.input"]
    seen = [stream.readline(), stream.readline(2), stream.read(3), *stream.readlines(4), *stream, stream.read()]
    seen += [stream.read(7), stream.readline(), *stream.readlines()]
    start_response("200 OK", TEXT)
    return [repr(seen).encode()]


def ticks(_: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    """A generator, which has not begun when it is returned."""
    try:
        start_response("200 OK", TEXT)
        for number in range(3):
            yield b""
            yield f"{number}\n".encode()
    finally:
        print("the generator was closed")


def endless(_: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    """Goes on as long as there is a client."""
    start_response("200 OK", TEXT)
    while True:
        yield b"more\n"


def writes(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The old way, and the new one after it."""
    write = start_response("200 OK", TEXT)
    write(b"one,")
    write(b"two,")
    return [b"three"]


def corrects_itself(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Nothing was sent when it fails, so that it may give another status."""
    start_response("200 OK", [("X-Old", "1"), *TEXT])
    try:
        raise LookupError("no such desk")
    except LookupError:
        start_response("500 Sorry", TEXT, sys.exc_info())
    return [b"sorry"]


def corrects_itself_too_late(_: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    """Something was sent already, so that the server raises what it is given."""
    start_response("200 OK", TEXT)
    yield b"so far"
    try:
        raise LookupError("no such desk")
    except LookupError:
        start_response("500 Sorry", TEXT, sys.exc_info())
    yield b"never"


class Closing:
    """An iterable that says when it is closed."""

    def __init__(self, parts: list[Any], closed: Notify) -> None:
        self.parts = parts
        self.close = closed

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            if isinstance(part, Exception):
                raise part
            yield part


def create_closing(closed: Notify, parts: list[Any], error: str | None = None) -> Any:
    """Return an application whose iterable has a `close`."""

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", TEXT)
        return Closing([*parts, LookupError(error)] if error else parts, closed)

    return app


def create_meeting(meet: Callable[[str], object]) -> Any:
    """Return an application that asks, in the middle of each request."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        meet(environ["PATH_INFO"])
        start_response("200 OK", TEXT)
        return [environ["PATH_INFO"].encode()]

    return app


def complains(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Has something to say to whoever runs the server."""
    errors = environ["wsgi.errors"]
    errors.write("a complaint\n")
    errors.writelines(["and ", "another\n"])
    errors.flush()
    start_response("204 No Content", [])
    return []


def raises(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Raises before it has answered."""
    raise LookupError("no such desk")


def head(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Announces what a GET would have."""
    start_response("200 OK", [*TEXT, ("Content-Length", "4")])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [b"four"]


# Wrong ones


def bad_status_is_a_number(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response(200, TEXT)
    return [b"x"]


def bad_status_is_bytes(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response(b"200 OK", TEXT)
    return [b"x"]


def bad_status_is_short(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("20 OK", TEXT)
    return [b"x"]


def gap_status_has_no_reason(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200", TEXT)
    return [b"x"]


def gap_status_beyond_599(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("999 OK", TEXT)
    return [b"x"]


def bad_headers_are_a_dict(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", {"Content-Type": "text/plain"})
    return [b"x"]


def bad_headers_are_a_tuple(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", tuple(TEXT))
    return [b"x"]


def bad_headers_are_missing(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK")
    return [b"x"]


def bad_header_is_a_list(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [*TEXT, ["X-A", "1"]])
    return [b"x"]


def bad_header_is_bytes(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [*TEXT, (b"X-A", b"1")])
    return [b"x"]


def bad_header_value_is_a_number(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [*TEXT, ("Content-Length", 1)])
    return [b"x"]


def bad_header_has_a_line_break(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [*TEXT, ("X-A", "1\r\nX-B: 2")])
    return [b"x"]


def bad_header_name(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [*TEXT, ("X A", "1")])
    return [b"x"]


def bad_status_header(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [*TEXT, ("Status", "200 OK")])
    return [b"x"]


def gap_hop_by_hop(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [*TEXT, ("Connection", "close")])
    return [b"x"]


def gap_header_value_is_no_latin(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [*TEXT, ("X-A", "\N{EURO SIGN}")])
    return [b"x"]


def bad_arguments_by_name(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response(status="200 OK", headers=TEXT)
    return [b"x"]


def bad_exc_info(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("500 Sorry", TEXT, ValueError("x"))
    return [b"x"]


def gap_starts_twice(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", TEXT)
    start_response("201 Created", TEXT)
    return [b"x"]


def bad_never_starts(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return [b"x"]


def gap_never_starts_and_has_no_body(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return []


def bad_starts_after_its_body(_: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    yield b"x"
    start_response("200 OK", TEXT)


def bad_part_is_a_text(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", TEXT)
    return [b"x", "text"]


def bad_part_is_a_bytearray(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", TEXT)
    return [bytearray(b"x")]


def bad_returns_bytes(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", TEXT)
    return b"text"


def bad_returns_a_text(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", TEXT)
    return "text"


def bad_returns_nothing(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", TEXT)


def bad_returns_a_number(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", TEXT)
    return 7


async def bad_async(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", TEXT)
    return [b"x"]


async def bad_async_generator(_: WSGIEnvironment, start_response: StartResponse) -> AsyncIterator[bytes]:
    start_response("200 OK", TEXT)
    yield b"x"


def bad_writes_a_text(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", TEXT)("text")
    return []


def gap_body_is_longer(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [*TEXT, ("Content-Length", "1")])
    return [b"x", b"y"]


def gap_body_is_shorter(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [*TEXT, ("Content-Length", "3")])
    return [b"x"]


# Right ones that the authority refuses


def strict_reads_without_a_size(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    environ["wsgi.input"].read()
    start_response("200 OK", TEXT)
    return [b"x"]


def strict_has_no_content_type(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"x"]


def strict_content_type_without_content(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("304 Not Modified", TEXT)
    return []


def strict_begins_with_nothing(_: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    yield b""
    start_response("200 OK", TEXT)
    yield b"x"
