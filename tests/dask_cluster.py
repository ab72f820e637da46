"""A Dask cluster of two worker processes on loopback."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, cast

from distributed import Client

__all__ = ["dask_cluster"]


@contextmanager
def dask_cluster(folder: Path) -> Generator[str]:
    """Keep a cluster, and yield the address of its scheduler. What it says goes into files of the folder."""
    here = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(folder / "scheduler.json")]
    worker = ["worker", "--nthreads", "1", "--no-nanny", "--local-directory"]
    parts = [["scheduler", "--port", "0"], *[[*worker, str(folder / f"worker-{name}")] for name in "ab"]]
    with ExitStack() as closing:
        for number, part in enumerate(parts):
            said = closing.enter_context((folder / f"dask-{number}.log").open("wb"))
            command = [sys.executable, "-m", "dask", *part, *here]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=folder)
            closing.callback(process.wait)
            closing.callback(process.terminate)
        with cast("Any", Client)(scheduler_file=here[-1], set_as_default=False) as client:  # not typed
            client.wait_for_workers(2, timeout=60)
            address = str(client.scheduler.address)
        yield address
