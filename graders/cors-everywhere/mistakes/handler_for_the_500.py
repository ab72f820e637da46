"""CORSMiddleware is added last, and a handler for Exception makes the 500."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

from fastapi import Depends, FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp

ORIGINS = ["https://desk.example", "http://localhost:5173"]
PREVIEWS = r"https://[a-z0-9-]+\.preview\.desk\.example"
TOKENS = {"t-alice", "t-bob"}
QUOTES = {"AAPL": "101.50", "MSFT": "402.10"}


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

    @app.exception_handler(Exception)
    async def internal(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "internal"}, status_code=500)

    app.add_middleware(
        CORSMiddleware,
        allow_origins=ORIGINS,
        allow_origin_regex=PREVIEWS,
        allow_credentials=True,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "X-Idempotency-Key"],
        expose_headers=["X-Request-Id"],
        max_age=300,
    )
    return app
