"""Standard input, output and errors of a stage: an empty input, and one pipe for all that it prints."""

import io
import os
import sys
from typing import Any, Final

__all__ = ["mute", "printed", "redirect", "speak_into"]


class _Voice(io.FileIO):
    """The descriptor under `print`, which counts what goes through it."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self.written = 0

    def write(self, data: Any, /) -> int:
        """As `io.FileIO.write`."""
        self.written += len(data)
        return super().write(data)


_voices: Final[list[_Voice]] = []


def redirect(output: int) -> None:
    """Give the process an empty input and this pipe, in new objects that know nothing of the process's past."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    speak_into(output)
    sys.stdin = sys.__stdin__ = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.__stdout__ = _open_voice(1)
    sys.stderr = sys.__stderr__ = _open_voice(2)


def _open_voice(descriptor: int) -> io.TextIOWrapper:
    voice = _Voice(descriptor)
    _voices.append(voice)
    buffered = io.BufferedWriter(voice)
    return io.TextIOWrapper(buffered, encoding="utf-8", errors="backslashreplace", line_buffering=True)


def speak_into(output: int) -> None:
    """Let what is printed from now on go into this pipe; objects that hold on to `sys.stderr` follow."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)


def mute() -> None:
    """Let go of the pipe."""
    speak_into(os.open(os.devnull, os.O_WRONLY))


def printed() -> int:
    """Return how many bytes have been printed, what is on its way included."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return sum(voice.written for voice in _voices)
