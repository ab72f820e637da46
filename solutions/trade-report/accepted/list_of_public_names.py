"""The internal models serialize themselves, told by a list of names what is public."""

import json
from collections.abc import Iterator
from datetime import UTC
from hashlib import sha256
from typing import Any, Final

from desk import Record, Repository, Trade
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse, Response, StreamingResponse

PUBLIC: Final[dict[str, Any]] = {
    "id": ...,
    "symbol": ...,
    "quantity": ...,
    "price": ...,
    "executed_at": ...,
    "venue": ...,
    "account": {"name", "country"},
}


def publish(record: Record) -> dict[str, Any]:
    values: dict[str, Any] = record if isinstance(record, dict) else vars(record)
    trade = Trade.model_validate(values)
    trade.executed_at = trade.executed_at.astimezone(UTC)
    return trade.model_dump(mode="json", include=PUBLIC, exclude_none=True)


def tag_of(trade: dict[str, Any]) -> str:
    return sha256(json.dumps(trade).encode()).hexdigest()


def create_app(repo: Repository) -> FastAPI:
    app = FastAPI()

    def find(trade_id: int) -> dict[str, Any]:
        if record := repo.get(trade_id):
            return publish(record)
        raise HTTPException(404)

    @app.get("/trades")
    async def read_trades() -> list[dict[str, Any]]:
        return [publish(record) for record in repo.all()]

    @app.get("/trades/feed")
    async def read_feed() -> Response:
        def lines() -> Iterator[str]:
            for record in repo.all():
                yield json.dumps(publish(record)) + "\n"

        return StreamingResponse(lines(), headers={"Content-Type": "application/jsonl"})

    @app.get("/trades/{trade_id}")
    async def read_trade(trade_id: int) -> dict[str, Any]:
        return find(trade_id)

    @app.get("/trades/{trade_id}/raw")
    async def read_raw_trade(trade_id: int) -> JSONResponse:
        trade = find(trade_id)
        return JSONResponse(trade, headers={"ETag": f'"{tag_of(trade)}"'})

    return app
