"""The stage's clock. Only the grader moves it, so that no verdict depends on how fast a machine is.

`now` is what event loops and timed waits go by: it stands still until the grader ticks. `time.time`,
`time.monotonic`, `time.perf_counter` and their ``_ns`` variants keep running and have all ticks added, so that code
which measures a sleep still finds that it lasted.
"""

import time
from typing import Final

__all__ = ["Clock", "clock"]

_NUDGE: Final = 1e-6
"""Added to every tick: a deadline that is computed as ``start + delay`` may lie a rounding error behind ``delay``."""


class Clock:
    """Seconds since the stage began, as far as the grader has let them pass."""

    def __init__(self) -> None:
        self.now = 0.0

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds + _NUDGE

    def install(self) -> None:
        """Make the standard library's clocks agree with the ticks."""
        real_time, real_monotonic, real_perf_counter = time.time, time.monotonic, time.perf_counter
        time.time = lambda: real_time() + self.now
        time.monotonic = lambda: real_monotonic() + self.now
        time.perf_counter = lambda: real_perf_counter() + self.now
        real_time_ns, real_monotonic_ns, real_perf_counter_ns = time.time_ns, time.monotonic_ns, time.perf_counter_ns
        time.time_ns = lambda: real_time_ns() + self._now_ns()
        time.monotonic_ns = lambda: real_monotonic_ns() + self._now_ns()
        time.perf_counter_ns = lambda: real_perf_counter_ns() + self._now_ns()

    def _now_ns(self) -> int:
        return int(self.now * 1e9)


clock: Final = Clock()
