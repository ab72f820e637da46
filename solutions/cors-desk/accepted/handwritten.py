"""A small ASGI middleware of our own; preflights get 204 or 403."""

from uuid import uuid4

from fastapi import Depends, FastAPI, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ORIGINS = ["https://desk.example", "http://localhost:5173"]
QUOTES = {"AAPL": "101.50", "MSFT": "402.10"}


def name_answer(response: Response) -> None:
    response.headers["X-Request-Id"] = uuid4().hex


def permission(asked: Headers) -> Response:
    if asked.get("origin") not in ORIGINS:
        return Response(status_code=403)
    headers = {
        "Access-Control-Allow-Methods": "GET, POST, DELETE",
        "Access-Control-Allow-Headers": "content-type, x-idempotency-key",
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
        is_preflight = scope["method"] == "OPTIONS" and "access-control-request-method" in asked

        async def send_with_cors(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if asked.get("origin") in ORIGINS:
                    headers["Access-Control-Allow-Origin"] = asked["origin"]
                    headers["Access-Control-Allow-Credentials"] = "true"
                    headers["Access-Control-Expose-Headers"] = "X-Request-Id"
            await send(message)

        inner = permission(asked) if is_preflight else self.app
        await inner(scope, receive, send_with_cors)


def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(name_answer)])

    @app.get("/quotes")
    async def quotes() -> dict[str, str]:
        return QUOTES

    @app.post("/orders", status_code=201)
    async def place(order: dict[str, object]) -> dict[str, object]:
        return order

    @app.delete("/orders/{order_id}")
    async def cancel(order_id: int) -> dict[str, int]:
        return {"cancelled": order_id}

    app.add_middleware(Cors)
    return app
