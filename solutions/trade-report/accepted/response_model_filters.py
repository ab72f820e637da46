"""Endpoints return the internal records as they are; the response model of each route does the rest."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from desk import Record, Repository
from fastapi import Depends, FastAPI, HTTPException, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, PlainSerializer, TypeAdapter


def spell(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class PublicAccount(BaseModel):
    name: str
    country: str


class PublicTrade(BaseModel):
    id: int
    symbol: str
    quantity: int
    price: Decimal
    executed_at: Annotated[datetime, PlainSerializer(spell)]
    venue: str | None = None
    account: PublicAccount


public = TypeAdapter(PublicTrade)


def create_app(repo: Repository) -> FastAPI:
    app = FastAPI()

    def find(trade_id: int) -> Record:
        if (record := repo.get(trade_id)) is None:
            raise HTTPException(404)
        return record

    @app.get("/trades", response_model=list[PublicTrade], response_model_exclude_none=True)
    async def read_trades() -> list[Record]:
        return repo.all()

    @app.get("/trades/{trade_id:int}", response_model=PublicTrade, response_model_exclude_none=True)
    async def read_trade(record: Annotated[Record, Depends(find)]) -> Record:
        return record

    @app.get("/trades/{trade_id}/raw", response_model=PublicTrade, response_model_exclude_none=True)
    async def read_raw_trade(record: Annotated[Record, Depends(find)], response: Response) -> Record:
        response.headers["ETag"] = f'"{hash(public.validate_python(record, from_attributes=True).model_dump_json())}"'
        return record

    @app.get("/trades/feed")
    async def read_feed() -> StreamingResponse:
        def lines() -> Iterator[bytes]:
            for record in repo.all():
                trade = public.validate_python(record, from_attributes=True)
                yield public.dump_json(trade, exclude_none=True) + b"\n"

        return StreamingResponse(lines(), media_type="application/jsonl")

    return app
