"""The crash is expected with pytest.raises, and its answer read with a second client; an ExitStack closes all."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from desk import Feed
from fastapi import FastAPI
from fastapi.testclient import TestClient


class Checks(ExitStack):
    """What one check needs: a feed, the desk, and a client that has started it."""

    def __init__(self, make_app: Callable[[Feed], FastAPI]) -> None:
        super().__init__()
        self.feed_of_the_desk = Feed()
        self.app = make_app(self.feed_of_the_desk)
        self.client = self.enter_context(TestClient(self.app))

    def feed(self) -> None:
        assert self.client.get("/quotes/AAPL").json() == {"symbol": "AAPL", "price": "189.50"}
        self.close()
        assert not self.feed_of_the_desk.is_open

    def session(self) -> None:
        other = TestClient(self.app)
        self.client.post("/login", json={"trader": "erin"})
        assert other.get("/me").status_code == 401
        other.post("/login", json={"trader": "frank"})
        assert self.client.get("/me").json() == {"trader": "erin"}
        assert other.get("/me").json() == {"trader": "frank"}

    def redirect(self) -> None:
        response = self.client.get("/old/AAPL", follow_redirects=False)
        assert response.headers["location"] == "/quotes/AAPL"

    def crash(self) -> None:
        with pytest.raises(RuntimeError):
            self.client.get("/boom")
        response = TestClient(self.app, raise_server_exceptions=False).get("/boom")
        assert response.status_code == 500
        assert "internal error" in response.text

    def ticks(self) -> None:
        assert self.client.get("/ticks").content == b"tick 1\ntick 2\ntick 3\ntick 4\ntick 5\n"

    def orders(self) -> None:
        assert self.client.get("/orders").json() == []
        self.client.post("/orders", json={"symbol": "AAPL", "quantity": 5})
        assert self.client.get("/orders").json() == [{"symbol": "AAPL", "quantity": 5}]


def tests_for(make_app: Callable[[Feed], FastAPI]) -> dict[str, Callable[[], None]]:
    def of(name: str) -> Callable[[], None]:
        def run() -> None:
            with Checks(make_app) as checks:
                getattr(checks, name)()

        return run

    return {name: of(name) for name in ("feed", "session", "redirect", "crash", "ticks", "orders")}
