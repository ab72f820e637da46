"""The trading desk, complete. Whatever it depends on comes over the network, which is not there when you test."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, FastAPI, Header
from pydantic import BaseModel


class NetworkError(Exception):
    """A service cannot be reached."""


class Connection(Protocol):
    """An open line to one of the desk's services."""

    def ask(self, question: str) -> Any: ...

    def close(self) -> None: ...


def connect(service: str) -> Connection:
    """Open a line to a service."""
    raise NetworkError(f"network: the {service} cannot be reached from here")


app = FastAPI(title="Desk")


# 1. A function


class Feed(Protocol):
    """Where prices come from."""

    def price(self, symbol: str) -> str: ...


def get_feed() -> Feed:
    return connect("price feed").ask("everything")


@app.get("/quotes/{symbol}")
def quote(symbol: str, feed: Annotated[Feed, Depends(get_feed)]) -> dict[str, str]:
    return {"symbol": symbol, "price": feed.price(symbol)}


# 2. Settings that are read once


class Settings(BaseModel):
    """What a desk is told when it is set up."""

    currency: str


@lru_cache
def get_settings() -> Settings:
    return Settings(currency=connect("settings server").ask("currency"))


@app.get("/currency")
def currency(settings: Annotated[Settings, Depends(get_settings)]) -> dict[str, str]:
    return {"currency": settings.currency}


# 3. A class


class AuditTrail:
    """Everything that was ever done at the desk."""

    def __init__(self) -> None:
        self.entries: list[str] = connect("audit archive").ask("entries")


@app.get("/audit")
def audit(trail: Annotated[AuditTrail, Depends()]) -> dict[str, list[str]]:
    return {"entries": trail.entries}


# 4. A dependency that cleans up after itself


def open_ledger() -> Iterator[dict[str, int]]:
    connection = connect("ledger")
    try:
        yield connection.ask("positions")
    finally:
        connection.close()


@app.get("/positions")
def positions(ledger: Annotated[dict[str, int], Depends(open_ledger)]) -> dict[str, int]:
    return ledger


# 5. A dependency of a whole router


def check_licence() -> None:
    connect("licence server").ask("may this desk print reports?")


reports = APIRouter(prefix="/reports", dependencies=[Depends(check_licence)])


@reports.get("/{day}")
def report(day: str) -> dict[str, str]:
    return {"report": day}


app.include_router(reports)


# 6. A dependency with a parameter


def require(role: str) -> Callable[[str], str]:
    """Make a dependency that lets in only who has the role, and tells who that is."""

    def check(x_trader_token: Annotated[str, Header()] = "") -> str:
        return connect("role server").ask(f"who is {x_trader_token}, and is that somebody with the role {role}?")

    return check


require_trade = require("trade")


class Order(BaseModel):
    """What a trader wants."""

    symbol: str
    quantity: int


@app.post("/orders", status_code=201)
def place_order(order: Order, trader: Annotated[str, Depends(require_trade)]) -> dict[str, Any]:
    return {"trader": trader, "symbol": order.symbol, "quantity": order.quantity}


# 7. A dependency that has a name as a type


def get_trader(x_trader_token: Annotated[str, Header()] = "") -> str:
    return connect("identity server").ask(f"who is {x_trader_token}?")


CurrentTrader = Annotated[str, Depends(get_trader)]


@app.get("/me")
def me(trader: CurrentTrader) -> dict[str, str]:
    return {"trader": trader}


# 8. A dependency of an application that is mounted on this one


market = FastAPI(title="Market")


def get_holidays() -> list[str]:
    return connect("calendar").ask("holidays")


@market.get("/holidays")
def holidays(days: Annotated[list[str], Depends(get_holidays)]) -> dict[str, list[str]]:
    return {"holidays": days}


app.mount("/market", market)
