"""The promise on which every verdict rests: "not yet" and "never" are told apart, exactly and without a clock."""

import ast
from pathlib import Path

import pytest

from proctor.checks import Never, Stage, Stuck
from proctor.checks.theatre import Theatre

from .conftest import Perform

FOLDER = Path(__file__).parent / "submissions"
LEGAL = (FOLDER / "legal.py").read_bytes()
STUCK = (FOLDER / "stuck.py").read_bytes()


def cases(source: bytes) -> list[str]:
    """Return the names of the public coroutines of a submission."""
    body = ast.parse(source).body
    return [node.name for node in body if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_")]


DEAD_ENDS = [name for name in cases(STUCK) if not name.startswith("hopeless_")]
HOPELESS = [name for name in cases(STUCK) if name.startswith("hopeless_")]


async def until_noted(theatre: Theatre, source: bytes, name: str) -> None:
    """Wait until the case calls `note`."""
    stage = await Stage.open(theatre, {"main.py": source}, "main.py")
    try:
        note = stage.collaborator("note")
        running = stage.begin(name, note)
        await stage.until(lambda: bool(note.calls), f"{name} gets to its note")
        await running
    finally:
        stage.close()


@pytest.mark.parametrize("name", cases(LEGAL))
async def test_what_can_get_there_is_never_told_that_it_cannot(name: str, theatre: Theatre) -> None:
    await until_noted(theatre, LEGAL, name)


@pytest.mark.parametrize("name", DEAD_ENDS)
async def test_a_dead_end_is_told_at_once(name: str, theatre: Theatre) -> None:
    with pytest.raises(Never):
        await until_noted(theatre, STUCK, name)


@pytest.mark.parametrize("name", HOPELESS)
async def test_what_computes_for_ever_is_told_by_its_processor_time(name: str, theatre: Theatre) -> None:
    with pytest.raises(Stuck, match="processor time"):
        await until_noted(theatre, STUCK, name)


async def test_what_is_waited_for_several_times_is_counted(perform: Perform) -> None:
    stage = await perform("import asyncio\nasync def ask(find):\n    await asyncio.gather(find(), find(), find())\n")
    running = stage.begin("ask", stage.collaborator("find", parked=True))
    with pytest.raises(Never, match=r"your code waits for find \(3 times\)"):
        await stage.until(lambda: running.done, "all are found")
