"""One middleware that does all four in the right order, because only the order of effects counts."""

from collections import Counter
from collections.abc import Awaitable, Callable
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

TOKENS = {"t-alice": "alice", "t-bob": "bob"}
QUOTA = 2


def create_app(audit: list[tuple[str, str, int]]) -> FastAPI:
    app = FastAPI()
    used = Counter[str]()

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": "101.50"}

    @app.post("/orders", status_code=201)
    async def order(body: dict[str, object]) -> dict[str, object]:
        return body

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        request_id = request.headers.get("x-request-id") or str(uuid4())
        trader = TOKENS.get(request.headers.get("x-trader-token", ""))
        if trader is None:
            response: Response = JSONResponse({"detail": "unknown token"}, 401)
        elif used[trader] == QUOTA:
            response = JSONResponse({"detail": "quota exceeded"}, 429)
        else:
            used[trader] += 1
            response = await call_next(request)
        audit.append((request_id, request.url.path, response.status_code))
        response.headers["x-request-id"] = request_id
        return response

    return app
