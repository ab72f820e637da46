"""A middleware of our own says Vary: Origin where an origin is allowed, and nowhere else."""

import re
from collections.abc import Awaitable, Callable
from uuid import uuid4

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ORIGINS = ["https://desk.example", "http://localhost:5173"]
PREVIEWS = re.compile(r"https://[a-z0-9-]+\.preview\.desk\.example")
METHODS = ["GET", "POST", "DELETE"]
HEADERS = ["authorization", "content-type", "x-idempotency-key"]
TOKENS = {"t-alice", "t-bob"}
QUOTES = {"AAPL": "101.50", "MSFT": "402.10"}


def is_allowed(origin: str) -> bool:
    return origin in ORIGINS or PREVIEWS.fullmatch(origin) is not None


def permission(asked: Headers) -> Response:
    method = asked["access-control-request-method"]
    names = [name.strip().lower() for name in asked.get("access-control-request-headers", "").split(",")]
    if not is_allowed(asked["origin"]) or method not in METHODS or not set(names) <= {"", *HEADERS}:
        return Response(status_code=403)
    headers = {
        "Access-Control-Allow-Methods": ", ".join(METHODS),
        "Access-Control-Allow-Headers": ", ".join(HEADERS),
        "Access-Control-Max-Age": "300",
    }
    return Response(status_code=204, headers=headers)


class Cors:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        origin = asked.get("origin")

        async def send_with_permission(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if origin is not None and is_allowed(origin):
                    headers.add_vary_header("Origin")
                    headers["Access-Control-Allow-Origin"] = origin
                    headers["Access-Control-Allow-Credentials"] = "true"
                    headers["Access-Control-Expose-Headers"] = "X-Request-Id"
            await send(message)

        is_preflight = scope["method"] == "OPTIONS" and "access-control-request-method" in asked
        app = permission(asked) if is_preflight and origin is not None else self.app
        await app(scope, receive, send_with_permission)


def has_token(request: Request) -> bool:
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bearer in TOKENS or request.cookies.get("token") in TOKENS


def name_answer(response: Response) -> None:
    response.headers["X-Request-Id"] = uuid4().hex


def create_app(calls: list[str]) -> ASGIApp:
    app = FastAPI(dependencies=[Depends(name_answer)])

    @app.get("/quotes")
    async def quotes() -> dict[str, str]:
        return QUOTES

    @app.post("/orders", status_code=201)
    async def place(order: dict[str, str]) -> dict[str, str]:
        calls.append(f"placed {order['symbol']}")
        return order

    @app.delete("/orders/{order_id}")
    async def cancel(order_id: int) -> dict[str, int]:
        calls.append(f"cancelled {order_id}")
        return {"cancelled": order_id}

    @app.get("/boom")
    async def boom() -> None:
        raise RuntimeError("the pricing library gave up")

    @app.middleware("http")
    async def check_token(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if not has_token(request):
            return JSONResponse({"detail": "a token is needed"}, status_code=401)
        return await call_next(request)

    return Cors(app)
