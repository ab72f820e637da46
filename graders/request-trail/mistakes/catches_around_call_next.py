"""A decorated function answers exceptions of call_next, inside a wrapper that keeps id and trail."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Next = Callable[[Request], Awaitable[Response]]

request_ids: ContextVar[str] = ContextVar("request_ids", default="")


def current_rid() -> str:
    return request_ids.get()


class Trail:
    def __init__(self, app: ASGIApp, trail: list[tuple[str, int]]) -> None:
        self.app = app
        self.trail = trail

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        rid = Headers(scope=scope).get("x-request-id") or uuid4().hex
        status = 0

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = rid
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                self.trail.append((rid, status))

        request_ids.set(rid)
        await self.app(scope, receive, send_and_note)


def instrument(app: FastAPI, trail: list[tuple[str, int]]) -> ASGIApp:
    @app.middleware("http")
    async def answer_errors(request: Request, call_next: Next) -> Response:
        try:
            return await call_next(request)
        except Exception:
            return JSONResponse({"detail": "internal", "request_id": current_rid()}, 500)

    return Trail(app, trail)
