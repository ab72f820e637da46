"""Plain Starlette, and dicts that are built and looked at by hand: no model is involved."""

import json
from datetime import UTC
from operator import index
from typing import Any
from zlib import crc32

from desk import Account, Record, Repository, Trade
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def values_of(record: Any) -> dict[str, Any]:
    return vars(record) if isinstance(record, Trade | Account) else record


def publish(record: Record) -> str:
    values = values_of(record)
    account = values_of(values["account"])
    moment = values["executed_at"].astimezone(UTC)
    trade = {
        "id": index(values["id"]),
        "symbol": values["symbol"],
        "quantity": values["quantity"],
        "price": str(values["price"]),
        "executed_at": moment.isoformat().replace("+00:00", "Z"),
        "account": {"name": account["name"], "country": account["country"]},
    }
    if values["venue"] is not None:
        trade["venue"] = values["venue"]
    return json.dumps(trade)


def create_app(repo: Repository) -> Starlette:
    def find(request: Request) -> str:
        record = repo.get(request.path_params["trade_id"])
        if record is None:
            raise HTTPException(404)
        return publish(record)

    def read_trade(request: Request) -> Response:
        return Response(find(request), media_type="application/json")

    def read_raw_trade(request: Request) -> Response:
        body = find(request)
        return Response(body, media_type="application/json", headers={"ETag": f'W/"{crc32(body.encode()):x}"'})

    def read_trades(_request: Request) -> Response:
        trades = ", ".join(publish(record) for record in repo.all())
        return Response(f"[{trades}]", media_type="application/json")

    def read_feed(_request: Request) -> Response:
        lines = "".join(f"{publish(record)}\n" for record in repo.all())
        return Response(lines, media_type="application/jsonl")

    return Starlette(
        routes=[
            Route("/trades", read_trades),
            Route("/trades/feed", read_feed),
            Route("/trades/{trade_id:int}", read_trade),
            Route("/trades/{trade_id:int}/raw", read_raw_trade),
        ]
    )
