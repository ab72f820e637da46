"""A function wrapped around the whole application, and an exception handler that makes the body of the 500.

`ServerErrorMiddleware` calls the handler, and its answer passes through the wrapper outside it.
"""

from contextvars import ContextVar
from itertools import count

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

rid_var: ContextVar[str] = ContextVar("rid")


def current_rid() -> str:
    return rid_var.get()


async def internal_error(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "internal", "request_id": current_rid()}, status_code=500)


def instrument(app: FastAPI, trail: list[tuple[str, int]]) -> ASGIApp:
    app.add_exception_handler(Exception, internal_error)
    numbers = count()

    async def traced(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        sent = dict(scope["headers"]).get(b"x-request-id", b"")
        rid = sent.decode("latin-1") or f"desk-{next(numbers)}"
        rid_var.set(rid)
        statuses: list[int] = []

        async def traced_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
                headers = [*message.get("headers", []), (b"x-request-id", rid.encode("latin-1"))]
                message = {**message, "headers": headers}
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                trail.append((rid, statuses.pop()))

        await app(scope, receive, traced_send)

    return traced
