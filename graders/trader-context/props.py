"""The backend and its executor. Runs beside the submission: it asks whose request it is, passes on, and judges nothing.

What its functions are called with goes to the grader, which holds and answers them. When they go on, they tell the
grader what `current_trader()` returns there.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Final

import anyio.to_thread

CurrentTrader = Callable[[], object]
Operation = Callable[[str], Any]

_owners: Final[set[asyncio.Task[None]]] = set()


class Backend:
    """What the desk's routes and background tasks call."""

    def __init__(
        self,
        current_trader: CurrentTrader,
        operations: dict[str, Operation],
        told: Callable[[str, str, object], object],
    ) -> None:
        self._current_trader, self._operations, self._told = current_trader, operations, told

    async def quote(self, symbol: str, /) -> str:
        """Find a price."""
        return await self._perform_async("quote", symbol)

    def history(self, symbol: str, /) -> str:
        """Look up the trades of a trader."""
        return self._perform("history", symbol)

    def risk(self, symbol: str, /) -> str:
        """Compute a risk."""
        return self._perform("risk", symbol)

    def record(self, symbol: str, /) -> None:
        """Enter an order."""
        self._perform("record", symbol)

    async def notify(self, symbol: str, /) -> None:
        """Tell the trader."""
        await self._perform_async("notify", symbol)

    def _perform(self, operation: str, symbol: str) -> Any:
        found = self._operations[operation](symbol)
        self._told(operation, symbol, self._current_trader())
        return found

    async def _perform_async(self, operation: str, symbol: str) -> Any:
        found = await self._operations[operation](symbol)
        self._told(operation, symbol, self._current_trader())
        return found


def backend(
    current_trader: CurrentTrader,
    operations: dict[str, Operation],
    told: Callable[[str, str, object], object],
) -> Backend:
    """Return a backend."""
    return Backend(current_trader, operations, told)


def executor() -> Executor:
    """Return an executor with a single thread, in which one job follows another."""
    return ThreadPoolExecutor(1)


async def called_in(executor: Executor, current_trader: CurrentTrader) -> object:
    """Return what ``current_trader()`` returns in a job that is handed to the executor directly."""
    return await asyncio.wrap_future(executor.submit(current_trader))


async def thread_of(executor: Executor) -> int:
    """Return the single thread of the executor."""
    return await asyncio.wrap_future(executor.submit(threading.get_ident))


async def leave_one_thread() -> None:
    """Have the framework call plain functions in a single thread, one after another, which lives on as in a server."""
    ready = asyncio.Event()
    _owners.add(asyncio.create_task(_own_one_thread(ready)))
    await ready.wait()


async def _own_one_thread(ready: asyncio.Event) -> None:
    anyio.to_thread.current_default_thread_limiter().total_tokens = 1
    await anyio.to_thread.run_sync(threading.get_ident)  # starts the thread, which ends with this task and not before
    ready.set()
    await asyncio.Event().wait()


def wait_for(bell: Callable[[], object]) -> None:
    """Keep the event loop busy until the grader rings: what it sends meanwhile arrives together."""
    bell()
