"""An exit stack remembers how to undo each replacement, and fakes that yield or depend on one another."""

from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import desk
from fastapi import Depends, FastAPI


class FakeFeed:
    def price(self, symbol: str) -> str:  # noqa: ARG002 - every symbol costs the same
        return "101.50"


class FakeSettings:
    currency = "CHF"


def fake_trail() -> Iterator[object]:
    class Trail:
        entries = ("desk opened",)

    yield Trail()


async def fake_ledger() -> AsyncIterator[dict[str, int]]:
    positions = {"AAPL": 10}
    yield positions
    positions.clear()


def fake_licence() -> None:
    return


def fake_trader() -> str:
    return "alice"


def fake_role(trader: str = Depends(desk.get_trader)) -> str:
    return trader


FAKES: list[tuple[FastAPI, object, object]] = [
    (desk.app, desk.get_feed, FakeFeed),
    (desk.app, desk.get_settings, FakeSettings),
    (desk.app, desk.AuditTrail, fake_trail),
    (desk.app, desk.open_ledger, fake_ledger),
    (desk.app, desk.check_licence, fake_licence),
    (desk.app, desk.require_trade, fake_role),
    (desk.app, desk.get_trader, fake_trader),
    (desk.market, desk.get_holidays, lambda: ["2030-01-01"]),
]


@contextmanager
def overriding(app: FastAPI, mapping: Mapping[Callable[..., object], object]) -> Generator[ExitStack]:
    with ExitStack() as undo:
        for key, value in mapping.items():
            put(undo, app.dependency_overrides, key, value)
        yield undo


def put(
    undo: ExitStack,
    table: dict[Callable[..., object], Callable[..., object]],
    key: Callable[..., object],
    value: object,
) -> None:
    if key in table:
        undo.callback(table.__setitem__, key, table[key])
    else:
        undo.callback(table.pop, key)
    table[key] = value if callable(value) else lambda: value
