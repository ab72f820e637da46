"""Collects the checks once, and has them run on any number of submissions by forks of itself: the lanes.

Theory of operation
-------------------
``python -m proctor.checks.runner CONTROL`` gets a control socket (SOCK_SEQPACKET) over which it is first told, in one
JSON object, the ``root`` of the course, the exercises (``slugs``), the ``protection`` of the stages and where the warm
server expects their folders (``stages``); where somebody debugs, ``debugging`` is what the stages are told of it. It
collects the checks with pytest and answers with one packet for each, ``{"spec": ...}``, one for every grader that
cannot be collected, ``{"broken": ...}``, and ``{"collected": true}``.

From then on every packet with the word ``lane`` and descriptors forks a lane. The first descriptor is a socket over
which the lane gets jobs, one JSON line each (`proctor.job`), and tells what comes of them: ``{"verdict": ...}`` for
every check that has run, and ``{"done": key}`` when a job is done. The second, where there is one, is a control socket
of the warm server; without it a lane starts its stages by itself. A lane ends when its socket closes; all end with the
runner, and the runner with the process that started it.

The other side decides nothing by an exit status: what was not reported has not happened. A check that runs on one
submission after the other is a new item of pytest every time, and nothing of it is left for the next.
"""

import gc
import json
import os
import socket
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import Any, Final, NoReturn, cast

import pytest

from proctor.checks.fresh_sources import read_fresh
from proctor.checks.plugin import JOB, LISTENERS, SPEC, THEATRE
from proctor.checks.theatre import Theatre
from proctor.errors import StageLost
from proctor.isolation import privileges
from proctor.isolation.launcher import Debugging
from proctor.isolation.protection import Protection
from proctor.job import Job
from proctor.verdict import CheckSpec, Verdict

__all__ = ["main"]

_PACKET: Final = 1 << 16

_UNNEEDED: Final = (
    "cacheprovider", "doctest", "faulthandler", "junitxml", "logging", "pastebin", "setuponly", "setupplan", "stepwise",
    "terminal", "threadexception", "unraisableexception", "warnings",
)  # fmt: skip


class _Runner:
    """A plugin of pytest that runs no check itself: collected, it forks lanes."""

    def __init__(
        self, control: socket.socket, protection: Protection, stages: Path, debugging: Debugging | None
    ) -> None:
        self._control, self._protection, self._stages, self._debugging = control, protection, stages, debugging

    def pytest_configure(self, config: pytest.Config) -> None:
        """Listen to what collection finds."""
        config.stash[LISTENERS] = self._hear

    def _hear(self, news: CheckSpec | Verdict | str) -> None:
        match news:
            case CheckSpec():
                self._say({"spec": asdict(news)})
            case str():
                self._say({"broken": news})
            case Verdict():
                raise TypeError("no check runs here")

    def _say(self, news: dict[str, Any]) -> None:
        self._control.send(json.dumps(news).encode())

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A grader that cannot be collected is our fault, and says so."""
        if report.failed:
            self._hear(f"{report.nodeid}: {report.longreprtext}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Fork lanes until nobody asks for one any more."""
        self._say({"collected": True})
        checks: dict[str, list[pytest.Function]] = {}
        for item in session.items:
            if isinstance(item, pytest.Function) and SPEC in item.stash:
                checks.setdefault(item.stash[SPEC].exercise, []).append(item)
        gc.collect()
        gc.freeze()
        parent = os.getpid()
        while True:
            said, descriptors, _, _ = socket.recv_fds(self._control, _PACKET, 2)
            if not said:
                return True
            if not os.fork():
                privileges.end_with_parent(parent)
                self._control.close()
                jobs, *server = (socket.socket(fileno=descriptor) for descriptor in descriptors)
                self._become_lane(session, checks, jobs, server[0] if server else None)
            for descriptor in descriptors:
                os.close(descriptor)
            _reap()

    def _become_lane(
        self,
        session: pytest.Session,
        checks: dict[str, list[pytest.Function]],
        jobs: socket.socket,
        server: socket.socket | None,
    ) -> NoReturn:
        try:
            with Theatre(self._protection, server, self._stages, self._debugging) as theatre:
                session.config.stash[THEATRE] = theatre
                _Lane(session.config, checks, jobs, theatre).run()
        except BaseException:  # noqa: BLE001 - whatever it is, the other side sees that the job is not done
            traceback.print_exc()
        finally:
            os._exit(0)


