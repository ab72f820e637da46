"""A database whose content lives with the grader. Runs beside the submission: it passes on, and judges nothing."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

Operation = Callable[..., Awaitable[Any]]


class Session:
    """One session; every operation is told the session's number."""

    def __init__(self, number: int, operations: dict[str, Operation]) -> None:
        self.number: Final = number
        self._operations = operations

    async def add_order(self, order_id: str) -> None:
        """Write an order."""
        await self._operations["add_order"](self.number, order_id)

    async def add_to_outbox(self, order_id: str, step: str) -> None:
        """Write an entry."""
        await self._operations["add_to_outbox"](self.number, order_id, step)

    async def remove_from_outbox(self, order_id: str, step: str) -> None:
        """Remove an entry."""
        await self._operations["remove_from_outbox"](self.number, order_id, step)

    async def outbox(self) -> list[tuple[str, str]]:
        """Return the entries."""
        return await self._operations["outbox"](self.number)

    async def commit(self) -> None:
        """Make durable what this session has written."""
        await self._operations["commit"](self.number)


class Opening:
    """A session for the body of an ``async with``."""

    def __init__(self, operations: dict[str, Operation]) -> None:
        self._operations = operations
        self._number = 0

    async def __aenter__(self) -> Session:
        self._number = await self._operations["open"]()
        return Session(self._number, self._operations)

    async def __aexit__(self, *_: object) -> None:
        await self._operations["close"](self._number)


class Database:
    """Opens sessions."""

    def __init__(self, operations: dict[str, Operation]) -> None:
        self._operations = operations

    def session(self) -> Opening:
        """Return what opens a session."""
        return Opening(self._operations)


def database(operations: dict[str, Operation]) -> Database:
    """Return a database with these operations of the grader."""
    return Database(operations)
