"""Divmod for both halves, and Pydantic models that convert what arrives as text."""

import math
from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel


class Fill(BaseModel):
    trader: str
    quantity: int
    fee: int


class Commission(BaseModel):
    trader: str
    commission_cents: int


def parse_fill(raw: bytes) -> Fill:
    fields = raw.decode().split("|")
    return Fill.model_validate(dict(zip(("trader", "quantity", "fee"), fields, strict=True)))


def read_fills(lines: Iterable[bytes]) -> list[Fill]:
    fills: list[Fill] = []
    for line in lines:
        if line:
            fills.append(parse_fill(line))  # noqa: PERF401 - as the loop of a port would be
    return fills


def commission_cents(fills: Iterable[Fill]) -> int:
    total = 0
    for fill in fills:
        half_fee, _ = divmod(fill.fee, 2)
        half_cents, left = divmod(abs(fill.quantity), 2)
        total += half_fee
        total += int(math.copysign(half_cents + left, fill.quantity))
    return total


def rank(traders: dict[str, int | None]) -> list[str]:
    unknown = sorted(name for name, position in traders.items() if position is None)
    known = sorted((position, name) for name, position in traders.items() if position is not None)
    return unknown + [name for _, name in known]


def create_app(lines: list[bytes]) -> FastAPI:
    app = FastAPI()
    fills = read_fills(lines)

    def own_fills(trader: str) -> list[Fill]:
        found = [fill for fill in fills if fill.trader == trader]
        if not found:
            raise HTTPException(404, "no fills")
        return found

    @app.get("/commission/{trader}")
    async def commission(trader: str, own: Annotated[list[Fill], Depends(own_fills)]) -> Commission:
        return Commission(trader=trader, commission_cents=commission_cents(own))

    return app
