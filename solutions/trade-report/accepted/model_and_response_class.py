"""The model leaves unknown venues out by itself, and the class of the response adds the tag."""

from collections.abc import AsyncIterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from desk import Record, Repository
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, field_serializer, model_serializer


class Public(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PublicAccount(Public):
    name: str
    country: str


class PublicTrade(Public):
    id: int
    symbol: str
    quantity: int
    price: Decimal
    executed_at: datetime
    venue: str | None
    account: PublicAccount

    @field_serializer("executed_at")
    def spell_moment(self, moment: datetime) -> str:
        return moment.astimezone(UTC).isoformat()[:-6] + "Z"

    @model_serializer(mode="wrap")
    def leave_out(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = handler(self)
        return {name: value for name, value in values.items() if value is not None}


class TaggedResponse(JSONResponse):
    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        super().init_headers(headers)
        self.headers["ETag"] = f'"{blake2b(self.body).hexdigest()}"'


def create_app(repo: Repository) -> FastAPI:
    app = FastAPI()

    @app.get("/trades/feed")
    async def read_feed() -> AsyncIterable[PublicTrade]:
        for record in repo.all():
            yield PublicTrade.model_validate(record)

    @app.get("/trades", response_model=list[PublicTrade])
    async def read_trades() -> list[Record]:
        return repo.all()

    @app.get("/trades/{trade_id}/raw", response_class=TaggedResponse)
    @app.get("/trades/{trade_id}")
    async def read_trade(trade_id: int) -> PublicTrade:
        record = repo.get(trade_id)
        if record is None:
            raise HTTPException(404)
        return PublicTrade.model_validate(record)

    return app
