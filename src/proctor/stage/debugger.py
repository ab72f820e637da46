"""A debugger in the learner's own code, while the check that calls it runs in another process.

Theory of operation
-------------------
It is `pdb` with three things changed.

**Where it stops.** Only in the learner's own files. A step past the end of a function goes on to wherever the learner's
code runs next: out of ``create_app``, through FastAPI, into the endpoint. There is one debugger for all threads. Who
would stop while somebody types at another stop waits, and then looks again whether there is still a reason to.

**What it shows.** A stage runs a private copy of the submission. `canonic`, through which pdb has every file name that
it compares or shows, returns the path of the learner's own file instead; the lines are those of the copy.

**Where it talks.** The terminal came as two descriptors. It does not control this process, so we may read from it in
the background, and Ctrl-C does not reach us: it ends the run, and the run ends us. Line editing is to be had on the
descriptors 0 and 1 only, so the terminal is put there while somebody types. At all other times they are what they are
in every stage, and what the submission prints is captured.

For the books, somebody who types is a thread that runs: nothing comes to rest meanwhile, and no clock moves. The same
holds for who waits for his turn, because that lock is Python's own.
"""

import _thread
import dis
import inspect
import io
import linecache
import os
import pdb  # noqa: T100 - nothing stops here by mistake: it is the debugger that is asked for
import socket
import sys
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final

from proctor.isolation.launcher import Debugging
from proctor.stage.accounts import start_uncounted_thread

__all__ = ["Debugger"]

_PAUSES: Final = {"YIELD_VALUE", "RESUME"}
"""The instruction at which a coroutine waits; Python 3.13 already points to the one with which it will go on."""


class _Lines:
    """A pipe with lines in it, of which no more is read than is asked for: the next stage reads on."""

    def __init__(self, descriptor: int) -> None:
        self._file = io.FileIO(descriptor, closefd=False)

    def readline(self) -> str:
        """Return the next line, or an empty text at the end."""
        return self._file.readline().decode("utf-8", "replace")


class _Terminal:
    """The learner's terminal, or the pipes that somebody uses in its place."""

    def __init__(self, reads: int, writes: int) -> None:
        self._reads, self._writes = reads, writes
        self.is_interactive = os.isatty(reads) and os.isatty(writes)
        self.input: Any = _open(reads, "r") if self.is_interactive else _Lines(reads)
        self.output = _open(writes, "w")

    @contextmanager
    def in_place(self) -> Generator[None]:
        """Have it be standard input and output."""
        streams, descriptors = (sys.stdin, sys.stdout), (os.dup(0), os.dup(1))
        sys.stdout.flush()
        os.dup2(self._reads, 0)
        os.dup2(self._writes, 1)
        sys.stdin, sys.stdout = _open(0, "r"), _open(1, "w")
        try:
            yield
        finally:
            sys.stdout.flush()
            sys.stdin, sys.stdout = streams
            for number, descriptor in enumerate(descriptors):
                os.dup2(descriptor, number)
                os.close(descriptor)


def _open(descriptor: int, mode: str) -> Any:
    return open(descriptor, mode, buffering=1, encoding="utf-8", errors="replace", closefd=False)


