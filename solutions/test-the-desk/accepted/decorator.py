"""A decorator opens the desk around every check and hands it a client and its feed."""

from collections.abc import Callable

from desk import Feed
from fastapi import FastAPI
from fastapi.testclient import TestClient

MAKER = Callable[[Feed], FastAPI]
CHECKS: dict[str, Callable[[TestClient], None]] = {}


def check(function: Callable[[TestClient], None]) -> None:
    CHECKS[function.__name__] = function


@check
def feed(client: TestClient) -> None:
    assert client.get("/quotes/MSFT").json() == {"symbol": "MSFT", "price": "402.10"}


@check
def session(client: TestClient) -> None:
    other = TestClient(client.app)
    client.post("/login", json={"trader": "carol"})
    assert other.get("/me").status_code == 401
    other.post("/login", json={"trader": "dave"})
    assert client.get("/me").json() == {"trader": "carol"}
    assert other.get("/me").json() == {"trader": "dave"}


@check
def redirect(client: TestClient) -> None:
    response = client.get("/old/AAPL")
    (step,) = response.history
    assert (step.status_code, step.headers["location"]) == (307, "/quotes/AAPL")


@check
def crash(client: TestClient) -> None:
    response = client.get("/boom")
    assert (response.status_code, response.json()) == (500, {"detail": "internal error"})


@check
def ticks(client: TestClient) -> None:
    assert client.get("/ticks").text.split("\n") == [*(f"tick {number}" for number in (1, 2, 3, 4, 5)), ""]


@check
def orders(client: TestClient) -> None:
    client.post("/orders", json={"symbol": "MSFT", "quantity": 4})
    client.post("/orders", json={"symbol": "AAPL", "quantity": 2})
    placed = client.get("/orders").json()
    assert placed == [{"symbol": "MSFT", "quantity": 4}, {"symbol": "AAPL", "quantity": 2}]


def tests_for(make_app: MAKER) -> dict[str, Callable[[], None]]:
    def opened(function: Callable[[TestClient], None]) -> Callable[[], None]:
        def run() -> None:
            feed = Feed()
            with TestClient(make_app(feed), raise_server_exceptions=False) as client:
                function(client)
            assert not feed.is_open

        return run

    return {name: opened(function) for name, function in CHECKS.items()}
