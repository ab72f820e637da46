"""A stage may end, lie or refuse to; the grader survives it, says what happened, and nothing is left over."""

import os
import signal
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from proctor.checks import Never, Stage, StageEnded, Stuck, SubmissionError
from proctor.checks.theatre import Theatre
from proctor.errors import CheckFailed, StageLost, Unreadable
from proctor.isolation.protection import BARE

from .conftest import Perform

# Stages that end themselves

LEAVE = """
    import ctypes, os, signal, sys, threading, time

    def leave(status):
        os._exit(status)

    def kill(number):
        os.kill(os.getpid(), number)
        time.sleep(1)

    def crash():
        ctypes.string_at(0)

    def exit():
        sys.exit(3)

    def close_everything():
        os.closerange(3, 512)

    def process():
        return os.getpid()
"""


@pytest.mark.parametrize("status", [0, 3, 70])
async def test_a_submission_that_ends_its_process_is_told_so(status: int, perform: Perform) -> None:
    stage = await perform(LEAVE)
    with pytest.raises(StageEnded, match=f"leave\\(\\) returns: it left with exit status {status}$"):
        await stage.call("leave", status)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGABRT])
async def test_a_submission_that_kills_its_process_is_told_so(number: signal.Signals, perform: Perform) -> None:
    stage = await perform(LEAVE)
    with pytest.raises(StageEnded, match=f"it was killed by signal {int(number)}$"):
        await stage.call("kill", int(number))


async def test_a_stage_that_is_killed_from_anywhere_has_ended(perform: Perform) -> None:
    stage = await perform(LEAVE)
    with pytest.raises(StageEnded):
        await stage.call("kill", int(signal.SIGKILL))


async def test_a_submission_that_crashes_the_interpreter_is_told_so(perform: Perform) -> None:
    stage = await perform(LEAVE)
    with pytest.raises(StageEnded, match=f"it was killed by signal {signal.SIGSEGV}"):
        await stage.call("crash")


async def test_exit_is_an_exception_like_others(perform: Perform) -> None:
    stage = await perform(LEAVE)
    with pytest.raises(SubmissionError, match="SystemExit: 3"):
        await stage.call("exit")
    await stage.ping()


async def test_a_submission_that_closes_its_channel_is_told_so(perform: Perform) -> None:
    stage = await perform(LEAVE)
    with pytest.raises(StageEnded):
        await stage.call("close_everything")


async def test_a_process_that_is_left_behind_does_not_hide_the_end(perform: Perform) -> None:
    stage = await perform("""
        import os, time

        def leave():
            if os.fork():
                os._exit(4)
            os.read(os.pipe()[0], 1)
    """)
    with pytest.raises(StageEnded, match="it left with exit status 4"):
        await stage.call("leave")


async def test_another_stage_does_not_notice(perform: Perform) -> None:
    one, other = await perform(LEAVE), await perform(LEAVE)
    with pytest.raises(StageEnded):
        await one.call("leave", 1)
    assert await other.call("process") > 0
    assert await (await perform(LEAVE)).call("process") > 0


async def test_every_wait_after_the_end_says_how_it_ended(perform: Perform) -> None:
    stage = await perform(LEAVE)
    with pytest.raises(StageEnded):
        await stage.call("leave", 5)
    with pytest.raises(StageEnded, match="exit status 5"):
        await stage.settled()
    with pytest.raises(StageEnded, match="exit status 5"):
        await stage.ping()
    stage.close()
    stage.close()


# Nothing is left over


async def test_a_closed_stage_leaves_neither_processes_nor_files(theatre: Theatre, tmp_path: Path) -> None:
    source = b"""
import os, pathlib, subprocess, threading

def spread(alive):
    kept = os.open(alive, os.O_WRONLY)
    threading.Thread(target=lambda: subprocess.run(["sleep", "1000"], pass_fds=[kept])).start()
    subprocess.Popen(["sh", "-c", "sleep 1000 & sleep 1000"], pass_fds=[kept])
    deep = pathlib.Path("x/" * 500)
    home = os.getcwd()
    for _ in range(3):
        deep.mkdir(parents=True)
        os.chdir(deep)
    return home
"""
    os.mkfifo(tmp_path / "alive")
    alive = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    stage = await Stage.open(theatre, {"main.py": source}, "main.py")
    folder = await stage.call("spread", str(tmp_path / "alive"))
    stage.close()
    os.set_blocking(alive, True)
    assert os.read(alive, 1) == b""  # which is so once the last process that has it open is gone
    os.close(alive)
    assert not os.path.exists(folder)  # noqa: ASYNC240, PTH110 - nothing else is going on


