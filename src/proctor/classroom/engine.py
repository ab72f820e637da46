"""Where batches are graded: an executor of `concurrent.futures`, of this machine or of a Dask cluster.

Both give the same verdicts. Threads are enough on one machine: they wait for the processes that do the work.
"""

import os
from collections.abc import Generator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from proctor.classroom.batch import close_lanes, interrupt_lanes
from proctor.classroom.engine_name import Engine
from proctor.errors import OurFault, UsageError

__all__ = ["Crew", "crew_of"]

PATIENCE: Final = 10.0
"""Seconds to wait for the scheduler of a cluster."""


@dataclass(frozen=True)
class Crew:
    """An executor, and how many batches it grades at a time."""

    executor: Executor
    size: int


@contextmanager
def crew_of(engine: Engine, *, workers: int | None = None, scheduler: str | None = None) -> Generator[Crew]:
    """Keep those who grade. ``workers`` is for this machine, ``scheduler`` (``tcp://host:8786``) for a cluster.

    Raises UsageError where the two do not fit, or the cluster's package is missing; OurFault without its scheduler.
    """
    if (scheduler is not None) != (engine is Engine.DASK):
        raise UsageError("`--engine dask` and `--scheduler tcp://HOST:PORT` belong together: give both or none")
    if scheduler is not None:
        with _cluster(scheduler) as crew:
            yield crew
        return
    size = workers or os.cpu_count() or 1
    executor = ThreadPoolExecutor(size, thread_name_prefix="lane")
    try:
        yield Crew(executor, size)
    finally:
        interrupt_lanes()  # after Ctrl-C there are batches that nobody waits for any more
        executor.shutdown(wait=True, cancel_futures=True)
        close_lanes()


@contextmanager
def _cluster(scheduler: str) -> Generator[Crew]:
    try:
        from distributed import Client  # noqa: PLC0415 - the extra `cluster` need not be installed
    except ImportError:
        raise UsageError('`--engine dask` needs the extra: `python -m pip install -e ".[cluster]"`') from None
    try:
        opened = cast("Any", Client)(scheduler, timeout=PATIENCE, set_as_default=False)  # not typed
    except (OSError, TimeoutError) as error:
        raise OurFault(f"there is no Dask scheduler at `{scheduler}`: {error}") from None
    with opened as client:
        size = sum(client.nthreads().values())
        if not size:
            raise OurFault(f"the Dask scheduler at `{scheduler}` has no workers: start `dask worker {scheduler}`")
        executor = client.get_executor(pure=False, retries=1)
        try:
            yield Crew(executor, size)
        finally:
            client.run(interrupt_lanes)
            executor.shutdown(wait=True)
            client.run(close_lanes)
