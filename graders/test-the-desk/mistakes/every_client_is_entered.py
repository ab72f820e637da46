"""Enters two clients of one desk, and so starts it twice."""

from collections.abc import Callable

from desk import Feed
from fastapi import FastAPI
from fastapi.testclient import TestClient


def tests_for(make_app: Callable[[Feed], FastAPI]) -> dict[str, Callable[[], None]]:
    def feed() -> None:
        prices = Feed()
        with TestClient(make_app(prices)) as client:
            response = client.get("/quotes/AAPL")
            assert response.status_code == 200
            assert response.json() == {"symbol": "AAPL", "price": "189.50"}
        assert not prices.is_open

    def session() -> None:
        app = make_app(Feed())
        with TestClient(app) as alice, TestClient(app) as bob:
            stranger = TestClient(app)
            assert alice.post("/login", json={"trader": "alice"}).status_code == 204
            assert bob.post("/login", json={"trader": "bob"}).status_code == 204
            assert alice.get("/me").json() == {"trader": "alice"}
            assert bob.get("/me").json() == {"trader": "bob"}
            assert stranger.get("/me").status_code == 401

    def redirect() -> None:
        with TestClient(make_app(Feed()), follow_redirects=False) as client:
            response = client.get("/old/AAPL")
            assert response.status_code == 307
            assert response.headers["location"] == "/quotes/AAPL"

    def crash() -> None:
        with TestClient(make_app(Feed()), raise_server_exceptions=False) as client:
            response = client.get("/boom")
            assert response.status_code == 500
            assert response.json() == {"detail": "internal error"}

    def ticks() -> None:
        with TestClient(make_app(Feed())) as client, client.stream("GET", "/ticks") as response:
            assert response.status_code == 200
            assert list(response.iter_lines()) == ["tick 1", "tick 2", "tick 3", "tick 4", "tick 5"]

    def orders() -> None:
        order = {"symbol": "AAPL", "quantity": 10}
        with TestClient(make_app(Feed())) as client:
            response = client.post("/orders", json=order)
            assert response.status_code == 201
            assert response.json() == order
            assert client.get("/orders").json() == [order]

    return {
        "feed": feed,
        "session": session,
        "redirect": redirect,
        "crash": crash,
        "ticks": ticks,
        "orders": orders,
    }
