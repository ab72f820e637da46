"""What the tests of the stage are given: `perform`, which puts a text on a stage of its own.

Their stages are forked and not sandboxed, so that a test may have a submission fork, signal and look around.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from textwrap import dedent

import pytest
import pytest_asyncio

from proctor.checks.stage import Stage
from proctor.checks.theatre import Theatre
from proctor.isolation.protection import BARE

Perform = Callable[[str], Awaitable[Stage]]


@pytest.fixture(scope="session")
def theatre() -> Iterator[Theatre]:
    """Return what all stages of these tests come from."""
    with Theatre(BARE) as one:
        yield one


@pytest_asyncio.fixture
async def perform(theatre: Theatre) -> AsyncIterator[Perform]:
    """Load a text as `main.py`; the stages are closed after the test."""
    opened: list[Stage] = []

    async def open_stage(source: str) -> Stage:
        stage = await Stage.open(theatre, {"main.py": dedent(source).encode()}, "main.py")
        opened.append(stage)
        return stage

    yield open_stage
    for stage in opened:
        stage.close()
