"""The key for the settings is the function inside lru_cache."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

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
    (app, get_settings.__wrapped__, lambda: Settings(currency="CHF")),
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


@contextmanager
def overriding(app: FastAPI, mapping: Mapping[Callable[..., object], object]) -> Generator[None]:
    saved = dict(app.dependency_overrides)
    app.dependency_overrides.update({key: as_dependency(value) for key, value in mapping.items()})
    try:
        yield
    finally:
        app.dependency_overrides.clear()
        app.dependency_overrides.update(saved)
