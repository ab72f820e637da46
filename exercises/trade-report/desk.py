"""The records of the desk as they are kept. Nothing in here was made to be published."""

from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from pydantic import AwareDatetime, BaseModel


class Account(BaseModel):
    """Somebody whom the desk trades with."""

    name: str
    country: str
    api_secret: str


class PrimeAccount(Account):
    """Somebody who trades on credit."""

    credit_limit: Decimal


class Trade(BaseModel):
    """One trade; `venue` is None where nobody knows where it took place."""

    id: int
    symbol: str
    quantity: int
    price: Decimal
    executed_at: AwareDatetime
    venue: str | None = None
    account: Account
    broker_key: str
    pnl: Decimal


class AlgoTrade(Trade):
    """A trade that a program has made."""

    algorithm: str


Record: TypeAlias = Trade | dict[str, Any]
"""A trade, an object of a subclass, or a dict with the same keys and Python values, whose account is a dict too."""


class Repository(Protocol):
    """Where the records are kept. Whatever it returns is a copy of its own."""

    def get(self, trade_id: int, /) -> Record | None:
        """Return one record, or None if there is none."""
        ...

    def all(self) -> list[Record]:
        """Return all records, in their order."""
        ...
