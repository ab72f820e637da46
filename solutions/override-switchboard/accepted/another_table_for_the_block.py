"""The application gets another table for the block, and its own one back after it."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace

import desk
from fastapi import FastAPI


def always_the_same(_symbol: str) -> str:
    return "101.50"


def same(value: object) -> object:
    return value


def giving(value: object) -> Callable[[], object]:
    return partial(same, value)


def fakes_of_the_desk() -> dict[Callable[..., object], object]:
    return {
        desk.get_feed: SimpleNamespace(price=always_the_same),
        desk.get_settings: desk.Settings(currency="CHF"),
        desk.AuditTrail: SimpleNamespace(entries=["desk opened"]),
        desk.open_ledger: {"AAPL": 10},
        desk.check_licence: None,
        desk.require_trade: "alice",
        desk.get_trader: "alice",
    }


FAKES: list[tuple[FastAPI, object, object]] = [
    *((desk.app, key, giving(value)) for key, value in fakes_of_the_desk().items()),
    (desk.market, desk.get_holidays, giving(["2030-01-01"])),
]


@contextmanager
def overriding(app: FastAPI, mapping: Mapping[Callable[..., object], object]) -> Generator[None]:
    table = app.dependency_overrides
    mine = {key: value if callable(value) else giving(value) for key, value in mapping.items()}
    app.dependency_overrides = {**table, **mine}
    try:
        yield
    finally:
        app.dependency_overrides = table
