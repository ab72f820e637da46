"""What the tests of the stage are given: `perform`, which puts a text on a stage of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from textwrap import dedent

import pytest_asyncio

from proctor.checks.stage import Stage
from proctor.checks.theatre import Theatre

Perform = Callable[[str], Awaitable[Stage]]


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
