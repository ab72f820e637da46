"""Looks at the status of every answer, and at nothing else."""

from collections.abc import Callable

from desk import Feed
from fastapi import FastAPI
from fastapi.testclient import TestClient


def tests_for(make_app: Callable[[Feed], FastAPI]) -> dict[str, Callable[[], None]]:
    def feed() -> None:
        with TestClient(make_app(Feed())) as client:
            assert client.get("/quotes/AAPL").status_code == 200

    def session() -> None:
        app = make_app(Feed())
        with TestClient(app) as alice:
            bob, stranger = TestClient(app), TestClient(app)  # the desk runs already
            assert alice.post("/login", json={"trader": "alice"}).status_code == 204
            assert bob.post("/login", json={"trader": "bob"}).status_code == 204
            assert alice.get("/me").status_code == 200
            assert bob.get("/me").status_code == 200
            assert stranger.get("/me").status_code == 401

    def redirect() -> None:
        with TestClient(make_app(Feed()), follow_redirects=False) as client:
            response = client.get("/old/AAPL")
            assert response.status_code == 307

    def crash() -> None:
        with TestClient(make_app(Feed()), raise_server_exceptions=False) as client:
            response = client.get("/boom")
            assert response.status_code == 500

    def ticks() -> None:
        with TestClient(make_app(Feed())) as client, client.stream("GET", "/ticks") as response:
            assert response.status_code == 200

    def orders() -> None:
        order = {"symbol": "AAPL", "quantity": 10}
        with TestClient(make_app(Feed())) as client:
            response = client.post("/orders", json=order)
            assert response.status_code == 201
            assert client.get("/orders").status_code == 200

    return {
        "feed": feed,
        "session": session,
        "redirect": redirect,
        "crash": crash,
        "ticks": ticks,
        "orders": orders,
    }
