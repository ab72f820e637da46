"""All layers that a stage applies to itself, prepared once and entered by every stage. See the package for the order.

`prove` is for the process that forks stages: it lets one of them try what each layer forbids.
"""

import importlib
import os
import socket
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

from proctor.isolation import landlock, limits, privileges, seccomp
from proctor.isolation.layers import Layer, Profile

__all__ = ["Sandbox"]

_ELSEWHERE: Final = os.path.realpath(sys.executable)
"""A file that is there in every view, that everybody may read, and that no stage needs any more."""


class Sandbox:
    """The layers of one profile. ``layers`` says which of them to apply; the others are left out."""

    def __init__(self, layers: Collection[Layer], profile: Profile) -> None:
        """Prepare what takes time. Raises OSError when a layer cannot be prepared."""
        self._layers, self._profile = frozenset(layers), profile
        self._readable = landlock.interpreter_paths() if Layer.FILES in layers else []
        if profile is Profile.SERVERS:
            self._readable += landlock.program_paths()
        self._filter = seccomp.compile_filter(profile) if Layer.SYSTEM_CALLS in layers else b""
        self._filter_that_asks = seccomp.compile_filter(profile, asks_to_fork=True) if self.seals_processes else b""
        if Layer.FILES in layers:
            importlib.import_module("landlockpy")  # before the fork, so that no stage pays for it; Linux only

    @property
    def seals_processes(self) -> bool:
        """Whether a stage in it is one process and stays one."""
        return Layer.SYSTEM_CALLS in self._layers and self._profile is Profile.PLAIN

    def enter(
        self, *, readable: Collection[Path] = (), writable: Collection[Path] = (), asks_to_fork: bool = False
    ) -> int | None:
        """Apply every layer to this process, for good. Raises OSError when one cannot be applied.

        With ``asks_to_fork`` a fork is not refused but asked for: whoever holds the descriptor that is returned allows
        it or not. None is returned where that is not to be had, and then forks are refused.
        """
        if Layer.LIMITS in self._layers:
            limits.apply(self._profile)
        if Layer.PRIVILEGES in self._layers:
            privileges.drop()
        if Layer.FILES in self._layers:
            landlock.restrict(self._profile, [*self._readable, *readable], writable)
        if asks_to_fork and self._filter_that_asks:
            listener = seccomp.load_with_listener(self._filter_that_asks)
            if listener is not None:
                return listener
        if Layer.SYSTEM_CALLS in self._layers:
            seccomp.load(self._filter)
        return None

    def prove(self) -> str:
        """Fork a process that enters the sandbox and tries what it forbids. Return what does not hold, or nothing."""
        reading, writing = os.pipe()
        trial = os.fork()
        if not trial:
            self._try(writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as answer:
            said = answer.read().decode("utf-8", "replace")
        os.waitpid(trial, 0)
        return "" if said == "holds" else said or "the trial stage ended without a word"

    def _try(self, writing: int) -> None:
        """Be the trial: say what is not refused, and end."""
        said = ""
        try:
            self.enter()
            open_ones = [str(layer) for layer, deed in self._forbidden().items() if _is_possible(deed)]
            said = f"the layers {', '.join(open_ones)} do not hold" if open_ones else "holds"
        except OSError as error:
            said = str(error)
        finally:
            os.write(writing, said.encode())
            os._exit(0)

    def _forbidden(self) -> dict[Layer, Callable[[], object]]:
        deeds: dict[Layer, Callable[[], object]] = {Layer.FILES: lambda: os.close(os.open(_ELSEWHERE, os.O_RDONLY))}
        if self._profile is Profile.PLAIN:
            deeds[Layer.SYSTEM_CALLS] = lambda: socket.socket().close()
        return {layer: deed for layer, deed in deeds.items() if layer in self._layers}


def _is_possible(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except PermissionError:
        return False
    return True
