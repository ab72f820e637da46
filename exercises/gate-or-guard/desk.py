"""The desk behind the application: its traders, its orders, its clock, and the sign at its door."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from pydantic import BaseModel


@dataclass(frozen=True)
class Trader:
    """Somebody who places orders."""

    name: str
    account: str


class Ticket(BaseModel):
    """What a trader sends to place an order."""

    symbol: str
    quantity: int
    note: str = ""


@dataclass(frozen=True)
class Order:
    """An order that was placed."""

    id: str
    owner: str
    """The name of the trader who placed it."""

    symbol: str
    quantity: int


class Desk:
    """One desk; several of them do not know of one another."""

    def __init__(self, traders: Mapping[str, Trader]) -> None:
        self.traders = traders
        """X-Trader-Token -> trader."""

        self.orders: dict[str, Order] = {}
        """The id of an order -> the order."""

        self.maintenance = False
        """Is the desk closed? This is switched while the application runs."""

    def clock(self) -> int:
        """Return the time in milliseconds; only differences mean anything."""
        return time.monotonic_ns() // 1_000_000

    def place(self, trader: Trader, ticket: Ticket) -> Order:
        """Place an order of this trader, and return it."""
        order = Order(uuid4().hex[:8], trader.name, ticket.symbol, ticket.quantity)
        self.orders[order.id] = order
        return order

    def orders_of(self, trader: Trader) -> list[Order]:
        """Return the orders of this trader, oldest first."""
        return [order for order in self.orders.values() if order.owner == trader.name]
