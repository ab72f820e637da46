"""A decorated middleware names and audits answers, and a dependency closes the session and returns the account."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import uuid4

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

TOKENS = {"t-alice": "alice", "t-bob": "bob"}
HALTED = "XYZ"

trader_token = APIKeyHeader(name="X-Trader-Token")


class Order(BaseModel):
    id: str
    symbol: str
    quantity: Annotated[int, Field(ge=1, le=10_000)]


async def find_trader(token: Annotated[str, Depends(trader_token)]) -> str:
    if token not in TOKENS:
        raise HTTPException(401, "a token is needed")
    return TOKENS[token]


Trader = Annotated[str, Depends(find_trader)]


def create_app(desk: Any) -> FastAPI:
    app = FastAPI()

    async def find_account(trader: Trader) -> dict[str, Any]:
        async with desk.session() as session:
            return await session.account(trader)

    @app.get("/quotes/{symbol}", dependencies=[Depends(find_trader)], responses={401: {}})
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": await desk.price(symbol)}

    @app.post("/orders", status_code=202, responses={401: {}, 403: {}, 409: {}})
    async def place(
        order: Order,
        account: Annotated[dict[str, Any], Depends(find_account)],
        tasks: BackgroundTasks,
    ) -> dict[str, str]:
        if not account["may_trade"]:
            raise HTTPException(403, "this account may not trade")
        if order.symbol == HALTED or order.quantity > account["limit"]:
            raise HTTPException(409, "halted, or above the limit")
        tasks.add_task(desk.ledger.record, order.id)
        tasks.add_task(desk.mailer.send, order.id)
        return {"id": order.id, "account": account["number"]}

    @app.middleware("http")
    async def name_answer(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        request_id = request.headers.get("X-Request-ID") or uuid4().hex
        try:
            response = await call_next(request)
        except Exception:  # noqa: BLE001 - whatever a route raises is answered
            response = JSONResponse({"detail": "internal"}, 500)
        response.headers["X-Request-ID"] = request_id
        desk.audit.append((request_id, request.url.path, response.status_code))
        return response

    app.add_middleware(
        CORSMiddleware,
        allow_origins=["https://desk.example", "http://localhost:5173"],
        allow_methods=["GET", "POST"],
        allow_headers=["X-Trader-Token", "X-Request-ID"],
        expose_headers=["X-Request-ID"],
    )
    return app
