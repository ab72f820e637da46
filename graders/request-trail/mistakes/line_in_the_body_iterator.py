"""A decorated function appends the line when the body has been read to its end."""

from collections.abc import AsyncIterator, Awaitable, Callable
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
    async def keep_trail(request: Request, call_next: Next) -> Response:
        rid = request.headers.get("x-request-id") or uuid4().hex
        request_ids.set(rid)
        try:
            response = await call_next(request)
        except Exception:
            response = JSONResponse({"detail": "internal", "request_id": rid}, 500)
            trail.append((rid, 500))
        else:
            parts, status = response.body_iterator, response.status_code

            async def noted() -> AsyncIterator[bytes]:
                async for part in parts:
                    yield part
                trail.append((rid, status))

            response.body_iterator = noted()
        response.headers["x-request-id"] = rid
        return response

    return app
