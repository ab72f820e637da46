"""One decorated function that puts all headers on all answers and leaves the judging to the browser."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

from fastapi import Depends, FastAPI, Request, Response

ORIGINS = ["https://desk.example", "http://localhost:5173"]
QUOTES = {"AAPL": "101.50", "MSFT": "402.10"}


def name_answer(response: Response) -> None:
    response.headers["X-Request-Id"] = uuid4().hex


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

    @app.middleware("http")
    async def cors(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        is_preflight = request.method == "OPTIONS" and "access-control-request-method" in request.headers
        response = Response() if is_preflight else await call_next(request)
        response.headers.add_vary_header("Origin")
        origin = request.headers.get("origin")
        if origin in ORIGINS:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Credentials"] = "true"
            response.headers["Access-Control-Expose-Headers"] = "X-Request-Id"
            response.headers["Access-Control-Allow-Methods"] = "GET,POST,DELETE"
            response.headers["Access-Control-Allow-Headers"] = "Content-Type,X-Idempotency-Key"
            response.headers["Access-Control-Max-Age"] = "300"
        return response

    return app
