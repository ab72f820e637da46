"""Four decorated functions; the last decorator is the outermost."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

TOKENS = {"t-alice": "alice", "t-bob": "bob"}
QUOTA = 2

Next = Callable[[Request], Awaitable[Response]]


def create_app(audit: list[tuple[str, str, int]]) -> FastAPI:
    app = FastAPI()
    used: dict[str, int] = {}

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": "101.50"}

    @app.post("/orders", status_code=201)
    async def order(body: dict[str, object]) -> dict[str, object]:
        return body

    @app.middleware("http")
    async def quota(request: Request, call_next: Next) -> Response:
        trader: str = request.state.trader
        used[trader] = used.get(trader, 0) + 1
        if used[trader] > QUOTA:
            return JSONResponse({"detail": "quota exceeded"}, 429)
        return await call_next(request)

    @app.middleware("http")
    async def token_check(request: Request, call_next: Next) -> Response:
        trader = TOKENS.get(request.headers.get("x-trader-token", ""))
        if trader is None:
            return JSONResponse({"detail": "unknown token"}, 401)
        request.state.trader = trader
        return await call_next(request)

    @app.middleware("http")
    async def access_log(request: Request, call_next: Next) -> Response:
        response = await call_next(request)
        audit.append((request.state.request_id, request.url.path, response.status_code))
        return response

    @app.middleware("http")
    async def request_id(request: Request, call_next: Next) -> Response:
        request.state.request_id = request.headers.get("x-request-id") or uuid4().hex
        response = await call_next(request)
        response.headers["x-request-id"] = request.state.request_id
        return response

    return app
