"""Every route returns a response of its own, and the response models stay on paper."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated

from desk import Record, Repository
from fastapi import FastAPI, HTTPException, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import AfterValidator, AwareDatetime, BaseModel


def in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


class PublicAccount(BaseModel):
    name: str
    country: str


class PublicTrade(BaseModel):
    id: int
    symbol: str
    quantity: int
    price: Decimal
    executed_at: Annotated[AwareDatetime, AfterValidator(in_utc)]
    venue: str | None
    account: PublicAccount


def publish(record: Record) -> object:
    return jsonable_encoder(record, exclude_none=True)


def create_app(repo: Repository) -> FastAPI:
    app = FastAPI()

    def find(trade_id: int) -> object:
        record = repo.get(trade_id)
        if record is None:
            raise HTTPException(404, "unknown trade")
        return publish(record)

    @app.get("/trades", response_model=list[PublicTrade])
    async def read_trades() -> Response:
        return JSONResponse([publish(record) for record in repo.all()])

    # Before the route that would take "feed" for an id.
    @app.get("/trades/feed", response_model=PublicTrade)
    async def read_feed() -> Response:
        lines = (json.dumps(publish(record)) + "\n" for record in repo.all())
        return StreamingResponse(lines, media_type="application/jsonl")

    @app.get("/trades/{trade_id}", response_model=PublicTrade)
    async def read_trade(trade_id: int) -> Response:
        return JSONResponse(find(trade_id))

    @app.get("/trades/{trade_id}/raw", response_model=PublicTrade)
    async def read_raw_trade(trade_id: int) -> Response:
        trade = find(trade_id)
        tag = f'"{sha256(json.dumps(trade).encode()).hexdigest()}"'
        return JSONResponse(trade, headers={"ETag": tag})

    return app
