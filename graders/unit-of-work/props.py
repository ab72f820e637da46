"""A database whose content lives with the grader. Runs beside the submission: it passes on, and judges nothing."""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any, Final

Operation = Callable[..., Awaitable[Any]]


class Session:
    """One session; every operation is told the session's number."""

    def __init__(self, number: int, operations: dict[str, Operation]) -> None:
        self._number: Final = number
        self._operations = operations

    async def add(self, trade_id: str, symbol: str, quantity: int) -> int:
        """Write a trade; return the position."""
        return await self._operations["add"](self._number, trade_id, symbol, quantity)

    async def commit(self) -> None:
        """Make durable what is written."""
        await self._operations["commit"](self._number)

    async def rollback(self) -> None:
        """Undo what is written."""
        await self._operations["rollback"](self._number)

    async def close(self) -> None:
        """Close the session."""
        await self._operations["close"](self._number)


class Database:
    """Opens sessions, and tells their numbers."""

    def __init__(self, opened: Callable[[int], None], operations: dict[str, Operation]) -> None:
        self._opened, self._operations = opened, operations
        self._numbers = count(1)

    def session(self) -> Session:
        """Open a session."""
        number = next(self._numbers)
        self._opened(number)
        return Session(number, self._operations)


def database(opened: Callable[[int], None], operations: dict[str, Operation]) -> Database:
    """Return a database with these operations of the grader."""
    return Database(opened, operations)