async def test_a_stage_does_not_outlive_a_grader_that_hangs_up() -> None:
    with Theatre(BARE) as theatre:
        stage = await Stage.open(theatre, {"main.py": LEAVE_PLAIN}, "main.py")
        process = await stage.call("process")
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    with pytest.raises(StageLost):
        stage.close()


async def ping_on(stage: Stage) -> None:
    """Ping until it fails: no stage outlives its server, but one may have an answer left."""
    while True:
        await stage.ping()


LEAVE_PLAIN = b"import os\n\ndef process():\n    return os.getpid()\n\ndef parent():\n    return os.getppid()\n"


async def test_a_stage_has_a_private_copy_of_its_files(theatre: Theatre) -> None:
    source = b"from pathlib import Path\nimport helper\n\ndef add():\n    notes = Path('notes.txt')\n"
    source += b"    notes.write_text(notes.read_text() + '!')\n    return notes.read_text()\n"
    files = {"main.py": source, "helper.py": b"", "notes.txt": b"hello"}
    stages = [await Stage.open(theatre, files, "main.py") for _ in range(2)]
    assert [await stage.call("add") for stage in stages] == ["hello!"] * 2
    for stage in stages:
        stage.close()


# A warm server that is gone


async def test_without_a_warm_server_every_stage_is_lost_and_none_fails() -> None:
    theatre = Theatre(BARE)
    stage = await Stage.open(theatre, {"main.py": LEAVE_PLAIN}, "main.py")
    os.kill(await stage.call("parent"), signal.SIGKILL)
    with pytest.raises(StageLost, match="the stage server"):
        await ping_on(stage)
    with pytest.raises(StageLost, match="the stage server"):
        await Stage.open(theatre, {"main.py": LEAVE_PLAIN}, "main.py")
    with pytest.raises(StageLost, match="the stage server"):
        stage.close()
    theatre.close()


async def test_a_stage_that_ends_beside_a_lost_server_is_lost() -> None:
    theatre = Theatre(BARE)
    source = LEAVE_PLAIN + b"\ndef both():\n    os.kill(os.getppid(), 9)\n    os._exit(0)\n"
    stage = await Stage.open(theatre, {"main.py": source}, "main.py")
    with pytest.raises(StageLost, match="the stage server"):
        await stage.call("both")
    with pytest.raises(StageLost):
        stage.close()
    theatre.close()


# Modules that cannot be imported


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def f(:\n", "main.py cannot be imported: SyntaxError: .*\n  main.py, line 1"),
        ("x = 1\nraise ValueError('no')\n", "main.py cannot be imported: ValueError: no\n  main.py, line 2"),
        ("import nothing_of_this_name", "ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("import sys\nsys.exit(2)", "main.py cannot be imported: SystemExit: 2"),
        ("import os\nos._exit(2)", "before main.py is imported: it left with exit status 2"),
        (
            "import threading\nthreading.Event().wait()",
            "main.py does not come to .*the import is blocked, waiting for a Lock at main.py",
        ),
        ("import time\nwhile True:\n    time.sleep(1)", "main.py does not come to an end while it is imported"),
        ("while True:\n    pass", "main.py does not come to an end .* processor time, at main.py, line"),
    ],
)
async def test_a_module_that_cannot_be_imported_is_unreadable(source: str, reason: str, perform: Perform) -> None:
    with pytest.raises(Unreadable, match=f"(?s){reason}"):
        await perform(source)


async def test_a_module_without_what_the_exercise_asks_for_is_unreadable(theatre: Theatre) -> None:
    with pytest.raises(Unreadable, match="does not define `create_app`, `close`"):
        await Stage.open(theatre, {"main.py": b"x = 1"}, "main.py", interface=["x", "create_app", "close"])


# Facts that are no facts: the stage ends, the grader does not

FORGE = """
    import gc, json

    def say(*lines):
        performer = next(each for each in gc.get_objects() if type(each).__name__ == "Performer")
        for line in lines:
            performer._channel.sendall((line if isinstance(line, str) else json.dumps(line)).encode() + b"\\n")

    def say_much():
        say("x" * 5_000_000)
"""

