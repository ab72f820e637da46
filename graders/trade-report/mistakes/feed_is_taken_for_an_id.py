"""The route with the parameter stands before the feed, and takes its path."""

from collections.abc import AsyncIterable
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated

from desk import Record, Repository
from fastapi import FastAPI, HTTPException, Response
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


def publish(record: Record) -> PublicTrade:
    return PublicTrade.model_validate(record, from_attributes=True)


def create_app(repo: Repository) -> FastAPI:
    app = FastAPI()

    def find(trade_id: int) -> PublicTrade:
        record = repo.get(trade_id)
        if record is None:
            raise HTTPException(404, "unknown trade")
        return publish(record)

    @app.get("/trades", response_model_exclude_none=True)
    async def read_trades() -> list[PublicTrade]:
        return [publish(record) for record in repo.all()]

    @app.get("/trades/{trade_id}", response_model_exclude_none=True)
    async def read_trade(trade_id: int) -> PublicTrade:
        return find(trade_id)

    @app.get("/trades/{trade_id}/raw")
    async def read_raw_trade(trade_id: int) -> Response:
        body = find(trade_id).model_dump_json(exclude_none=True).encode()
        tag = f'"{sha256(body).hexdigest()}"'
        return Response(body, media_type="application/json", headers={"ETag": tag})

    @app.get("/trades/feed", response_model_exclude_none=True)
    async def read_feed() -> AsyncIterable[PublicTrade]:
        for record in repo.all():
            yield publish(record)

    return app
