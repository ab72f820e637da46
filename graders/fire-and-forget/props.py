"""Shows which tasks are still in memory. Runs beside the submission: it marks and reports, and judges nothing."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from typing import Any, Final
from weakref import WeakSet, WeakValueDictionary

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]
Push = Callable[[str], Awaitable[None]]


class Mark:
    """What a request leaves in its context. It is alive as long as somebody keeps that context, or a copy of it."""


_mark: Final[ContextVar[Mark]] = ContextVar("mark")
_marks: Final[WeakValueDictionary[str, Mark]] = WeakValueDictionary()
_pushes: Final[WeakValueDictionary[str, asyncio.Task[Any]]] = WeakValueDictionary()
_requests: Final[WeakSet[asyncio.Task[Any]]] = WeakSet()


class WatchedNotifier:
    """Notes in which task each push runs."""

    def __init__(self, push: Push) -> None:
        self._push = push

    async def push(self, alert_id: str) -> None:
        """Push one alert."""
        _note(alert_id)  # no variable here may refer to the task
        await self._push(alert_id)


def _note(alert_id: str) -> None:
    if (task := asyncio.current_task()) is not None:
        _pushes[alert_id] = task


def watched_notifier(push: Push) -> WatchedNotifier:
    """Return a notifier that notes in which task each push runs."""
    return WatchedNotifier(push)


def watched(app: Application) -> Application:
    """Return the application with the context of every request marked."""

    async def marked(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if (task := asyncio.current_task()) is not None:
            _requests.add(task)
        token = _mark.set(Mark())
        _marks[scope["path"].rpartition("/")[2]] = _mark.get()
        try:
            await app(scope, receive, send)
        finally:
            _mark.reset(token)  # the task of the request may be kept by the server

    return marked


def kept(alert_ids: list[str]) -> int:
    """Collect garbage; return how many tasks somebody keeps that were made for these alerts, or that pushed them."""
    gc.collect()
    made_for_them = [alert_id for alert_id in alert_ids if alert_id in _marks]
    pushed_them = {_pushes[alert_id] for alert_id in alert_ids if alert_id in _pushes} - set(_requests)
    return max(len(made_for_them), len(pushed_them))
