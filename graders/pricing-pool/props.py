"""An engine that notes its threads. Runs beside the submission: it passes on and reports, and judges nothing."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from anyio.to_thread import current_default_thread_limiter
from fastapi.concurrency import run_in_threadpool


class Engine:
    """Passes every call on, and notes in which thread it was made."""

    def __init__(self, risk: Callable[[str], str]) -> None:
        self._risk = risk
        self.threads: set[threading.Thread] = set()

    def risk(self, position: str) -> str:
        """Calculate the risk of a position."""
        here = threading.get_ident()
        self.threads.update(thread for thread in threading.enumerate() if thread.ident == here)
        return self._risk(position)


def engine(risk: Callable[[str], str]) -> Engine:
    """Return an engine that notes its threads."""
    return Engine(risk)


def threads_left(engine: Engine) -> int:
    """Count the threads in which the engine was called and that have not ended."""
    return sum(thread in engine.threads for thread in threading.enumerate())


async def another_plain_function() -> None:
    """Have a plain function called as FastAPI calls a plain endpoint."""
    await run_in_threadpool(lambda: None)


def leave_one_thread_to_others() -> None:
    """Leave one thread to the framework, and one to `asyncio.to_thread`. Called on the event loop."""
    current_default_thread_limiter().total_tokens = 1
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
