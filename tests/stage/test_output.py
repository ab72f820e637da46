"""What a submission prints is kept for its author, up to a limit, and does no harm."""

import pytest

from proctor.checks import Stage, Stuck
from proctor.checks.output import Output

from .conftest import Perform

PRINT = """
    import os, subprocess, sys, threading

    print("at import")

    def talk():
        print("one")
        print("two", file=sys.stderr)
        sys.__stdout__.write("three\\n")
        os.write(1, b"four\\n")
        subprocess.run(["echo", "five"])
        print("odd: \\ud800")

    def flood():
        for _ in range(200):
            os.write(1, b"x" * 65536)

    def escape():
        print("\\x1b[31mred\\x1b[0m ##[error]no\\n::error::no")

    def undecodable():
        os.write(2, b"\\xff\\xfe\\n")

    def read():
        return sys.stdin.read()

    def close():
        os.close(1), os.close(2)
        return "closed"

    def fail_in_thread():
        def work():
            raise ValueError("in a thread")
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

    def endless():
        while True:
            print("more")
"""


async def test_everything_printed_is_kept_in_order(perform: Perform) -> None:
    stage = await perform(PRINT)
    await stage.call("talk")
    assert stage.printed == "at import\none\ntwo\nthree\nfour\nfive\nodd: \\ud800\n"


async def test_what_is_printed_stays_readable_when_the_stage_is_closed(perform: Perform) -> None:
    stage = await perform(PRINT)
    await stage.call("talk")
    stage.close()
    assert stage.printed.endswith("five\nodd: \\ud800\n")
    stage.close()


async def test_a_flood_is_cut_and_does_not_block_the_submission(perform: Perform) -> None:
    stage = await perform(PRINT)
    await stage.call("flood")
    assert stage.printed.startswith("at import\n" + "x" * 2000 + "… (")
    assert stage.printed.endswith(" more characters)")
    assert len(stage.printed) < Output.LIMIT


async def test_printing_without_end_is_told_by_its_processor_time(perform: Perform) -> None:
    stage = await perform(PRINT)
    with pytest.raises(Stuck, match="processor time"):
        await stage.call("endless")


async def test_terminals_and_workflows_obey_nothing_that_is_printed(perform: Perform) -> None:
    stage = await perform(PRINT)
    await stage.call("escape")
    assert "\x1b" not in stage.printed
    assert "##[" not in stage.printed
    assert "\n::error" not in stage.printed
    await stage.call("undecodable")
    assert stage.printed.endswith("\\xff\\xfe\n")


async def test_there_is_nothing_to_read_from_standard_input(perform: Perform) -> None:
    stage = await perform(PRINT)
    assert await stage.call("read") == ""


async def test_closing_the_output_closes_nothing_else(perform: Perform) -> None:
    stage = await perform(PRINT)
    assert await stage.call("close") == "closed"
    await stage.ping()
    assert stage.printed == "at import\n"


async def test_an_exception_in_a_thread_is_printed(perform: Perform) -> None:
    stage = await perform(PRINT)
    await stage.call("fail_in_thread")
    assert "ValueError: in a thread" in stage.printed


async def test_two_stages_do_not_share_their_output(perform: Perform) -> None:
    one, other = await perform(PRINT), await perform(PRINT)
    await one.call("talk")
    stages: list[Stage] = [one, other]
    assert [len(stage.printed.splitlines()) for stage in stages] == [7, 1]
