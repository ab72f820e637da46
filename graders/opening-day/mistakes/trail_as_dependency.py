"""Names and audits in a dependency, which runs for routes alone."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import uuid4

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, Field

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
    async def name_answer(request: Request, response: Response) -> AsyncIterator[None]:
        request_id = request.headers.get("X-Request-ID") or uuid4().hex
        response.headers["X-Request-ID"] = request_id
        try:
            yield
        except HTTPException as refusal:
            response.status_code = refusal.status_code
            raise
        finally:
            status = response.status_code or (202 if request.method == "POST" else 200)
            desk.audit.append((request_id, request.url.path, status))

    app = FastAPI(dependencies=[Depends(name_answer)])

    async def find_account(trader: Trader) -> AsyncIterator[dict[str, Any]]:
        async with desk.session() as session:
            yield await session.account(trader)

    @app.get("/quotes/{symbol}", dependencies=[Depends(find_trader)], responses={401: {}})
    async def quote(symbol: str) -> dict[str, str]:
        return {"symbol": symbol, "price": await desk.price(symbol)}

    @app.post("/orders", status_code=202, responses={401: {}, 403: {}, 409: {}})
    async def place(
        order: Order,
        account: Annotated[dict[str, Any], Depends(find_account, scope="function")],
        tasks: BackgroundTasks,
    ) -> dict[str, str]:
        if not account["may_trade"]:
            raise HTTPException(403, "this account may not trade")
        if order.symbol == HALTED or order.quantity > account["limit"]:
            raise HTTPException(409, "halted, or above the limit")
        tasks.add_task(desk.ledger.record, order.id)
        tasks.add_task(desk.mailer.send, order.id)
        return {"id": order.id, "account": account["number"]}

    app.add_middleware(
        CORSMiddleware,
        allow_origins=["https://desk.example", "http://localhost:5173"],
        allow_methods=["GET", "POST"],
        allow_headers=["X-Trader-Token", "X-Request-ID"],
        expose_headers=["X-Request-ID"],
    )
    return app
