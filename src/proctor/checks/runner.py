"""Runs the checks of many submissions in one pytest process, and streams what comes of them.

``python -m proctor.checks.runner FD [CONTROL]`` reads a plan from standard input (one JSON object). It gets its stages
over the control socket that is descriptor CONTROL, or starts them itself where there is none. It writes JSON lines to
the descriptor FD: ``{"spec": ...}`` for every check that is collected, ``{"verdict": ...}`` for every check that has
run, and ``{"broken": ...}`` for a grader that cannot be collected. The parent decides nothing by the exit status: what
was not reported has not happened.
"""

import base64
import json
import os
import socket
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import pytest

from proctor.catalog import load_course
from proctor.checks.plugin import JOBS, LISTENERS, THEATRE, Job
from proctor.checks.theatre import Theatre
from proctor.errors import StageLost
from proctor.isolation import privileges
from proctor.isolation.protection import Protection
from proctor.submission import Submission
from proctor.verdict import CheckSpec, Verdict

__all__ = ["main"]

_UNNEEDED: Final = (
    "cacheprovider", "doctest", "faulthandler", "junitxml", "logging", "pastebin", "setuponly", "setupplan", "stepwise",
    "terminal", "threadexception", "unraisableexception", "warnings",
)  # fmt: skip


class _Reporter:
    """Hands pytest the plan, and the parent the news."""

    def __init__(self, plan: dict[str, Any], descriptor: int, theatre: Theatre) -> None:
        self._theatre = theatre
        self._out = os.fdopen(descriptor, "w", encoding="utf-8")
        self._told: set[CheckSpec] = set()
        self._jobs = _read_jobs(plan)
        self._lane, self._lanes = plan["lane"], plan["lanes"]

    def pytest_configure(self, config: pytest.Config) -> None:
        """Put the jobs where the plugin looks for them."""
        config.stash[JOBS] = self._jobs
        config.stash[LISTENERS] = self._tell
        config.stash[THEATRE] = self._theatre

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep this lane's share."""
        items[:] = items[self._lane :: self._lanes]

    def pytest_collection_finish(self) -> None:
        """Wait for the server before the first check, so that its start is not part of that check's time."""
        with suppress(StageLost):  # then every check will say so
            self._theatre.wait()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A grader that cannot be collected is our fault, and says so."""
        if report.failed:
            self.write({"broken": f"{report.nodeid}: {report.longreprtext}"})

    def _tell(self, news: CheckSpec | Verdict | str) -> None:
        match news:
            case str():
                self.write({"broken": news})
            case CheckSpec():
                if news not in self._told:  # a check is collected once for every submission
                    self._told.add(news)
                    self.write({"spec": asdict(news)})
            case Verdict():
                self.write({"verdict": asdict(news)})

    def write(self, news: dict[str, Any]) -> None:
        """Send one line."""
        self._out.write(json.dumps(news) + "\n")
        self._out.flush()


def _read_jobs(plan: dict[str, Any]) -> list[Job]:
    course = load_course(Path(plan["root"]))
    jobs: list[Job] = []
    for entry in plan["jobs"]:
        files = {name: base64.b64decode(content) for name, content in entry["files"].items()}
        submission = Submission(course.exercise(entry["exercise"]), files, entry["digest"], entry["problem"])
        jobs.append(Job(entry["key"], submission, None if entry["only"] is None else frozenset(entry["only"])))
    return jobs


def main(descriptor: int, control: int | None, plan: dict[str, Any]) -> None:
    """Run one lane of a plan."""
    root = Path(plan["root"])
    protection = Protection.from_plan(plan["protection"])
    theatre = Theatre(protection, None if control is None else socket.socket(fileno=control), Path(plan["stages"]))
    reporter = _Reporter(plan, descriptor, theatre)
    folders = sorted({str(root / "graders" / entry["exercise"]) for entry in plan["jobs"]})
    arguments = ["-p", "pytest_asyncio.plugin", "-p", "proctor.checks.plugin"]
    for name in _UNNEEDED:
        arguments += ["-p", f"no:{name}"]
    arguments += ["-c", os.devnull, f"--rootdir={root}", "--noconftest", "--import-mode=importlib", "--strict-markers"]
    arguments += ["--assert=plain", "--capture=no", "-o", "asyncio_mode=auto"]
    arguments += ["-o", "asyncio_default_fixture_loop_scope=function", f"--seed={plan['seed']}"]
    if plan["shuffle"] is not None:
        arguments.append(f"--shuffle={plan['shuffle']}")
    status = pytest.main([*arguments, *folders], plugins=[reporter])
    if status not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        reporter.write({"broken": f"pytest ended with {status!r}"})
    theatre.close()


if __name__ == "__main__":
    privileges.close_to_inspection()
    out, *control_socket = map(int, sys.argv[1:])
    the_plan = json.load(sys.stdin)
    privileges.end_with_parent(the_plan["grader"])
    main(out, next(iter(control_socket), None), the_plan)
