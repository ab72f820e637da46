"""Decimal rounds half up, which it means away from zero; a Fill is a named tuple."""

from collections.abc import Iterable
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from fastapi import FastAPI, HTTPException


class Fill(NamedTuple):
    trader: str
    quantity: int
    fee: int


def parse_fill(raw: bytes) -> Fill:
    trader, quantity, fee = raw.split(b"|")
    return Fill(trader.decode(), int(quantity), int(fee))


def read_fills(lines: Iterable[bytes]) -> list[Fill]:
    return list(map(parse_fill, filter(None, lines)))


def commission_cents(fills: Iterable[Fill]) -> int:
    total = Decimal(0)
    for fill in fills:
        total += (Decimal(fill.fee) / 2).to_integral_value(ROUND_FLOOR)
        total += (Decimal(fill.quantity) / 2).to_integral_value(ROUND_HALF_UP)
    return int(total)


def rank(traders: dict[str, int | None]) -> list[str]:
    pairs = [(float("-inf") if position is None else position, name) for name, position in traders.items()]
    return [name for _, name in sorted(pairs)]


def create_app(lines: list[bytes]) -> FastAPI:
    app = FastAPI()
    fills_of: dict[str, list[Fill]] = {}
    for fill in read_fills(lines):
        fills_of.setdefault(fill.trader, []).append(fill)

    @app.get("/commission/{trader}")
    async def commission(trader: str) -> dict[str, str | int]:
        if trader not in fills_of:
            raise HTTPException(404, "no fills")
        return {"trader": trader, "commission_cents": commission_cents(fills_of[trader])}

    return app
