"""Exact fractions with a rounding function of their own, served by Starlette from a table that is made once."""

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

HALF = Fraction(1, 2)


class Fill:
    def __init__(self, trader: str, quantity: int, fee: int) -> None:
        self.trader = trader
        self.quantity = quantity
        self.fee = fee


def parse_fill(raw: bytes) -> Fill:
    match str(raw, "utf-8").split("|"):
        case [trader, quantity, fee]:
            return Fill(trader, quantity=int(quantity), fee=int(fee))
        case _:
            raise ValueError(f"no fill: {raw!r}")


def read_fills(lines: Iterable[bytes]) -> list[Fill]:
    return [parse_fill(line) for line in lines if line]


def round_half_away(value: Fraction) -> int:
    return math.floor(value + HALF) if value > 0 else math.ceil(value - HALF)


def commission_of(fill: Fill) -> int:
    return math.floor(fill.fee * HALF) + round_half_away(fill.quantity * HALF)


def commission_cents(fills: Iterable[Fill]) -> int:
    return sum(map(commission_of, fills))


def rank(traders: Mapping[str, int | None]) -> list[str]:
    names = sorted(traders)

    def key(name: str) -> float:
        position = traders[name]
        return -math.inf if position is None else position

    names.sort(key=key)  # which keeps the order of names where positions are equal
    return names


def create_app(lines: Iterable[bytes]) -> Starlette:
    cents: dict[str, int] = {}
    for fill in read_fills(lines):
        cents[fill.trader] = cents.get(fill.trader, 0) + commission_cents([fill])

    async def commission(request: Request) -> JSONResponse:
        trader = request.path_params["trader"]
        if trader not in cents:
            raise HTTPException(404)
        return JSONResponse({"trader": trader, "commission_cents": cents[trader]})

    return Starlette(routes=[Route("/commission/{trader}", commission)])
