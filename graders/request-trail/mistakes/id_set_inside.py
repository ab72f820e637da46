"""The inner of two decorated functions sets the context variable, and the outer one reads it after call_next."""

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
    @app.middleware("http")
    async def name_request(request: Request, call_next: Next) -> Response:
        request_ids.set(request.headers.get("x-request-id") or uuid4().hex)
        try:
            return await call_next(request)
        except Exception:
            return JSONResponse({"detail": "internal", "request_id": current_rid()}, 500)

    @app.middleware("http")
    async def keep_trail(request: Request, call_next: Next) -> Response:
        response = await call_next(request)
        response.headers["x-request-id"] = current_rid()
        trail.append((current_rid(), response.status_code))
        return response

    return app
