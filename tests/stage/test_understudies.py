"""A submission is loaded once for several stages, and no stage can tell."""

import os
from collections.abc import AsyncIterator, Iterator
from textwrap import dedent

import pytest
import pytest_asyncio

from proctor.checks.stage import Stage
from proctor.checks.theatre import Theatre
from proctor.errors import StageEnded
from proctor.isolation.launcher import Piece
from proctor.isolation.layers import Layer
from proctor.isolation.protection import Isolation, choose

from .conftest import Perform

pytestmark = pytest.mark.skipif(
    Layer.SYSTEM_CALLS in choose(Isolation.AUTO).missing, reason="understudies need the layer of system calls"
)

LOADED = """
    import os
    BIRTH = os.urandom(8).hex()

    def birth():
        return BIRTH
"""


@pytest.fixture(scope="session")
def held_theatre() -> Iterator[Theatre]:
    """Return a theatre whose stages are held by all layers that there are."""
    with Theatre(choose(Isolation.AUTO)) as one:
        yield one


@pytest_asyncio.fixture
async def perform(held_theatre: Theatre) -> AsyncIterator[Perform]:
    """Load a text as `main.py`, closing the stage before first."""
    opened: list[Stage] = []

    async def open_stage(source: str) -> Stage:
        for stage in opened:
            stage.close()
        opened[:] = [await Stage.open(held_theatre, {"main.py": dedent(source).encode()}, "main.py")]
        return opened[0]

    yield open_stage
    for stage in opened:
        stage.close()


async def births(perform: Perform, source: str, *, act: str = "") -> list[str]:
    """Open three stages of a text one after the other; return what each drew when it was loaded."""
    drawn: list[str] = []
    for _ in range(3):
        stage = await perform(source)
        drawn.append(await stage.call("birth"))
        if act:
            await stage.call(act)
    return drawn


async def test_stages_of_one_text_are_loaded_once(perform: Perform) -> None:
    assert len(set(await births(perform, LOADED))) == 1


async def test_another_text_is_another_submission(perform: Perform) -> None:
    first = await (await perform(LOADED)).call("birth")
    second = await (await perform(f"{LOADED}\n")).call("birth")
    assert first != second


async def test_what_one_stage_does_no_other_sees(perform: Perform) -> None:
    source = """
        seen = []

        def note():
            seen.append(1)
            return len(seen)
    """
    counts = [await (await perform(source)).call("note") for _ in range(3)]
    assert counts == [1, 1, 1]


async def test_every_stage_draws_its_own_numbers(perform: Perform) -> None:
    source = "import random\ndef draw():\n    return random.random()\n"
    numbers = [await (await perform(source)).call("draw") for _ in range(3)]
    assert len(set(numbers)) == 3


async def test_every_stage_prints_for_itself(perform: Perform) -> None:
    source = """
        import logging, sys
        logging.basicConfig(stream=sys.stderr, format="%(message)s")

        def speak(word):
            logging.warning(word)
            print(word)
    """
    for word in ("first", "second"):
        stage = await perform(source)
        await stage.call("speak", word)
        assert stage.printed == f"{word}\n{word}\n"


async def test_a_stage_that_ends_itself_leaves_the_next_in_peace(perform: Perform) -> None:
    source = f"{LOADED}\n    def leave():\n        os._exit(3)\n"
    stage = await perform(source)
    with pytest.raises(StageEnded):
        await stage.call("leave")
    assert await (await perform(source)).call("birth")


async def test_two_stages_at_a_time_share_nothing(held_theatre: Theatre) -> None:
    files = {"main.py": dedent(LOADED).encode()}
    stages = [await Stage.open(held_theatre, files, "main.py", anew=bool(number)) for number in range(2)]
    drawn = [await stage.call("birth") for stage in stages]
    for stage in stages:
        stage.close()
    assert drawn[0] != drawn[1]


IMPURE = {
    "starts a thread": "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()",
    "opens a file": "held = open('main.py')",
    "makes an event loop": "import asyncio\nloop = asyncio.new_event_loop()",
    "prints": "print('loaded')",
    "lets time pass": "import time\ntime.sleep(1)",
    "writes a file": "open('state.txt', 'w').close()",
}


@pytest.mark.parametrize("deed", IMPURE)
async def test_a_text_that_does_more_than_define_things_is_loaded_for_every_stage(deed: str, perform: Perform) -> None:
    assert len(set(await births(perform, f"{IMPURE[deed]}\n{dedent(LOADED)}"))) == 3


async def test_a_changed_file_is_not_handed_on(perform: Perform) -> None:
    source = f"""{LOADED}
    def write():
        with open("main.py", "a") as file:
            file.write("BIRTH = 'forged'")
    """
    assert len(set(await births(perform, source, act="write"))) == 3


FORKS = """
    import os

    def fork():
        try:
            child = os.fork()
        except OSError as error:
            return error.strerror
        if not child:
            os._exit(0)
        return "forked"

    AT_IMPORT = fork()

    def at_import():
        return AT_IMPORT
"""


async def test_nobody_but_the_stage_itself_may_fork(perform: Perform) -> None:
    for _ in range(2):
        stage = await perform(FORKS)
        refused = {await stage.call("at_import"), await stage.call("fork")}
        assert "forked" not in refused


LIES = """
    import json, os, socket

    for descriptor in range(3, 64):
        try:
            line = socket.socket(fileno=os.dup(descriptor))
            if line.type & socket.SOCK_SEQPACKET == socket.SOCK_SEQPACKET:
                line.send(json.dumps({"understudy": WORD}).encode())
        except OSError:
            pass

    def greet():
        return "hello"
"""


@pytest.mark.parametrize("word", ["1", "os.getpid()", "os.getppid()", "-1", "'nobody'", "None", "[]"])
async def test_a_lie_on_the_line_to_the_wings_changes_nothing(word: str, perform: Perform) -> None:
    for _ in range(2):
        stage = await perform(LIES.replace("WORD", word))
        assert await stage.call("greet") == "hello"


def test_nobody_waits_when_the_theatre_is_closed() -> None:
    with Theatre(choose(Isolation.AUTO)) as theatre:
        seat = theatre.seat(Piece({"main.py": dedent(LOADED).encode()}, "main"))
        said = b""
        while b"ready" not in said:
            said += seat.channel.recv(1 << 16)
        theatre.end(seat)
        assert seat.folder.root.exists(), "where an understudy waits"
        os.close(seat.output)
        seat.channel.close()
    assert not seat.folder.root.exists()
