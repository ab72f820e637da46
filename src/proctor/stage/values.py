"""How the stage's values travel: plain data by value, everything else as a numbered handle."""

import builtins
import itertools
import linecache
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any, cast

from proctor.stage import wire

__all__ = ["Values", "to_error"]

_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>"})


class Values:
    """The handles that the grader holds on objects of this process."""

    def __init__(self, build: Callable[[wire.Message], Any]) -> None:
        self._build = build
        self._numbers = itertools.count(1)
        self._handles: dict[int, Any] = {}
        self.shown: dict[str, str] = {}

    def show(self, files: Iterable[Path]) -> None:
        """Name the files whose frames may be shown to the learner, before any of them runs."""
        self.shown = {str(file): file.name for file in files}

    def pack(self, value: object) -> Any:
        """Turn a value into JSON, keeping here what is no plain data."""
        return wire.pack(value, self._foreign)

    def keep(self, value: object) -> Any:
        """Keep a value here, plain data included, and return the handle's JSON."""
        number = next(self._numbers)
        self._handles[number] = value
        return {"$": "handle", "id": number, "type": type_name(value)}

    def unpack(self, value: Any) -> Any:
        """Turn JSON into a value, building collaborators where the grader describes one."""
        return wire.unpack(value, self._tagged)

    def get(self, number: int) -> Any:
        """Return the object behind a handle."""
        return self._handles[number]

    def _foreign(self, value: object) -> Any:
        if isinstance(value, BaseException):
            return {"$": "error", **self.describe(value)}
        return self.keep(value)

    def _tagged(self, spec: wire.Message) -> Any:
        return self._handles[spec["id"]] if spec["$"] == "handle" else self._build(spec)

    def describe(self, error: BaseException) -> wire.Message:
        """Describe an exception: its type, its message, and where the learner's own files had a part in it."""
        try:
            message = str(error)
        except Exception:  # noqa: BLE001 - __str__ is the submission's code
            message = "(its __str__ failed)"
        frames = [(frame.filename, frame.lineno or 0, frame.name) for frame in _extract(error)]
        if isinstance(error, SyntaxError) and error.filename in self.shown:
            frames.append((error.filename, error.lineno or 0, "<module>"))
            message = error.msg
        return {"type": type_name(error), "message": message[:4000], "frames": self._own(frames)}

    def frames(self, frame: FrameType | None) -> list[wire.Message]:
        """Return the learner's frames on a stack, outermost first."""
        stack: list[tuple[str, int, str]] = []
        while frame is not None:
            stack.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
            frame = frame.f_back
        return self._own(reversed(stack))

    def _own(self, frames: Iterable[tuple[str, int, str]]) -> list[wire.Message]:
        return [
            {"file": self.shown[file], "line": line, "in": name, "code": linecache.getline(file, line).strip()[:200]}
            for file, line, name in _without_comprehensions(frames)
            if file in self.shown
        ][-20:]


def _extract(error: BaseException) -> traceback.StackSummary:
    """Return the traceback of an exception, or of the first member of a group that has one."""
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return traceback.extract_tb(error.__traceback__)


def _without_comprehensions(frames: Iterable[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """Fold the frame of a comprehension into its function's, as Python 3.12 does (PEP 709): one answer, one text."""
    folded: list[tuple[str, int, str]] = []
    for file, line, name in frames:
        if name in _COMPREHENSIONS and folded:
            folded[-1] = (file, line, folded[-1][2])
        else:
            folded.append((file, line, name))
    return folded


def type_name(value: object) -> str:
    """Return the name of a value's type."""
    return type(value).__name__[:100]


def to_error(spec: wire.Message) -> Exception:
    """Build the exception that a collaborator raises; a name that is no built-in exception becomes RuntimeError."""
    kind = getattr(builtins, spec["type"], RuntimeError)
    if isinstance(kind, type) and issubclass(kind, Exception):
        return kind(spec["message"])
    return RuntimeError(spec["message"])
