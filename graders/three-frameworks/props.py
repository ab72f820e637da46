"""Tells by which protocol an application is called. Runs beside the submission: it reports, and judges nothing."""

import inspect
from collections.abc import Callable
from typing import Any


def protocol(app: Callable[..., Any]) -> str:
    """Return ``ASGI`` for what is async or has to be called with three arguments, ``WSGI`` for anything else."""
    # An object whose `__call__` is async is no coroutine function itself.
    is_async = any(map(inspect.iscoroutinefunction, (app, getattr(app, "__call__", None))))  # noqa: B004
    return "ASGI" if is_async or (_takes(app, 3) and not _takes(app, 2)) else "WSGI"


def _takes(app: Callable[..., Any], count: int) -> bool:
    """Tell whether something can be called with so many arguments."""
    try:
        inspect.signature(app).bind(*range(count))
    except (TypeError, ValueError):
        return False
    return True
