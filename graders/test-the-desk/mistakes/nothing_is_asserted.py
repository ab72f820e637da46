"""Sends every request, prints the answers and asserts nothing."""

from collections.abc import Callable

from desk import Feed
from fastapi import FastAPI
from fastapi.testclient import TestClient


def tests_for(make_app: Callable[[Feed], FastAPI]) -> dict[str, Callable[[], None]]:
    def feed() -> None:
        with TestClient(make_app(Feed())) as client:
            print(client.get("/quotes/AAPL").json())

    def session() -> None:
        with TestClient(make_app(Feed())) as client:
            client.post("/login", json={"trader": "alice"})
            print(client.get("/me").text)

    def redirect() -> None:
        with TestClient(make_app(Feed()), follow_redirects=False) as client:
            print(client.get("/old/AAPL").headers)

    def crash() -> None:
        with TestClient(make_app(Feed()), raise_server_exceptions=False) as client:
            print(client.get("/boom"))

    def ticks() -> None:
        with TestClient(make_app(Feed())) as client:
            print(client.get("/ticks").text)

    def orders() -> None:
        with TestClient(make_app(Feed())) as client:
            client.post("/orders", json={"symbol": "AAPL", "quantity": 10})
            print(client.get("/orders").text)

    return {
        "feed": feed,
        "session": session,
        "redirect": redirect,
        "crash": crash,
        "ticks": ticks,
        "orders": orders,
    }
