"""Facts about the packages that exercises rest on, each tried in its smallest form, without any of Proctor.

An upgrade that moves a fact fails here, and says which exercises to look at, before any learner meets it.
"""

import signal
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent

PATIENCE = 20
"""Seconds for one fact. One that holds waits for nothing that does not come; one that has moved may wait for ever."""


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker that every fact carries."""
    config.addinivalue_line("markers", "fact(number, *exercises): which fact this is, and which exercises rest on it")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say of a fact that does not hold which exercises rest on it."""
    report = yield
    marker = item.get_closest_marker("fact")
    if report.failed and marker is not None and FOLDER in item.path.parents:
        number, *exercises = marker.args
        sentence = getattr(getattr(item, "obj", None), "__doc__", "")
        told = f"{sentence}\nExercises that rest on it: {', '.join(exercises)}"
        report.sections.append((f"{number} does not hold", told))
    return report


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """End a test that would wait for ever."""

    def give_up(_number: int, _frame: object) -> None:
        raise TimeoutError(f"nothing has come in {PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
