"""A server for any application: a request becomes a call, and the answer bytes. See README.md beside this file."""

from collections.abc import Awaitable, Callable
from typing import Any
from wsgiref.types import WSGIApplication

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApplication = Callable[[Scope, Receive, Send], Awaitable[None]]


async def serve_asgi(app: ASGIApplication, raw: bytes) -> bytes:
    """Have an ASGI application answer one HTTP/1.1 request, and return its response."""
    # TODO: read the request, make a scope, `receive` and `send` of it, await `app` with them,
    #       and make an HTTP response of what it has sent
    raise NotImplementedError


def serve_wsgi(app: WSGIApplication, raw: bytes) -> bytes:
    """Have a WSGI application answer one HTTP/1.1 request, and return its response."""
    # TODO: read the request, make an environ and `start_response` of it, call `app` with them,
    #       and make an HTTP response of what it has said and returned
    raise NotImplementedError
