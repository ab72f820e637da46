"""The learner's WSGI application, driven request by request as `proctor.checks.application.Application` drives ASGI."""

import json as json_module
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

from proctor.checks.application import HOST
from proctor.checks.exchange import CLIENT, Exchange
from proctor.checks.received_wsgi_answer import ReceivedWsgiAnswer
from proctor.errors import CourseError

if TYPE_CHECKING:
    from proctor.checks.handles import Handle
    from proctor.checks.stage import Stage

__all__ = ["WsgiApplication", "WsgiExchange"]

_WITHOUT_PREFIX: Final = frozenset({"content-type", "content-length"})


def wsgi_environ(method: str, target: str, headers: Iterable[tuple[str, str]], *, host: str) -> dict[str, str]:
    """Build what an environ has of CGI; ``target`` is a path with an optional query. The stage adds what is WSGI's own.

    Source: https://peps.python.org/pep-3333/#environ-variables
    """
    path, _, query = target.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": host,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": CLIENT,
        "REMOTE_PORT": "51234",
        "wsgi.url_scheme": "http",
    }
    for name, value in headers:
        key = name.upper().replace("-", "_")
        if name.lower() not in _WITHOUT_PREFIX:
            key = f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ", "
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    return environ


class WsgiExchange(Exchange):
    """One call of the application. `messages` is what it has done so far, `error` what it raised once it has `ended`.

    It has `started` when it has called ``start_response``, and its answer is `complete` when nothing of its body is
    left. Only then does the server call ``close`` on what it has returned; `closed` tells how often.
    """

    def __init__(self, stage: "Stage", number: int, title: str, method: str) -> None:
        super().__init__(stage, number, title)
        self._wsgi = ReceivedWsgiAnswer(title, method)
        self._received = self._wsgi

    def hear(self, done: dict[str, Any]) -> None:
        """Take note of what has happened. Raises KeyError, TypeError or ValueError when it was tampered with."""
        self.messages.append(done)
        self._received.read(self.messages)

    @property
    def status_line(self) -> str | None:
        """The status as the application has given it, ``"200 OK"``, or None. Raises Mismatch as `status`."""
        self._accepted()
        return self._wsgi.status_line

    @property
    def parts(self) -> list[bytes]:
        """The parts of the body in their order, empty ones left out. Raises Mismatch as `status`."""
        self._accepted()
        return [part for part in self._wsgi.parts if part]

    @property
    def closed(self) -> int:
        """How often the server has called ``close`` on what the application returned; 0 if that has none."""
        return self.types.count("close")


class WsgiApplication:
    """Any WSGI callable of the submission: what a factory returns (`Stage.wsgi`), or what the module has.

    ```python
    app = WsgiApplication(stage, await stage.attribute("wsgi_app", keep=True))
    ```
    """

    def __init__(self, stage: "Stage", handle: "Handle") -> None:
        self.stage, self.handle = stage, handle

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
    ) -> WsgiExchange:
        """Send a request, which has a thread of its own, and do not wait.

        ``hold_body`` withholds the body, which parks whoever reads it: send it with `WsgiExchange.body`. ``gated``
        holds the application after every part of its answer until the check permits it, as a slow client would.

        Raises CourseError when a body is withheld whose length nobody can know: WSGI offers it nothing to wait for.
        """
        sent = [("host", host), *headers]
        if json is not None:
            body = json_module.dumps(json).encode()
            sent.append(("content-type", "application/json"))
        if all(name.lower() != "content-length" for name, _ in sent):
            if body:
                sent.append(("content-length", str(len(body))))
            elif hold_body:
                raise CourseError(f"{method} {target} withholds a body: say which, or send a Content-Length")
        environ = wsgi_environ(method, target, sent, host=host)
        exchange = self.stage.open_wsgi_exchange(self.handle, environ, f"{method} {target}", gated=gated)
        if not hold_body:
            exchange.body(body)
        return exchange
