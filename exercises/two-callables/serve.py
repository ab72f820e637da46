"""Stand-ins for a WSGI server, to try this exercise by hand. It prints every call; uvicorn itself serves ASGI.

The two answer a quote alike, the WSGI one under a path of its own:
    curl -i localhost:8000/wsgi/quotes/AAPL
    curl -i localhost:8000/quotes/AAPL
An order is answered with 201:
    curl -i localhost:8000/wsgi/orders -H Content-Type:application/json -d '{"qty": 3}'
An unknown symbol is 404, also one that is percent-encoded:
    curl -i localhost:8000/wsgi/quotes/%C3%96
One line for every price, each in a message of its own:
    curl -i -N localhost:8000/ticks
"""

import asyncio
import io
from typing import Any
from wsgiref.util import setup_testing_defaults

from fastapi import FastAPI, Request, Response
from main import asgi_app, wsgi_app
from starlette.types import Receive, Scope, Send


class WsgiServer:
    """Calls a WSGI application in a thread, and sends its answer when it is complete."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "/wsgi",
            "PATH_INFO": scope["path"].removeprefix("/wsgi").encode().decode("latin-1"),
            "QUERY_STRING": request.url.query,
            "wsgi.input": io.BytesIO(body),
        }
        if body:
            environ["CONTENT_LENGTH"] = str(len(body))
        setup_testing_defaults(environ)
        print(f"wsgi: {request.method} {environ['PATH_INFO']}")
        response = await asyncio.to_thread(self.call, environ)
        await response(scope, receive, send)

    def call(self, environ: dict[str, Any]) -> Response:
        """Make one answer of what the application says and returns."""
        started: list[Any] = []
        parts: list[bytes] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
            started[:] = [status, headers]
            return parts.append

        returned: Any = wsgi_app(environ, start_response)
        try:
            parts += returned
        finally:
            if hasattr(returned, "close"):
                returned.close()
        status, headers = started
        print(f"wsgi: {status}")
        return Response(b"".join(parts), int(status.split()[0]), dict(headers))


app = FastAPI(title="Two callables")
app.mount("/wsgi", WsgiServer())
app.mount("/", asgi_app)
