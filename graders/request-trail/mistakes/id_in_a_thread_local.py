"""The id is kept in a threading.local."""

import threading
from uuid import uuid4

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

local = threading.local()


def current_rid() -> str:
    return getattr(local, "rid", "")


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

        local.rid = rid
        try:
            await self.app(scope, receive, send_and_note)
        except Exception:
            if status:
                raise
            await JSONResponse({"detail": "internal", "request_id": rid}, 500)(scope, receive, send_and_note)


def instrument(app: FastAPI, trail: list[tuple[str, int]]) -> ASGIApp:
    app.add_middleware(Trail, trail=trail)
    return app
