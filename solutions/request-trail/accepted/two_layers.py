"""Two layers: a wrapper outside everything keeps id and trail, and a middleware inside answers what nobody handles."""

import uuid
from contextvars import ContextVar

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_rid = ContextVar[str]("rid")


def current_rid() -> str:
    return _rid.get()


class AnswerErrors:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watching_send(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watching_send)
        except Exception:
            if begun or scope["type"] != "http":
                raise
            response = JSONResponse({"detail": "internal", "request_id": current_rid()}, status_code=500)
            await response(scope, receive, send)


class KeepTrail:
    def __init__(self, app: ASGIApp, trail: list[tuple[str, int]]) -> None:
        self.app = app
        self.trail = trail

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.serve(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        rid = Request(scope).headers.get("X-Request-ID") or str(uuid.uuid4())
        _rid.set(rid)
        status: int

        async def noting_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).append("X-Request-ID", rid)
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                self.trail += [(rid, status)]

        await self.app(scope, receive, noting_send)


def instrument(app: FastAPI, trail: list[tuple[str, int]]) -> ASGIApp:
    app.add_middleware(AnswerErrors)
    return KeepTrail(app, trail)
