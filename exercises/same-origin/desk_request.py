"""The network between a browser and a server: sends one request to an ASGI application, and knows no policy."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any, TypedDict
from urllib.parse import unquote, urlsplit

Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]


class Request(TypedDict):
    """What a script asks for: a dict with these five keys."""

    method: str
    url: str
    headers: dict[str, str]
    """Those that the script sets, without `Content-Type`."""
    body_type: str | None
    """The `Content-Type`; None when there is none."""
    body: str


@dataclass(frozen=True)
class Answer:
    """What comes back."""

    status: int
    headers: list[tuple[str, str]]
    """Names as the server has written them, in any case; one name may come more than once."""


async def send(
    app: Application, method: str, url: str, headers: Iterable[tuple[str, str]] = (), body: str = ""
) -> Answer:
    """Send a request with exactly these headers (and `Host` and `Content-Length`), and return the answer."""
    parts, content = urlsplit(url), body.encode()
    named = [*headers, ("Host", parts.netloc.rpartition("@")[2]), ("Content-Length", str(len(content)))]
    scope: Message = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": parts.scheme.lower(),
        "path": unquote(parts.path or "/"),
        "raw_path": (parts.path or "/").encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in named],
        "client": ("127.0.0.1", 51234),
        "server": (parts.hostname, parts.port or (443 if parts.scheme.lower() == "https" else 80)),
    }
    incoming: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]
    outgoing: list[Message] = []

    async def receive() -> Message:
        return incoming.pop() if incoming else {"type": "http.disconnect"}

    async def collect(message: Message) -> None:
        outgoing.append(message)

    await app(scope, receive, collect)
    start = outgoing[0]
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
    return Answer(start["status"], pairs)
