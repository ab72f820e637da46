"""Builds desks, mounts and overrides. Runs beside the submission: it passes on, and judges nothing."""

from collections.abc import Callable, Sequence
from typing import Any

from desk import Desk, Order, Trader
from fastapi import HTTPException
from starlette.applications import Starlette
from starlette.routing import Mount


class SetDesk(Desk):
    """A desk with a clock that somebody else sets."""

    now = 0

    def clock(self) -> int:
        """Return what the clock was set to."""
        return self.now


def make_desk(traders: dict[str, Sequence[str]], orders: Sequence[Sequence[Any]], now: int) -> Desk:
    """Return a desk with these traders, by token, and these orders."""
    desk = SetDesk({token: Trader(*each) for token, each in traders.items()})
    desk.orders = {each[0]: Order(*each) for each in orders}
    desk.now = now
    return desk


def mounted(prefix: str, app: Any) -> Starlette:
    """Return another application, in which this one is mounted."""
    return Starlette(routes=[Mount(prefix, app)])


def override_by_trader(app: object, dependency: object, name: str, account: str) -> bool:
    """Override a dependency by one that gives this trader; tell whether the application takes overrides."""
    return _override(app, dependency, lambda: Trader(name, account))


def override_by_nothing(app: object, dependency: object) -> bool:
    """Override a dependency by one that does nothing; tell whether the application takes overrides."""
    return _override(app, dependency, lambda: None)


def override_by_refusal(app: object, dependency: object, status: int) -> bool:
    """Override a dependency by one that refuses everybody; tell whether the application takes overrides."""

    def refuse() -> None:
        raise HTTPException(status)

    return _override(app, dependency, refuse)


def _override(app: object, dependency: object, replacement: Callable[[], object]) -> bool:
    try:
        app.dependency_overrides[dependency] = replacement  # type: ignore[attr-defined]
    except (AttributeError, TypeError):
        return False
    return True
