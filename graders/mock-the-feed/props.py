"""Runs the learner's tests with pytest in the stage, on whatever desk lies beside them, and tells what came of each."""

import os
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import desk
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

Facts: TypeAlias = dict[str, Any]

FILE = "main.py"
UNNEEDED = (
    "cacheprovider", "doctest", "faulthandler", "junitxml", "pastebin", "setuponly", "setupplan", "stepwise",
    "terminal", "threadexception", "unraisableexception",
)  # fmt: skip


def overridden() -> list[str]:
    """Name the dependencies that are overridden now."""
    return sorted(str(getattr(key, "__name__", key)) for key in desk.app.dependency_overrides)


OVERRIDDEN_BY_THE_IMPORT = overridden()


requests: list[bool] = []
"""Of every request that the desk gets, whether anything is overridden at that moment."""


def observe_requests() -> None:
    """Take down every request, before the desk does anything with it."""
    answer = FastAPI.__call__

    async def observe(self: FastAPI, scope: Scope, receive: Receive, send: Send) -> None:
        if self is desk.app and scope["type"] == "http":
            requests.append(bool(overridden()))
        await answer(self, scope, receive, send)

    FastAPI.__call__ = observe


observe_requests()


class Recorder:
    """A pytest plugin that chooses the tests, takes down what came of them, and says ``over`` after each."""

    def __init__(self, names: Sequence[str] | None, over: Callable[[str], object]) -> None:
        self._names, self._over = names, over
        self.tests: dict[str, Facts] = {}
        self.problems: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Take down why a part of the file cannot be collected."""
        if report.failed:
            self.problems.append(report.longreprtext.strip().rpartition("\n")[2])

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Take the tests that are asked for, in that order; all of them where none is named."""
        if self._names is not None:
            by_name = {_name(item): item for item in items}
            items[:] = [by_name[name] for name in self._names if name in by_name]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Take down what is still overridden when a test is over."""
        name = _name(item)
        test = {"outcome": "unfinished", "error": "", "place": "", "is_overriding": False, "left": ["unknown"]}
        self.tests[name] = test
        requests.clear()
        result = yield
        test["is_overriding"] = any(requests)
        test["left"] = overridden()
        self._over(name)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[Any]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Take down what went wrong first: in the set-up, in the test or in the tear-down."""
        report = yield
        test = self.tests[_name(item)]
        if test["outcome"] == "unfinished" and (report.when == "teardown" or not report.passed):
            test["outcome"] = report.outcome
            if call.excinfo is not None and report.failed:
                test["error"] = call.excinfo.exconly()[:1000]
                test["place"] = _place(call.excinfo)
        return report


def _name(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[2]


def _place(error: pytest.ExceptionInfo[BaseException]) -> str:
    """Return the last line of the learner's file that the error came through."""
    lines = [entry for entry in error.traceback if Path(entry.path).name == FILE]
    return f"line {lines[-1].lineno + 1}: {str(lines[-1].statement).strip()[:200]}" if lines else ""


def run_your_tests(names: Sequence[str] | None, over: Callable[[str], object]) -> Facts:
    """Run all tests in the order of the file, or the named ones in the order of the names."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.modules.pop("main", None)  # so that pytest imports it itself, which is what makes it show values of an assert
    folder = Path.cwd()
    arguments = ["-c", os.devnull, f"--rootdir={folder}", f"--confcutdir={folder}", "--noconftest", "--capture=no"]
    for name in UNNEEDED:
        arguments += ["-p", f"no:{name}"]
    arguments += ["-p", "pytest_asyncio.plugin", "-p", "anyio.pytest_plugin", "-o", "asyncio_mode=auto"]
    arguments += ["-o", "asyncio_default_fixture_loop_scope=function"]
    recorder = Recorder(names, over)
    pytest.main([*arguments, FILE], plugins=[recorder])
    return {
        "tests": recorder.tests,
        "problems": recorder.problems,
        "overridden_by_the_import": OVERRIDDEN_BY_THE_IMPORT,
    }
