"""What the submission prints: read as it comes, kept up to a limit, past it thrown away so that no pipe fills."""

import asyncio
import os
from typing import ClassVar

__all__ = ["Output"]


class Output:
    """The reading end of a stage's output pipe."""

    LIMIT: ClassVar[int] = 64 << 10

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
        return self._kept.decode("utf-8", "replace")

    def _drain(self) -> None:
        try:
            while self._descriptor is not None:
                if not (part := os.read(self._descriptor, 1 << 16)):
                    self.close()
                self._kept += part[: self.LIMIT - len(self._kept)]
        except BlockingIOError:
            return

    def close(self) -> None:
        """Read what is left and stop."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        asyncio.get_running_loop().remove_reader(descriptor)
        try:
            while part := os.read(descriptor, 1 << 16):
                self._kept += part[: self.LIMIT - len(self._kept)]
        except BlockingIOError:
            pass  # a process that outlived the stage still holds the other end
        os.close(descriptor)
