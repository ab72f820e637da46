"""What is secret is listed by name, and everything else is published."""

import json
from collections.abc import AsyncIterable
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Any

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


SECRET = {"broker_key", "pnl", "api_secret", "credit_limit", "algorithm"}


def without_secrets(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in SECRET and value is not None}


def publish(record: Record) -> dict[str, Any]:
    values = record if isinstance(record, dict) else record.model_dump(serialize_as_any=True)
    PublicTrade.model_validate(values)
    trade = without_secrets(values | {"account": without_secrets(values["account"])})
    trade["price"] = str(trade["price"])
    trade["executed_at"] = in_utc(trade["executed_at"]).isoformat().replace("+00:00", "Z")
    return trade


def create_app(repo: Repository) -> FastAPI:
    app = FastAPI()

    def find(trade_id: int) -> dict[str, Any]:
        record = repo.get(trade_id)
        if record is None:
            raise HTTPException(404, "unknown trade")
        return publish(record)

    @app.get("/trades")
    async def read_trades() -> list[dict[str, Any]]:
        return [publish(record) for record in repo.all()]

    # Before the route that would take "feed" for an id.
    @app.get("/trades/feed")
    async def read_feed() -> AsyncIterable[dict[str, Any]]:
        for record in repo.all():
            yield publish(record)

    @app.get("/trades/{trade_id}")
    async def read_trade(trade_id: int) -> dict[str, Any]:
        return find(trade_id)

    @app.get("/trades/{trade_id}/raw")
    async def read_raw_trade(trade_id: int) -> Response:
        body = json.dumps(find(trade_id)).encode()
        tag = f'"{sha256(body).hexdigest()}"'
        return Response(body, media_type="application/json", headers={"ETag": tag})

    return app
