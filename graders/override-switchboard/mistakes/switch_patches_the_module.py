"""The switch patches the module in which the dependency is defined."""

import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

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


@contextmanager
def overriding(app: FastAPI, mapping: Mapping[Callable[..., object], object]) -> Generator[None]:
    with ExitStack() as stack:
        for key, value in mapping.items():
            module = sys.modules[key.__module__]
            stack.enter_context(patch.object(module, key.__name__, as_dependency(value), create=True))
        yield
