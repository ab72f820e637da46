"""What is raised in the block does not come out of it."""

from collections.abc import Callable, Mapping

from desk import (
    AuditTrail,
    Settings,
    app,
    check_licence,
    get_feed,
    get_holidays,
    get_settings,
    get_trader,
    market,
    open_ledger,
    require_trade,
)
from fastapi import FastAPI


class FakeFeed:
    def price(self, symbol: str) -> str:
        return "101.50"


class FakeTrail:
    def __init__(self) -> None:
        self.entries = ["desk opened"]


FAKES: list[tuple[FastAPI, object, object]] = [
    (app, get_feed, FakeFeed),
    (app, get_settings, lambda: Settings(currency="CHF")),
    (app, AuditTrail, FakeTrail),
    (app, open_ledger, lambda: {"AAPL": 10}),
    (app, check_licence, lambda: None),
    (app, require_trade, lambda: "alice"),
    (app, get_trader, lambda: "alice"),
    (market, get_holidays, lambda: ["2030-01-01"]),
]


def as_dependency(value: object) -> Callable[..., object]:
    if callable(value):
        return value

    def give() -> object:
        return value

    return give


class overriding:
    def __init__(self, app: FastAPI, mapping: Mapping[Callable[..., object], object]) -> None:
        self.table = app.dependency_overrides
        self.mapping = mapping

    def __enter__(self) -> None:
        self.saved = dict(self.table)
        self.table.update({key: as_dependency(value) for key, value in self.mapping.items()})

    def __exit__(self, *_: object) -> bool:
        self.table.clear()
        self.table.update(self.saved)
        return True
