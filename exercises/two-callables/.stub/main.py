"""The same quote service, once as a WSGI and once as an ASGI application. See README.md beside this file."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

PRICES = {"AAPL": "101.50", "MSFT": "402.10", "NESTLÉ": "98.76"}
"""Symbol -> price. It changes while the desk runs."""

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def wsgi_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request. A WSGI server calls this in a thread, and sends what it returns."""
    # TODO: look up the method and the path in `environ`, read the body where there is one,
    #       call `start_response` with a status and headers, and return the body in an iterable
    raise NotImplementedError


async def asgi_app(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one request, or the lifespan. An ASGI server calls this on its event loop."""
    # TODO: look at `scope["type"]` first, `receive` what arrives message by message, and `send` the answer likewise
    raise NotImplementedError
