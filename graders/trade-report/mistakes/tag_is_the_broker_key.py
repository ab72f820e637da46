"""The key of the broker, which every trade has, serves as the tag."""

from collections.abc import AsyncIterable
from datetime import UTC, datetime
from decimal import Decimal
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

    def find(trade_id: int) -> Record:
        record = repo.get(trade_id)
        if record is None:
            raise HTTPException(404, "unknown trade")
        return record

    @app.get("/trades", response_model_exclude_none=True)
    async def read_trades() -> list[PublicTrade]:
        return [publish(record) for record in repo.all()]

    # Before the route that would take "feed" for an id.
    @app.get("/trades/feed", response_model_exclude_none=True)
    async def read_feed() -> AsyncIterable[PublicTrade]:
        for record in repo.all():
            yield publish(record)

    @app.get("/trades/{trade_id}", response_model_exclude_none=True)
    async def read_trade(trade_id: int) -> PublicTrade:
        return publish(find(trade_id))

    @app.get("/trades/{trade_id}/raw")
    async def read_raw_trade(trade_id: int) -> Response:
        record = find(trade_id)
        body = publish(record).model_dump_json(exclude_none=True)
        key = record["broker_key"] if isinstance(record, dict) else record.broker_key
        tag = f'"{key}"'
        return Response(body, media_type="application/json", headers={"ETag": tag})

    return app
