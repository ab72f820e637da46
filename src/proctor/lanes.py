"""The processes that run checks, kept warm: a stage server, a runner that has collected the checks, and its lanes.

A lane runs the checks of one submission at a time; whoever has none gets the next. `Lanes` deals jobs and hears what
comes of them, and decides nothing. What a lane had in hand when it ended is told as lost.
"""

import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self

from proctor.isolation.launcher import Debugging
from proctor.isolation.protection import Protection
from proctor.isolation.stage_folder import remove_tree
from proctor.isolation.warm_server import WarmServer
from proctor.job import Job
from proctor.verdict import CheckSpec, Verdict

__all__ = ["Done", "Lanes", "Lost"]

SILENCE: Final = 300.0
"""Seconds without any news after which all lanes are given up; far above what the guards of one check allow."""

_PACKET: Final = 1 << 18


@dataclass(frozen=True)
class Done:
    """All that a job asked for has run."""

    job: Job


@dataclass(frozen=True)
class Lost:
    """A lane ended, or said nothing any more; ``job`` is what it had in hand."""

    job: Job | None


class _Lane:
    """Our end of a lane, and the job that it has in hand."""

    def __init__(self, socket: socket.socket) -> None:
        self.socket = socket
        self.job: Job | None = None
        self._rest = b""

    def give(self, job: Job) -> None:
        """Have it run a job."""
        self.job = job
        with suppress(OSError):  # it has ended, and the next read says so
            self.socket.sendall(json.dumps(job.to_plan()).encode() + b"\n")

    def read(self) -> Iterator[Verdict | Done | Lost]:
        """Take in what it says. To be called when there is something."""
        try:
            data = self.socket.recv(_PACKET)
        except OSError:
            data = b""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            news = json.loads(line)
            if "verdict" in news:
                yield Verdict(**news["verdict"])
            elif self.job is not None:
                done, self.job = Done(self.job), None
                yield done
        if not data:
            yield Lost(self.job)


@dataclass
class _Collection:
    """What the runner has found."""

    specs: dict[str, list[CheckSpec]] = field(default_factory=dict[str, list[CheckSpec]])
    broken: list[str] = field(default_factory=list[str])
    is_complete: bool = False


