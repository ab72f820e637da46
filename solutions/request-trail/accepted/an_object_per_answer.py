"""An object of its own stands in for `send` of each answer, and the context variable holds that object."""

from contextvars import ContextVar
from secrets import token_hex

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Answer:
    def __init__(self, rid: str, send: Send, trail: list[tuple[str, int]]) -> None:
        self.rid, self.send, self.trail = rid, send, trail
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message.get("headers", ()), (b"x-request-id", self.rid.encode("latin-1"))]
            message = {**message, "headers": headers}
        await self.send(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.trail.append((self.rid, self.status))


ANSWER: ContextVar[Answer] = ContextVar("ANSWER")


def current_rid() -> str:
    return ANSWER.get().rid


class Tracer:
    def __init__(self, app: ASGIApp, trail: list[tuple[str, int]]) -> None:
        self.app, self.trail = app, trail

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        answer = Answer(Headers(scope=scope).get("x-request-id") or token_hex(), send, self.trail)
        ANSWER.set(answer)
        try:
            await self.app(scope, receive, answer)
        except Exception:
            if not answer.status:
                body = {"detail": "internal", "request_id": answer.rid}
                await JSONResponse(body, status_code=500)(scope, receive, answer)
            raise  # the server writes it into its log


def instrument(app: FastAPI, trail: list[tuple[str, int]]) -> ASGIApp:
    app.user_middleware.append(Middleware(Tracer, trail=trail))
    return app
