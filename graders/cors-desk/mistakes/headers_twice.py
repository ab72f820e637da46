"""An own middleware adds the headers that CORSMiddleware has set already."""

from uuid import uuid4

from fastapi import Depends, FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ORIGINS = ["https://desk.example", "http://localhost:5173"]
QUOTES = {"AAPL": "101.50", "MSFT": "402.10"}


def name_answer(response: Response) -> None:
    response.headers["X-Request-Id"] = uuid4().hex


class CorsHeaders:
    """Some answers seemed to lack the headers, so they are put on here as well."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin")

        async def send_with_cors(message: Message) -> None:
            if message["type"] == "http.response.start" and origin in ORIGINS:
                headers = MutableHeaders(scope=message)
                headers.append("Access-Control-Allow-Origin", origin)
                headers.append("Access-Control-Allow-Credentials", "true")
            await send(message)

        await self.app(scope, receive, send_with_cors)


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

    app.add_middleware(
        CORSMiddleware,
        allow_origins=ORIGINS,
        allow_credentials=True,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["X-Idempotency-Key"],
        expose_headers=["X-Request-Id"],
        max_age=300,
    )
    app.add_middleware(CorsHeaders)
    return app
