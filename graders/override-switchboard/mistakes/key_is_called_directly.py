"""The key is the one function that all dependencies call."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from desk import app, connect, market
from fastapi import FastAPI


class FakeFeed:
    def price(self, symbol: str) -> str:
        return "101.50"


class FakeConnection:
    def __init__(self, service: str) -> None:
        self.answer = {
            "price feed": FakeFeed(),
            "settings server": "CHF",
            "audit archive": ["desk opened"],
            "ledger": {"AAPL": 10},
            "licence server": True,
            "role server": "alice",
            "identity server": "alice",
            "calendar": ["2030-01-01"],
        }[service]

    def ask(self, question: str) -> object:
        return self.answer

    def close(self) -> None:
        pass


FAKES: list[tuple[FastAPI, object, object]] = [
    (app, connect, FakeConnection),
    (market, connect, FakeConnection),
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
