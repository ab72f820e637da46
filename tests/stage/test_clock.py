"""The stage's clock is the grader's: it stands still until the grader moves it, and then everything agrees with it."""

import pytest

from proctor.checks import Never
from proctor.checks.waiting import HORIZON

from .conftest import Perform


async def test_hours_pass_at_once_and_in_order(perform: Perform) -> None:
    stage = await perform("""
        import asyncio, threading, time

        async def nap(log, hours):
            await asyncio.sleep(hours * 3600)
            log.append(hours)

        def thread_nap(log, hours):
            time.sleep(hours * 3600)
            log.append(hours)

        async def many(log):
            naps = [nap(log, hours) for hours in (5, 1, 3)]
            naps += [asyncio.to_thread(thread_nap, log, hours) for hours in (4, 2, 6)]
            await asyncio.gather(*naps)
    """)
    log = stage.list("log")
    await stage.call("many", log)
    assert log.arguments == [1, 2, 3, 4, 5, 6]


async def test_short_sleeps_keep_their_order_beside_long_ones(perform: Perform) -> None:
    stage = await perform("""
        import asyncio

        async def steps(log):
            for number in range(6):
                await asyncio.sleep(0.4)
                log.append(number)

        async def both(log):
            task = asyncio.create_task(steps(log))
            await asyncio.sleep(1)
            log.append("one")
            await asyncio.sleep(1)
            log.append("two")
            await task
    """)
    log = stage.list("log")
    await stage.call("both", log)
    assert log.arguments == [0, 1, "one", 2, 3, "two", 4, 5]


async def test_the_clock_stands_still_while_a_check_only_lets_things_settle(perform: Perform) -> None:
    stage = await perform("""
        import asyncio, threading, queue

        async def wait(log):
            def poll():
                threading.Event().wait(1)
                log.append("thread")

            worker = asyncio.create_task(asyncio.to_thread(poll))
            await asyncio.sleep(2)
            log.append("loop")
            await worker
    """)
    log = stage.list("log")
    running = stage.begin("wait", log)
    for seconds, expected in ((0.5, []), (0.6, ["thread"]), (1.0, ["thread", "loop"])):
        await stage.settled()
        stage.tick(seconds)
        await stage.settled()
        assert log.arguments == expected
    assert running.done


async def test_waits_of_no_time_need_no_clock(perform: Perform) -> None:
    stage = await perform("""
        import queue, threading

        def ask():
            lock = threading.Lock()
            lock.acquire()
            try:
                queue.SimpleQueue().get(timeout=0)
            except queue.Empty:
                return [lock.acquire(timeout=0), threading.Event().wait(0), threading.Semaphore(0).acquire(timeout=0)]
    """)
    running = stage.begin("ask", in_thread=True)
    await stage.settled()
    assert running.done
    assert await running == [False, False, False]


async def test_code_that_measures_its_sleep_finds_that_it_lasted(perform: Perform) -> None:
    stage = await perform("""
        import asyncio, time
        from time import monotonic

        CLOCKS = (time.time, time.monotonic, monotonic, time.perf_counter)
        CLOCKS_NS = (time.time_ns, time.monotonic_ns, time.perf_counter_ns)

        def read():
            return [clock() for clock in CLOCKS] + [clock() / 1e9 for clock in CLOCKS_NS]

        async def measure():
            before = read()
            await asyncio.sleep(1800)
            await asyncio.to_thread(time.sleep, 900)
            time.sleep(900)
            return [after - start for start, after in zip(before, read())]
    """)
    lasted = await stage.call("measure")
    assert all(3600 <= seconds < 3700 for seconds in lasted), lasted


async def test_a_time_limit_expires_neither_early_nor_late(perform: Perform) -> None:
    stage = await perform("""
        import asyncio

        async def limited(ask, seconds):
            try:
                async with asyncio.timeout(seconds):
                    return await ask()
            except TimeoutError:
                return "too late"
    """)
    ask = stage.collaborator("ask", parked=True, returns="in time")
    first, second = stage.begin("limited", ask, 10), stage.begin("limited", ask, 10)
    await stage.settled()
    stage.tick(9.9)
    await stage.settled()
    ask.waiting[0].answer("in time")
    assert (await first, await second) == ("in time", "too late")
    assert [call.state for call in ask.calls] == ["answered", "cancelled"]


async def test_an_answer_on_its_way_comes_before_the_clock(perform: Perform) -> None:
    stage = await perform("""
        import asyncio

        async def many(ask):
            async with asyncio.timeout(1):
                return [await ask() for _ in range(100)]
    """)
    assert await stage.call("many", stage.collaborator("ask", returns=1)) == [1] * 100


async def test_sleeping_on_the_loop_is_a_fact(perform: Perform) -> None:
    stage = await perform("""
        import asyncio, time

        async def nap():
            await asyncio.to_thread(time.sleep, 1)
            time.sleep(0)
            assert stage_is_told
            time.sleep(2.5)

        stage_is_told = True
    """)
    await stage.call("nap")
    assert stage.naps == ["time.sleep(2.5) stopped the event loop (main.py, line 8, in nap: time.sleep(2.5))"]


@pytest.mark.parametrize("seconds", [0.001, 0.5, 3600])
async def test_a_poll_is_given_up_with_the_time_that_it_took(seconds: float, perform: Perform) -> None:
    stage = await perform("""
        import asyncio

        async def poll(seconds):
            while True:
                await asyncio.sleep(seconds)
    """)
    running = stage.begin("poll", seconds)
    with pytest.raises(Never, match=r"your code polls for ever \(so far for \d+ s on its clock\)"):
        await running


async def test_a_long_way_in_long_steps_is_no_poll(perform: Perform) -> None:
    stage = await perform("""
        import asyncio

        async def days(count):
            for _ in range(count):
                await asyncio.sleep(86_400)
            return count
    """)
    assert HORIZON < 86_400
    assert await stage.call("days", 100) == 100


async def test_where_others_have_a_say_the_clock_goes_no_faster_than_theirs(perform: Perform) -> None:
    stage = await perform("""
        import asyncio, sys

        async def race():
            process = await asyncio.create_subprocess_exec("sleep", "0.3")
            tasks = [
                asyncio.create_task(process.wait(), name="process"),
                asyncio.create_task(asyncio.sleep(60), name="clock"),
            ]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return [task.get_name() for task in done]
    """)
    assert await stage.call("race") == ["process"]


async def test_a_subprocess_may_take_its_time(perform: Perform) -> None:
    stage = await perform("""
        import subprocess

        def run():
            try:
                subprocess.run(["sleep", "100"], timeout=0.2)
            except subprocess.TimeoutExpired:
                return subprocess.run(["sleep", "0.3"], timeout=60).returncode
    """)
    assert await stage.call("run") == 0


async def test_time_passes_while_the_module_is_imported(perform: Perform) -> None:
    stage = await perform("""
        import time

        start = time.monotonic()
        time.sleep(3600)
        lasted = time.monotonic() - start
    """)
    assert await stage.attribute("lasted") >= 3600
