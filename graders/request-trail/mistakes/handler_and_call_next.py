"""A decorated function puts id and line on what call_next returns, and a handler for Exception makes the 500."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

Next = Callable[[Request], Awaitable[Response]]

request_ids: ContextVar[str] = ContextVar("request_ids", default="")


def current_rid() -> str:
    return request_ids.get()


def instrument(app: FastAPI, trail: list[tuple[str, int]]) -> FastAPI:
    @app.exception_handler(Exception)
    async def internal(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "internal", "request_id": current_rid()}, 500)

    @app.middleware("http")
    async def keep_trail(request: Request, call_next: Next) -> Response:
        rid = request.headers.get("x-request-id") or uuid4().hex
        request_ids.set(rid)
        response = await call_next(request)
        response.headers["x-request-id"] = rid
        trail.append((rid, response.status_code))
        return response

    return app
