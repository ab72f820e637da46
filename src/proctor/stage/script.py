"""The submission's modules: loads them, and tells whether that left anything behind that a fork would share or lose."""

import importlib.util
import select
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final, Self

from proctor.stage import streams
from proctor.stage.accounts import books, uncounted
from proctor.stage.clock import clock
from proctor.stage.loop import count_loops

__all__ = ["Script"]

_DESCRIPTORS: Final = 256
"""How many descriptors are looked at, which is as many as a stage may have (`proctor.isolation.limits`)."""


class Script:
    """One submission. ``folder`` is its private copy, ``module`` the file that is loaded, ``props`` the course's."""

    def __init__(self, folder: Path, module: str, props: Path | None) -> None:
        self._folder, self._module, self._props = folder, module, props
        self.files = sorted(folder.glob("*.py"))
        self.modules: dict[str, ModuleType] = {}
        self.is_pristine = False
        """Whether a fork of this process is like a process that has just loaded the script by itself."""

    def load(self) -> None:
        """Import the modules. Raises whatever they raise."""
        before = _Traces.now()
        sys.path.insert(0, str(self._folder))
        self.modules["submission"] = _import(self._module, self._folder / f"{self._module}.py")
        if self._props is not None:
            self.modules["props"] = _run_props(self._props)
        self.is_pristine = _Traces.now() == before


@dataclass(frozen=True)
class _Traces:
    """What shows that a module did more than define things: a fork has no threads, and shares open files."""

    descriptors: frozenset[int]
    threads: int
    loops: int
    parties: int
    alarms: int
    seconds: float
    printed: int

    @classmethod
    def now(cls) -> Self:
        return cls(
            _open_descriptors(),
            len(sys._current_frames().keys() - uncounted),  # noqa: SLF001 - `threading` does not know all of them
            count_loops(),
            books.running,
            len(books.deadlines),
            clock.now,
            streams.printed(),
        )


def _open_descriptors() -> frozenset[int]:
    """Return the descriptors that are open, without the file system, which the sandbox hides."""
    poll = select.poll()
    for descriptor in range(_DESCRIPTORS):
        poll.register(descriptor, 0)
    closed = {descriptor for descriptor, event in poll.poll(0) if event & select.POLLNVAL}
    return frozenset(range(_DESCRIPTORS)) - closed


def _run_props(file: Path) -> ModuleType:
    """Import the props under a name that is no file, so that no traceback quotes them."""
    module = sys.modules["proctor_props"] = ModuleType("proctor_props")
    exec(compile(file.read_bytes(), "<props>", "exec", dont_inherit=True), vars(module))  # noqa: S102 - it is the course's own
    return module


def _import(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} cannot be imported")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
