"""Makes tickets in Python, with what JSON cannot carry."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any


def make(order_ticket: Callable[..., object], fields: dict[str, Any], *, price: str, time: str) -> object:
    """Make a ticket with a price and a time."""
    return order_ticket(**fields, limit_price=Decimal(price), expires_at=datetime.fromisoformat(time))