class Debugger(pdb.Pdb):
    """The debugger of one stage; ``folder`` is the private copy of the submission."""

    def __init__(self, debugging: Debugging, folder: Path) -> None:
        self._debugging = debugging
        self._terminal = _Terminal(debugging.reads, debugging.writes)
        self._run = socket.socket(fileno=debugging.tells)
        self._turn = _thread.RLock()
        self._expects_call = False
        self._own: Mapping[str, str] = {os.fspath(folder / name): path for name, path in debugging.files.items()}
        super().__init__(stdin=self._terminal.input, stdout=self._terminal.output, nosigint=True, readrc=False)
        self.use_rawinput = self._terminal.is_interactive

    # From the stage

    def begin(self) -> None:
        """Be there for the submission, which is going to be loaded."""
        for copy, path in self._own.items():
            _show_lines_of(copy, path)
        start_uncounted_thread(self._end_with_run)
        pdb.set_trace = sys.breakpointhook = self._stop_at_caller
        threading.settrace(self.trace_dispatch)
        self.reset()
        self.botframe = sys._getframe()  # noqa: SLF001 - pdb's bottom of the stack, which no frame of the submission is
        if self._debugging.line is not None:
            self.set_break(self._debugging.files[self._debugging.main_file], self._debugging.line)
        self.set_continue()

    def expect_call(self) -> None:
        """Stop at the first call of a function of the submission, if that is wanted: it is loaded."""
        if self._debugging.at_first_call:
            self._expects_call = True
            self.set_step()

    def _stop_at_caller(self, *_: object, **__: object) -> None:
        """Stop where `breakpoint` was called, whatever it was given."""
        caller = sys._getframe().f_back  # noqa: SLF001 - as pdb does
        with self._turn:  # it resets what a prompt of another thread is about
            self.set_trace(caller)

    def _end_with_run(self) -> None:
        """Never outlive the run, or two would read from one terminal."""
        while self._run.recv(1):
            continue
        os._exit(0)

    def _tell(self, what: bytes) -> None:
        try:
            self._run.sendall(what)
        except OSError:
            os._exit(0)

    # Where it stops

    def _is_own(self, frame: FrameType) -> bool:
        return self.canonic(frame.f_code.co_filename) in self._own.values()

    def stop_here(self, frame: FrameType) -> bool:
        """As pdb's, and in the learner's own files only."""
        if not self._is_own(frame) or (self._expects_call and not frame.f_code.co_flags & inspect.CO_OPTIMIZED):
            return False
        return super().stop_here(frame)

    def set_continue(self) -> None:
        """As pdb's, but go on watching: a breakpoint may yet be set, in any thread."""
        super().set_continue()
        sys.settrace(self.trace_dispatch)

    def user_call(self, frame: FrameType, argument_list: None) -> None:
        """Stop at the first line of a function and not at its ``def`` before it, where pdb stops, too."""

    def user_return(self, frame: FrameType, return_value: Any) -> None:
        """As pdb's, but not where a coroutine only waits: to pdb, that is a return, too."""
        if dis.opname[frame.f_code.co_code[frame.f_lasti]] not in _PAUSES:
            super().user_return(frame, return_value)

    def user_exception(self, frame: FrameType, exc_info: Any) -> None:
        """As pdb's, in the learner's own files only."""
        if self._is_own(frame):
            super().user_exception(frame, exc_info)

    def interaction(self, frame: FrameType | None, traceback: TracebackType | None) -> None:
        """Let the learner type, one stop at a time."""
        if not self._turn.acquire(blocking=False):
            self._turn.acquire()
            if frame is not None and not (self.stop_here(frame) or self.break_here(frame)):
                self._turn.release()
                return
        try:
            self._expects_call = False
            self._tell(Debugging.STOPPED)
            with self._terminal.in_place():
                super().interaction(frame, traceback)
        finally:
            self._turn.release()

    def set_quit(self) -> None:
        """End the stage: an exception in the learner's code would be taken for the learner's."""
        self.stdout.flush()
        self._tell(Debugging.LEFT)
        os._exit(0)

    def do_run(self, arg: str) -> None:
        """Say how a run is begun again, which pdb cannot do here."""
        del arg
        self.error("leave with `q`, and give the same command again")

    do_restart = do_run

    # What it shows

    def canonic(self, filename: str) -> str:
        """As pdb's, with the learner's own path in place of that of the copy."""
        return self._own.get(filename) or super().canonic(filename)

    def get_stack(self, f: FrameType | None, t: TracebackType | None) -> tuple[list[tuple[FrameType, int]], int]:
        """As pdb's, with the learner's own frames only."""
        frames, _ = super().get_stack(f, t)
        own = [entry for entry in frames if entry[0] is f or self._is_own(entry[0])]
        here = [number for number, entry in enumerate(own) if entry[0] is f]
        return own, here[0] if here else len(own) - 1


def _show_lines_of(copy: str, path: str) -> None:
    """Have the lines of the copy shown for a path: those are what runs, whatever is saved there meanwhile."""
    lines = linecache.getlines(copy)
    linecache.cache[path] = sum(map(len, lines)), None, lines, path  # without a time, it is not looked at again