CALL: dict[str, Any] = {
    "t": "call",
    "id": 99,
    "name": "x",
    "args": [],
    "kwargs": {},
    "on_loop": 1,
    "thread": 1,
    "wants_answer": True,
}
FRAME = {"file": "main.py", "line": 1, "in": "f", "code": ""}


NONSENSE: list[Any] = [
    "no json",
    "[]",
    "{}",
    '{"t": NaN}',
    "[" * 100_000,
    {"t": "no such fact"},
    {"t": ["idle"]},
    {"t": "idle"},
    {"t": "idle", "seen": "x", "alarm": None, "outside": 0, "loop": "idle", "waits_for": None, "frames": []},
    {"t": "idle", "seen": 1, "alarm": "x", "outside": 0, "loop": "idle", "waits_for": None, "frames": []},
    {"t": "idle", "seen": 1, "alarm": None, "outside": 0, "loop": "idle", "waits_for": None, "frames": [7]},
    {"t": "places", "cpu": None, "places": []},
    {"t": "places", "cpu": 0, "places": [[{**FRAME, "line": "x"}]]},
    {"t": "result", "re": 1},
    {"t": "result", "re": [], "value": 1},
    {"t": "result", "re": 1, "error": {"type": "ValueError"}},
    {"t": "result", "re": 1, "value": {"$": "bytes", "v": "not base64"}},
    {"t": "result", "re": 1, "value": {"$": "dict", "v": [[[], 1]]}},
    {"t": "result", "re": 1, "value": {"$": "handle"}},
    {"t": "result", "re": 1, "value": {"$": "no such tag"}},
    {"t": "result", "re": 1, "value": {"$": "float", "v": "x"}},
    CALL,
    {**CALL, "args": 7},
    {"t": "cancelled", "id": 12345},
    {"t": "asgi", "x": 12345, "message": {}},
    {"t": "asgi.end", "x": 12345, "error": None},
    {"t": "slept", "on_loop": True, "seconds": "x", "frames": []},
    {"t": "ready"},
    {"t": "unreadable", "error": {}},
]


@pytest.mark.parametrize("line", NONSENSE, ids=lambda line: str(line)[:60])
async def test_a_message_that_makes_no_sense_ends_the_stage(line: object, perform: Perform) -> None:
    stage = await perform(FORGE)
    stage.begin("say", line)
    with pytest.raises(StageEnded, match="your code wrote on the grader's channel"):
        await stage.until(lambda: False, "pigs fly")
    with pytest.raises(StageEnded):
        await stage.ping()


async def test_a_message_without_an_end_ends_the_stage(perform: Perform) -> None:
    stage = await perform(FORGE)
    with pytest.raises(StageEnded, match="your code wrote on the grader's channel"):
        await stage.call("say_much")


async def test_forging_while_the_module_is_imported_makes_it_unreadable(perform: Perform) -> None:
    with pytest.raises(Unreadable, match="wrote on the grader's channel"):
        await perform(dedent(FORGE) + "say({})\nimport threading\nthreading.Event().wait()\n")


async def test_a_well_formed_lie_is_only_a_wrong_answer(perform: Perform) -> None:
    stage = await perform(FORGE)
    idle: dict[str, Any] = {
        "t": "idle",
        "seen": 99,
        "alarm": None,
        "outside": 0,
        "loop": "idle",
        "waits_for": None,
        "frames": [],
    }
    note = stage.collaborator("x")
    await stage.call("say", idle, CALL, {**CALL, "t": "dropped"})
    assert [call.state for call in note.calls] == ["dropped"]
    with pytest.raises(CheckFailed):
        await stage.until(lambda: False, "pigs fly")


async def test_talking_without_end_is_told(perform: Perform) -> None:
    stage = await perform("""
        def flood(note):
            while True:
                note("x")

        def shout(note):
            while True:
                note("x" * 1_000_000)
    """)
    with pytest.raises(Stuck, match="events, and still not"):
        await stage.call("flood", stage.collaborator("note", "notify"))
    stage = await perform("""
        def shout(note):
            while True:
                note("x" * 1_000_000)
    """)
    with pytest.raises(Stuck, match="MiB, and still not"):
        await stage.call("shout", stage.collaborator("note", "notify"))


async def test_a_lock_held_by_a_dead_end_does_not_keep_a_stage_from_closing(perform: Perform) -> None:
    stage = await perform("""
        import threading

        def block():
            threading.Event().wait()
    """)
    running = stage.begin("block")
    with pytest.raises(Never, match=r"the event loop is blocked, waiting for a Lock at main\.py, line 5, in block"):
        await running
