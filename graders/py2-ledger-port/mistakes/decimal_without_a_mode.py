"""Decimal rounds as it does when nobody says how."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from fastapi import FastAPI, HTTPException


@dataclass
class Fill:
    trader: str
    quantity: int
    fee: int


def parse_fill(raw: bytes) -> Fill:
    trader, quantity, fee = raw.decode("utf-8").split("|")
    return Fill(trader, int(quantity), int(fee))


def read_fills(lines: Iterable[bytes]) -> list[Fill]:
    return [parse_fill(line) for line in lines if line]


def halve_away_from_zero(number: int) -> int:
    return int((Decimal(number) / 2).quantize(Decimal(1)))


def commission_cents(fills: Iterable[Fill]) -> int:
    return sum(fill.fee // 2 + halve_away_from_zero(fill.quantity) for fill in fills)


def rank(traders: dict[str, int | None]) -> list[str]:
    def key(name: str) -> tuple[bool, int, str]:
        position = traders[name]
        return (position is not None, position or 0, name)

    return sorted(traders, key=key)


def create_app(lines: list[bytes]) -> FastAPI:
    app = FastAPI()
    fills = read_fills(lines)

    @app.get("/commission/{trader}")
    async def commission(trader: str) -> dict[str, str | int]:
        own = [fill for fill in fills if fill.trader == trader]
        if not own:
            raise HTTPException(404, "no fills")
        return {"trader": trader, "commission_cents": commission_cents(own)}

    return app
