r"""Stand-ins for a client and an application, to try this exercise by hand. What your servers return is shown as it is.

Your ASGI server hands on a path that is percent-encoded, and the application tells what it has seen:
    curl -i localhost:8000/asgi -H Content-Type:application/json \
        -d '{"head": ["GET /quotes/NESTL%C3%89?at=noon HTTP/1.1", "Host: desk.example", "X-Trader: alice"]}'
Your WSGI server does the same:
    curl -i localhost:8000/wsgi -H Content-Type:application/json \
        -d '{"head": ["GET /quotes/NESTL%C3%89?at=noon HTTP/1.1", "Host: desk.example", "X-Trader: alice"]}'
A body has a Content-Length in the head:
    curl -i localhost:8000/asgi -H Content-Type:application/json \
        -d '{"head": ["POST /orders HTTP/1.1", "Host: desk.example", "Content-Length: 10"], "body": "{\"qty\": 3}"}'
An application that raises is no reason for a server to do so, too:
    curl -i localhost:8000/wsgi -H Content-Type:application/json \
        -d '{"head": ["GET /raise HTTP/1.1", "Host: desk.example"]}'
"""

import asyncio
import json
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from main import serve_asgi, serve_wsgi
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send


class RawRequest(BaseModel):
    """A request to your servers: the lines of its head, and its body."""

    head: list[str]
    body: str = ""

    @property
    def raw(self) -> bytes:
        return "\r\n".join([*self.head, "", self.body]).encode()


def answer(seen: dict[str, Any]) -> bytes:
    """Return the body of an answer."""
    print("demo application:", seen)
    if seen["path"] == "/raise":
        raise RuntimeError("as you wished")
    return json.dumps(seen, indent=2, ensure_ascii=False).encode() + b"\n"


async def asgi_demo(scope: Scope, receive: Receive, send: Send) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    seen = {"method": scope["method"], "path": scope["path"], "query": scope["query_string"].decode()}
    content = answer({**seen, "headers": headers, "body": body.decode()})
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    for part in (content[:20], content[20:]):
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body"})


def wsgi_demo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    headers = {key: value for key, value in environ.items() if key.startswith(("HTTP_", "CONTENT_"))}
    path = environ["PATH_INFO"].encode("latin-1").decode()
    seen = {"method": environ["REQUEST_METHOD"], "path": path, "query": environ.get("QUERY_STRING", "")}
    content = answer({**seen, "headers": headers, "body": body.decode()})
    start_response("200 OK", [("Content-Type", "application/json")])
    yield content[:20]
    yield content[20:]


app = FastAPI(title="A little server")


@app.post("/asgi")
async def show_asgi(request: RawRequest) -> PlainTextResponse:
    return PlainTextResponse(await serve_asgi(asgi_demo, request.raw))


@app.post("/wsgi")
async def show_wsgi(request: RawRequest) -> PlainTextResponse:
    return PlainTextResponse(await asyncio.to_thread(serve_wsgi, wsgi_demo, request.raw))
