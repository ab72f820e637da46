"""What the warm server asks the kernel about the processes of stages, and how it ends them. See proc(5) and wait(2)."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

__all__ = ["cpu_of", "end", "end_by_descriptor", "is_over", "is_waiting", "parent_of"]


def is_over(pid: int) -> bool:
    """Tell whether a child has ended, without reaping it."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def cpu_of(pid: int) -> float | None:
    """Return the processor seconds of a process; None where the system has no such file."""
    fields = _fields_of(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else None


def parent_of(pid: int) -> int | None:
    """Return the parent of a process; None where there is no such process, or no such file."""
    fields = _fields_of(pid)
    return int(fields[1]) if fields else None


def _fields_of(pid: int) -> list[bytes]:
    """Return what ``/proc/<pid>/stat`` says after the name."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return []


def is_waiting(descriptor: int | None) -> bool:
    """Tell whether a process, by its own descriptor, is alive. Raises ChildProcessError when it is no child.

    A process id may belong to somebody else a moment after its process was reaped; a descriptor stays with it.
    """
    if descriptor is None:
        return False
    return os.waitid(os.P_PIDFD, descriptor, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def end_by_descriptor(descriptor: int) -> None:
    """Kill and reap a child, and close its descriptor. One that has ended, or is no child, is left as it is."""
    with suppress(ProcessLookupError, ChildProcessError):
        signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        os.waitid(os.P_PIDFD, descriptor, os.WEXITED)
    os.close(descriptor)


def end(pid: int, *, with_group: bool) -> dict[str, Any]:
    """Kill a child, with its group where it leads one; tell how it had ended if it had ended before.

    A stage that is about to end has closed its channel already, but its status stands: no signal changes it any more.
    """
    was_over = is_over(pid)
    if with_group:
        with suppress(ProcessLookupError):  # it has not made its group yet; then it is alone
            os.killpg(pid, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return {
        "cpu": usage.ru_utime + usage.ru_stime,
        "exit": code if code >= 0 else None,
        "signal": -code if code < 0 and (was_over or code != -signal.SIGKILL) else None,
    }
