"""A class that puts back key by key, and fakes that are functions of the same kind as what they replace."""

from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Annotated, NamedTuple, Self

import desk
from fastapi import FastAPI, Header

Dependency = Callable[..., object]

MISSING = object()


class Fake(NamedTuple):
    application: FastAPI
    key: object
    replacement: object


class FakeAuditTrail(desk.AuditTrail):
    def __init__(self) -> None:  # pyright: ignore[reportMissingSuperCall] - the real one dials out
        self.entries = ["desk opened"]


def fake_feed() -> object:
    def price(_symbol: str) -> str:
        return "101.50"

    return SimpleNamespace(price=price)


def fake_settings() -> desk.Settings:
    return desk.Settings(currency="CHF")


def fake_ledger() -> Iterator[dict[str, int]]:
    yield {"AAPL": 10}


async def fake_licence() -> bool:
    return True


def fake_trader(x_trader_token: Annotated[str, Header()] = "") -> str:
    return x_trader_token or "alice"


def fake_holidays() -> list[str]:
    return ["2030-01-01"]


FAKES = [
    Fake(desk.market, desk.get_holidays, fake_holidays),
    Fake(desk.app, desk.get_feed, fake_feed),
    Fake(desk.app, desk.get_settings, fake_settings),
    Fake(desk.app, desk.AuditTrail, FakeAuditTrail),
    Fake(desk.app, desk.open_ledger, fake_ledger),
    Fake(desk.app, desk.check_licence, fake_licence),
    Fake(desk.app, desk.require_trade, fake_trader),
    Fake(desk.app, desk.get_trader, fake_trader),
]


class Always:
    def __init__(self, value: object) -> None:
        self.value = value

    def __call__(self) -> object:
        return self.value


class overriding:  # noqa: N801 - it is used like a function
    def __init__(self, app: FastAPI, mapping: Mapping[Dependency, object]) -> None:
        self.table = app.dependency_overrides
        self.mapping = mapping
        self.saved: dict[Dependency, object] = {}

    def __enter__(self) -> Self:
        for key, value in self.mapping.items():
            self.saved[key] = self.table.get(key, MISSING)
            self.table[key] = value if callable(value) else Always(value)
        return self

    def __exit__(self, *_: object) -> None:
        for key, value in self.saved.items():
            if callable(value):
                self.table[key] = value
            else:
                del self.table[key]