class Lanes:
    """As many lanes as there are processors. They are started at once, and get ready while the caller goes on.

    The checks are collected once: when a file of the graders has changed, it takes other lanes. With ``debugging``
    somebody steps through the code of every stage, and may think as long as it takes.
    """

    def __init__(self, protection: Protection, count: int | None = None, debugging: Debugging | None = None) -> None:
        self._debugging = debugging
        self.count = count or os.cpu_count() or 1
        self.protection = protection
        self.is_interrupted = False
        self._closing = ExitStack()
        self._collection = _Collection()
        self._lanes: list[_Lane] = []
        self._folder = self._closing.enter_context(_temporary_folder())
        self._server = self._closing.enter_context(WarmServer(protection)) if protection.forks else None
        self._control, self._runner = self._start_runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End everything."""
        self._runner.kill()  # before it can hear that nobody listens
        self._runner.wait()
        self._control.close()
        for lane in self._lanes:
            lane.socket.close()
        self._closing.close()

    def interrupt(self) -> None:
        """Have `run`, in another thread, come to its end: what the lanes have in hand is lost, and no more is run."""
        self.is_interrupted = True
        for one in (self._control, *(lane.socket for lane in list(self._lanes))):
            with suppress(OSError):  # it is over already
                one.shutdown(socket.SHUT_RDWR)

    def _start_runner(self) -> tuple[socket.socket, subprocess.Popen[bytes]]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "PYTHON"))}
        environment.pop("CI", None)  # with it, pytest writes diffs of any length
        with theirs:
            runner = subprocess.Popen(
                [sys.executable, "-P", "-m", "proctor.checks.runner", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno(), *(self._debugging.descriptors if self._debugging else ())],
                env={**environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "TMPDIR": str(self._folder)},
                start_new_session=True,  # Ctrl-C is for us; we then end the runner
            )
        return ours, runner

    # Collecting

    def collect(self, root: Path, slugs: Sequence[str]) -> None:
        """Have the checks of these exercises collected, once and for all. Does not wait for it."""
        plan = {
            "root": str(root),
            "slugs": list(slugs),
            "protection": self.protection.to_plan(),
            "stages": str(self._server.stages) if self._server else "",
            "grader": os.getpid(),
            "debugging": self._debugging.to_plan() if self._debugging else None,
        }
        with suppress(OSError):  # a runner that is gone collects nothing, which shows
            self._control.send(json.dumps(plan).encode())

    def specs(self, slug: str) -> list[CheckSpec]:
        """Return the checks of an exercise in their order; waits until they are collected."""
        self._wait_for_collection()
        return self._collection.specs.get(slug, [])

    @property
    def broken(self) -> Sequence[str]:
        """What is wrong with graders that could not be collected."""
        return tuple(dict.fromkeys(self._collection.broken))

    def _wait_for_collection(self) -> None:
        self._control.settimeout(SILENCE)
        while not self._collection.is_complete:
            try:
                said = self._control.recv(_PACKET)
            except OSError as error:
                said = b""
                self._collection.broken.append(f"the checks were not collected: {error}")
            news: dict[str, Any] = json.loads(said) if said else {"collected": False}
            if "spec" in news:
                spec = CheckSpec(**news["spec"])
                known = self._collection.specs.setdefault(spec.exercise, [])
                if spec not in known:  # as a check with parameters would be
                    known.append(spec)
            elif "broken" in news:
                self._collection.broken.append(news["broken"])
            else:
                self._collection.is_complete = True

    # Running

    def run(self, jobs: Iterable[Job]) -> Iterator[Verdict | Done | Lost]:
        """Run jobs, as many at a time as there are lanes; tell what comes of them as it comes."""
        waiting = iter(jobs)
        self._wait_for_collection()
        with selectors.DefaultSelector() as selector:
            for lane in self._lanes:
                selector.register(lane.socket, selectors.EVENT_READ, lane)
            idle = list(self._lanes)
            while True:
                for job in islice(waiting, self.count - sum(lane.job is not None for lane in self._lanes)):
                    lane = idle.pop() if idle else self._open_lane(selector)
                    lane.give(job)
                if not any(lane.job for lane in self._lanes):
                    return
                for news, lane in self._news(selector):
                    if isinstance(news, Lost):
                        selector.unregister(lane.socket)
                        self._lanes.remove(lane)
                        lane.socket.close()
                    elif isinstance(news, Done):
                        idle.append(lane)
                    yield news

    def _news(self, selector: selectors.BaseSelector) -> Iterator[tuple[Verdict | Done | Lost, _Lane]]:
        """Tell what lanes say, at least one of them; if none says anything, that all are lost."""
        ready = selector.select(None if self._debugging else SILENCE)
        for key, _ in ready:
            for news in key.data.read():
                yield news, key.data
        if not ready:
            for lane in list(self._lanes):
                yield Lost(lane.job), lane

    def _open_lane(self, selector: selectors.BaseSelector) -> _Lane:
        ours, theirs = socket.socketpair()
        with theirs, ExitStack() as closing:
            descriptors = [theirs.fileno()]
            # Without a server or a runner the lane's socket is closed at its other end, which shows.
            with suppress(OSError):
                if self._server:
                    descriptors.append(closing.enter_context(self._server.join()).fileno())
                socket.send_fds(self._control, [b"lane"], descriptors)
        lane = _Lane(ours)
        self._lanes.append(lane)
        selector.register(ours, selectors.EVENT_READ, lane)
        return lane


@contextmanager
def _temporary_folder() -> Generator[Path]:
    """A folder for what the runner writes: one that is killed cannot clean up after itself."""
    folder = Path(tempfile.mkdtemp(prefix="proctor-run-"))
    try:
        yield folder
    finally:
        remove_tree(folder)
