"""What the submission prints: read as it comes, kept up to a limit, past it thrown away so that no pipe fills."""

import asyncio
import os
from typing import ClassVar

from proctor.hostile_text import decode

__all__ = ["Output"]


class Output:
    """The reading end of a stage's output pipe."""

    LIMIT: ClassVar[int] = 64 << 10
    _READS: ClassVar[int] = 32
    """Reads in one go; somebody who prints without end must not keep the grader reading."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor
        self._kept = bytearray()

    def open(self) -> None:
        """Start to read, on the running event loop."""
        if self._descriptor is not None:
            os.set_blocking(self._descriptor, False)
            asyncio.get_running_loop().add_reader(self._descriptor, self._drain)

    def text(self) -> str:
        """Return what has been printed so far."""
        self._drain()
        return decode(bytes(self._kept), self.LIMIT)

    def _drain(self) -> None:
        for _ in range(self._READS):
            if self._descriptor is None or not self._read(self._descriptor):
                return

    def _read(self, descriptor: int) -> bool:
        """Read once; return whether there may be more."""
        try:
            part = os.read(descriptor, 1 << 16)
        except BlockingIOError:
            return False
        self._kept += part[: self.LIMIT - len(self._kept)]
        if not part:
            self._stop()  # the submission has closed its output
        return bool(part)

    def close(self) -> None:
        """Read what is left and stop."""
        self._drain()
        self._stop()

    def _stop(self) -> None:
        if self._descriptor is not None:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None
