"""Steps that follow an order, whatever happens. See README.md beside this file."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from fastapi import FastAPI


class Session(Protocol):
    """One session with the database. What is not committed is lost when it is left."""

    async def add_order(self, order_id: str, /) -> None:
        """Write an order."""

    async def add_to_outbox(self, order_id: str, step: str, /) -> None:
        """Write that a step of an order is still to be run."""

    async def remove_from_outbox(self, order_id: str, step: str, /) -> None:
        """Remove that entry."""

    async def outbox(self) -> list[tuple[str, str]]:
        """Return the entries `(order_id, step)`, in the order in which they were added."""
        ...

    async def commit(self) -> None:
        """Make durable what this session has written so far."""


class Database(Protocol):
    """Outlives the application."""

    def session(self) -> AbstractAsyncContextManager[Session]:
        """Open a session for the body of an `async with`."""
        ...


Step = Callable[[str, Session], Awaitable[None]]
"""A step, called as `step(order_id, session)`; it may raise."""


def create_app(steps: list[tuple[str, Step]], failures: list[tuple[str, str, str]], db: Database) -> FastAPI:
    """Return the desk. A step that raises is recorded in `failures` as `(order_id, step, type of the exception)`."""
    app = FastAPI()

    @app.post("/orders/{order_id}", status_code=202)
    async def take_order(order_id: str) -> dict[str, str]:
        # TODO: write the order and its outbox entries; once it is answered, run the steps, and remove their entries
        return {"id": order_id}

    # TODO: at start-up, run the steps that a crash left over
    return app