class _Lane:
    """Runs the checks of one submission after the other."""

    def __init__(
        self, config: pytest.Config, checks: dict[str, list[pytest.Function]], jobs: socket.socket, theatre: Theatre
    ) -> None:
        self._checks, self._theatre = checks, theatre
        self._jobs = jobs.makefile("rb")
        self._news = jobs.makefile("w", encoding="utf-8")
        self._has_failed = False
        config.stash[LISTENERS] = self._hear

    def _hear(self, news: CheckSpec | Verdict | str) -> None:
        if isinstance(news, Verdict):
            self._has_failed |= news.outcome == "failed"
            self._say({"verdict": asdict(news)})

    def run(self) -> None:
        """Run jobs until there are no more."""
        with suppress(StageLost):  # then every check will say so
            self._theatre.wait()
        for line in self._jobs:
            job = Job.from_plan(json.loads(line))
            items = list(self._items_of(job))
            self._has_failed = False
            for item, following in zip_longest(items, items[1:]):
                if job.to_first_failure and self._has_failed:
                    break
                nextitem = None if job.to_first_failure else following  # pytest has to know the last one as such
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)
            self._say({"done": job.key})

    def _items_of(self, job: Job) -> Iterator[pytest.Function]:
        """Make an item of every check that the job asks for."""
        wanted = [
            check
            for check in self._checks.get(job.play.exercise, [])
            if job.only is None or check.stash[SPEC].id in job.only
        ]
        if job.shuffle is not None:
            Random(job.shuffle).shuffle(wanted)  # noqa: S311 - an order, not a secret
        for check in wanted[job.share :: job.shares]:
            parameters = getattr(check, "callspec", None)
            item = cast("Any", type(check)).from_parent(
                check.parent, name=check.name, callobj=check.obj, callspec=parameters, originalname=check.originalname
            )
            item.own_markers = check.own_markers
            item.stash[SPEC], item.stash[JOB] = check.stash[SPEC], job
            yield item

    def _say(self, news: dict[str, Any]) -> None:
        self._news.write(json.dumps(news) + "\n")
        self._news.flush()


def _reap() -> None:
    """Let go of lanes that have ended; their sockets have told it already."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def main(control: socket.socket) -> None:
    """Collect, and fork lanes."""
    told = b""
    with suppress(OSError):  # who started it has ended before there was anything to collect
        told = control.recv(_PACKET)
    if not told:
        return
    plan = json.loads(told)
    privileges.end_with_parent(plan["grader"])
    root = Path(plan["root"])
    arguments = ["-p", "pytest_asyncio.plugin", "-p", "proctor.checks.plugin"]
    for name in _UNNEEDED:
        arguments += ["-p", f"no:{name}"]
    arguments += ["-c", os.devnull, f"--rootdir={root}", "--noconftest", "--import-mode=importlib", "--strict-markers"]
    arguments += ["--assert=plain", "--capture=no", "-o", "asyncio_mode=auto"]
    arguments += ["-o", "asyncio_default_fixture_loop_scope=function", "-o", "python_files=test_*.py"]
    debugging = Debugging.from_plan(plan["debugging"]) if plan["debugging"] else None
    read_fresh(root / "graders")
    runner = _Runner(control, Protection.from_plan(plan["protection"]), Path(plan["stages"]), debugging)
    status = pytest.main([*arguments, *(str(root / "graders" / slug) for slug in plan["slugs"])], plugins=[runner])
    if status not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}:
        control.send(json.dumps({"broken": f"pytest ended with {status!r}"}).encode())


if __name__ == "__main__":
    privileges.close_to_inspection()
    main(socket.socket(fileno=int(sys.argv[1])))
