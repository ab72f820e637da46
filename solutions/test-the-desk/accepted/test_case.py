"""A unittest.TestCase whose setUp starts a desk, and whose feed takes down how it is used."""

import unittest
from collections.abc import Callable
from functools import partial

from desk import Feed
from fastapi import FastAPI
from fastapi.testclient import TestClient


class CountingFeed(Feed):
    """Knows one price, and how it has been used."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    async def open(self) -> None:
        self.calls.append("open")

    async def price(self, symbol: str) -> str:
        self.calls.append(symbol)
        return "98.34"

    async def close(self) -> None:
        self.calls.append("close")


def tests_for(make_app: Callable[[Feed], FastAPI]) -> dict[str, Callable[[], None]]:
    class DeskTest(unittest.TestCase):
        def setUp(self) -> None:
            self.prices = CountingFeed()
            self.app = make_app(self.prices)
            self.client = self.enterContext(TestClient(self.app, raise_server_exceptions=False))

        def feed(self) -> None:
            assert self.client.get("/quotes/NESN").json() == {"symbol": "NESN", "price": "98.34"}
            self.doCleanups()
            assert self.prices.calls == ["open", "NESN", "close"]

        def session(self) -> None:
            grace, heidi = TestClient(self.app), TestClient(self.app)
            grace.post("/login", json={"trader": "grace"})
            heidi.post("/login", json={"trader": "heidi"})
            assert grace.get("/me").json() == {"trader": "grace"}
            assert heidi.get("/me").json() == {"trader": "heidi"}
            assert self.client.get("/me").status_code == 401

        def redirect(self) -> None:
            response = self.client.get("/old/NESN", follow_redirects=False)
            assert response.headers["location"] == "/quotes/NESN"

        def crash(self) -> None:
            response = self.client.get("/boom")
            assert response.status_code == 500
            assert response.json() == {"detail": "internal error"}

        def ticks(self) -> None:
            assert list(self.client.get("/ticks").iter_lines()) == [f"tick {number}" for number in range(1, 6)]

        def orders(self) -> None:
            self.client.post("/orders", json={"symbol": "NESN", "quantity": 6})
            assert self.client.get("/orders").json() == [{"symbol": "NESN", "quantity": 6}]

    def run(name: str) -> None:
        result = DeskTest(name).run()
        assert result
        assert result.wasSuccessful()

    return {name: partial(run, name) for name in ("feed", "session", "redirect", "crash", "ticks", "orders")}
