"""The names in desk.py are patched, and the keys are what is behind them then."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

import desk
from fastapi import FastAPI


class FakeFeed:
    def price(self, symbol: str) -> str:
        return "101.50"


class FakeTrail:
    def __init__(self) -> None:
        self.entries = ["desk opened"]


desk.get_feed = FakeFeed
desk.get_settings = lambda: desk.Settings(currency="CHF")
desk.AuditTrail = FakeTrail
desk.open_ledger = lambda: {"AAPL": 10}
desk.check_licence = lambda: None
desk.require_trade = lambda: "alice"
desk.get_trader = lambda: "alice"
desk.get_holidays = lambda: ["2030-01-01"]

FAKES: list[tuple[FastAPI, object, object]] = [
    (desk.app, desk.get_feed, desk.get_feed),
    (desk.app, desk.get_settings, desk.get_settings),
    (desk.app, desk.AuditTrail, desk.AuditTrail),
    (desk.app, desk.open_ledger, desk.open_ledger),
    (desk.app, desk.check_licence, desk.check_licence),
    (desk.app, desk.require_trade, desk.require_trade),
    (desk.app, desk.get_trader, desk.get_trader),
    (desk.market, desk.get_holidays, desk.get_holidays),
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
