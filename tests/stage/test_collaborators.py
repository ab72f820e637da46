"""What a submission is given lives in the grader: every use of it is heard, in order, and answered when it suits."""

import asyncio

import pytest

from proctor.checks import Collaborator, Never, StageEnded, SubmissionError
from proctor.errors import StageLost

from .conftest import Perform

CALLER = """
    import asyncio

    async def call(function, *args, **kwargs):
        return await function(*args, **kwargs)

    def call_sync(function, *args, **kwargs):
        return function(*args, **kwargs)

    async def call_many(function, count):
        return await asyncio.gather(*[function(number) for number in range(count)], return_exceptions=True)
"""


# Functions


async def test_an_async_collaborator_hears_its_arguments_and_returns_a_value(perform: Perform) -> None:
    stage = await perform(CALLER)

    def plus(one: int, *, two: int) -> int:
        return one + two

    add = stage.collaborator("add", does=plus)
    assert await stage.call("call", add, 1, two=2) == 3
    assert [(call.name, call.args, call.kwargs, call.state) for call in add.calls] == [
        ("add", [1], {"two": 2}, "answered")
    ]
    assert repr(add.calls[0]) == "add(1, two=2)"
    assert add.calls[0].on_loop


async def test_a_sync_collaborator_blocks_the_thread_that_calls_it(perform: Perform) -> None:
    stage = await perform(CALLER)
    find = stage.collaborator("find", "sync", returns="found")
    assert await stage.call("call_sync", find, "x") == "found"
    assert await stage.begin("call_sync", find, "y", in_thread=True) == "found"
    on_loop, in_thread = find.calls
    assert (on_loop.on_loop, in_thread.on_loop) == (True, False)
    assert on_loop.thread != in_thread.thread


async def test_a_sync_collaborator_on_the_loop_can_be_parked_and_answered(perform: Perform) -> None:
    stage = await perform(CALLER)
    find = stage.collaborator("find", "sync", parked=True, returns=1)
    running, ping = stage.begin("call_sync", find), stage.begin("call_sync", "not callable")
    await stage.settled()
    assert (running.done, ping.done) == (False, False)  # the loop is blocked for everybody
    find.release()
    assert await running == 1
    with pytest.raises(SubmissionError, match="TypeError"):
        await ping


async def test_a_notified_collaborator_is_not_waited_for(perform: Perform) -> None:
    stage = await perform("""
        def tell(log):
            return [log(number) for number in range(3)]
    """)
    log = stage.collaborator("log", "notify")
    assert await stage.call("tell", log) == [None, None, None]
    assert log.arguments == [0, 1, 2]
    assert {call.state for call in log.calls} == {"told"}
    assert log.waiting == []


async def test_events_are_heard_in_the_order_in_which_they_happen(perform: Perform) -> None:
    stage = await perform("""
        import asyncio

        async def work(ask, tell, log):
            log.append(1)
            tell(2)
            await ask(3)
            await asyncio.to_thread(tell, 4)
            log.append(5)
    """)
    ask, tell = stage.collaborator("ask"), stage.collaborator("tell", "notify")
    await stage.call("work", ask, tell, stage.list("log"))
    assert stage.log == ["loading", "log.append", "tell", "ask", "tell", "log.append"]


async def test_parked_calls_wait_for_their_answers_one_by_one(perform: Perform) -> None:
    stage = await perform(CALLER)

    def ten_times(number: int) -> int:
        return number * 10

    fetch = stage.collaborator("fetch", parked=True, does=ten_times)
    running = stage.begin("call_many", fetch, 3)
    await stage.settled()
    assert fetch.arguments == [0, 1, 2]
    assert not running.done
    fetch.waiting[1].answer("first")
    await stage.settled()
    assert [call.state for call in fetch.calls] == ["waiting", "answered", "waiting"]
    fetch.release()
    assert await running == [0, "first", 20]


async def test_release_leaves_later_calls_parked_and_open_does_not(perform: Perform) -> None:
    stage = await perform(CALLER)
    fetch = stage.collaborator("fetch", parked=True, returns=1)
    first = stage.begin("call", fetch)
    await stage.settled()
    fetch.release()
    assert await first == 1
    second = stage.begin("call", fetch)
    with pytest.raises(Never, match="call\\(\\) returns"):
        await second
    fetch.open()
    assert await second == 1
    assert await stage.call("call", fetch) == 1


@pytest.mark.parametrize("kind", ["async", "sync"])
async def test_a_collaborator_raises_what_it_is_told_to(kind: str, perform: Perform) -> None:
    stage = await perform("""
        import inspect

        class Unheard(Exception):
            pass

        async def name_of_error(function):
            try:
                value = function()
                if inspect.isawaitable(value):
                    await value
            except Exception as error:
                return [type(error).__name__, str(error)]
    """)

    class OwnError(Exception):
        pass

    def refuse() -> None:
        raise ConnectionError("no route")

    assert await stage.call("name_of_error", stage.collaborator("a", kind, does=refuse)) == [
        "ConnectionError",
        "no route",
    ]
    later = stage.collaborator("b", kind, parked=True)
    for error, name in ((TimeoutError("late"), "TimeoutError"), (OwnError("odd"), "RuntimeError")):
        running = stage.begin("name_of_error", later)
        await stage.settled()
        later.waiting[0].fail(error)
        assert await running == [name, str(error)]


async def test_cancelling_a_call_is_heard_and_an_answer_after_it_is_dropped(perform: Perform) -> None:
    stage = await perform(CALLER)
    fetch = stage.collaborator("fetch", parked=True)
    running = stage.begin("call", fetch)
    await stage.settled()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert fetch.calls[0].state == "cancelled"
    assert stage.log[-1] == "fetch cancelled"
    fetch.calls[0].answer(1)
    await stage.ping()


async def test_an_answer_to_a_loop_that_is_closed_is_dropped(perform: Perform) -> None:
    stage = await perform("""
        import asyncio

        kept = []

        def leave(ask):
            loop = asyncio.new_event_loop()
            kept.append(loop.create_task(ask()))
            loop.run_until_complete(asyncio.sleep(0))
            loop.close()
    """)
    ask = stage.collaborator("ask", parked=True)
    await stage.begin("leave", ask, in_thread=True)
    ask.release()
    await stage.ping()


async def test_a_cancellation_that_nobody_asked_for_is_an_error_of_the_submission(perform: Perform) -> None:
    stage = await perform("""
        import asyncio

        async def cancel_myself():
            asyncio.current_task().cancel()
            await asyncio.sleep(0)
    """)
    with pytest.raises(SubmissionError, match="CancelledError"):
        await stage.call("cancel_myself")


async def test_what_cannot_be_sent_is_an_error_where_it_is_sent(perform: Perform) -> None:
    stage = await perform("""
        async def send(ask):
            for value in ("x" * 5_000_000, 10 ** 5000):
                try:
                    await ask(value)
                except ValueError:
                    continue
                return "sent"
            await ask("small")
            return "refused"
    """)
    ask = stage.collaborator("ask")
    assert await stage.call("send", ask) == "refused"
    assert ask.arguments == ["small"]
    assert await stage.held_calls() == []


async def test_two_collaborators_of_one_name_are_a_fault_of_the_check(perform: Perform) -> None:
    stage = await perform("")
    stage.collaborator("send")
    with pytest.raises(StageLost, match="two collaborators 'send'"):
        stage.collaborator("send", "sync")


# Who still holds a call


LOST = """
    import asyncio

    kept = set()

    async def keep(ask):
        kept.add(asyncio.create_task(ask("kept")))

    async def lose(ask):
        asyncio.create_task(wrap(ask))

    async def wrap(ask):
        await ask("lost")
"""


async def test_a_task_that_nobody_keeps_is_lost_when_garbage_is_collected(perform: Perform) -> None:
    stage = await perform(LOST)
    ask = stage.collaborator("ask", parked=True)
    await stage.call("keep", ask)
    await stage.call("lose", ask)
    await stage.settled()
    assert ask.arguments == ["kept", "lost"]
    assert [call.args for call in await stage.held_calls()] == [["kept"]]
    assert [call.state for call in ask.calls] == ["waiting", "dropped"]
    ask.open()
    await stage.settled()
    assert await stage.held_calls() == []


async def test_a_call_that_blocks_a_thread_is_held(perform: Perform) -> None:
    stage = await perform(CALLER)
    ask = stage.collaborator("ask", "sync", parked=True)
    stage.begin("call_sync", ask, in_thread=True)
    await stage.settled()
    assert await stage.held_calls() == ask.calls


# Objects and lists


async def test_an_object_has_values_and_methods(perform: Perform) -> None:
    stage = await perform("""
        async def use(desk):
            await desk.store.put(desk.name, desk.size)
            return type(desk).__name__, desk.store.get(desk.name)
    """)
    put, get = stage.collaborator("put"), stage.collaborator("get", "sync", returns=7)
    desk = stage.object("Desk", name="d1", size=(1, 2), store=stage.object("Store", put=put, get=get))
    assert await stage.call("use", desk) == ("Desk", 7)
    assert put.calls[0].args == ["d1", (1, 2)]


async def test_a_list_reports_what_is_put_at_its_end(perform: Perform) -> None:
    stage = await perform("""
        def fill(log):
            log.append(1)
            log.extend([2, 3])
            log += (4,)
            log.insert(9, 5)
            log.extend(log[:1])
            log.extend(log)
            return list(log), isinstance(log, list)
    """)
    log = stage.list("log")
    expected = [1, 2, 3, 4, 5, 1] * 2
    assert await stage.call("fill", log) == (expected, True)
    assert log.arguments == expected


async def test_every_other_change_of_a_list_is_reported_as_such(perform: Perform) -> None:
    stage = await perform("""
        def spoil(log):
            list.extend(log, [3, 1, 2])  # past us
            log.insert(0, "in front")
            log[0] = "replaced"
            log.remove("replaced")
            log.sort()
            log.reverse()
            log *= 2
            log.pop()
            del log[1:]
            seen = list(log)
            log.clear()
            return seen
    """)
    log = stage.list("log")
    assert await stage.call("spoil", log) == [3]
    assert (log.calls, stage.log.count("log.changed")) == ([], 9)


async def test_a_thread_pool_has_as_many_threads_as_it_is_given(perform: Perform) -> None:
    stage = await perform("""
        import asyncio

        async def work(pool, ask):
            loop = asyncio.get_running_loop()
            await asyncio.gather(*[loop.run_in_executor(pool, ask, number) for number in range(5)])
    """)
    ask = stage.collaborator("ask", "sync", parked=True)
    running = stage.begin("work", stage.thread_pool(2), ask)
    await stage.settled()
    assert sorted(ask.arguments) == [0, 1]
    ask.waiting[0].answer()
    await stage.settled()
    assert len(ask.calls) == 3
    ask.open()
    await running
    assert len({call.thread for call in ask.calls}) == 2


# Generators and context managers


async def test_an_async_generator_is_stepped_through_by_the_grader(perform: Perform) -> None:
    stage = await perform("""
        async def take(source, most):
            got = []
            async for item in source("a"):
                got.append(item)
                if len(got) == most:
                    break
            return got
    """)
    source = stage.async_generator("source", [1, 2, 3])
    assert await stage.call("take", source, 9) == [1, 2, 3]
    assert (source.arguments, len(source.steps.calls), len(source.closed.calls)) == (["a"], 4, 1)

    parked = stage.async_generator("parked", [1, 2, 3])
    parked.steps.parked = True
    running = stage.begin("take", parked, 2)
    await stage.settled()
    parked.steps.release()
    await stage.settled()
    assert (running.done, len(parked.steps.calls)) == (False, 2)
    parked.steps.release()
    assert await running == [1, 2]


async def test_a_generator_is_stepped_through_by_the_grader(perform: Perform) -> None:
    stage = await perform("""
        def take(source):
            first = next(items := source())
            items.close()
            return [first, *source()]
    """)
    source = stage.generator("source", ["x", "y", "z"])
    assert await stage.call("take", source) == ["x", "y", "z"]
    assert (len(source.calls), len(source.closed.calls)) == (2, 2)


async def test_a_generator_that_fails_fails_in_the_submission(perform: Perform) -> None:
    stage = await perform("""
        async def take(source):
            return [item async for item in source()]
    """)
    source = stage.async_generator("source", [1])
    source.steps.parked = True
    running = stage.begin("take", source)
    await stage.settled()
    source.steps.waiting[0].fail(OSError("gone"))
    with pytest.raises(SubmissionError, match="OSError: gone"):
        await running
    assert len(source.closed.calls) == 1


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_context_manager_hears_how_it_is_left(is_async: bool, perform: Perform) -> None:
    stage = await perform("""
        def use(manager, fails):
            with manager("a") as value:
                if fails:
                    raise ValueError("inside")
            return value

        async def use_async(manager, fails):
            async with manager("a") as value:
                if fails:
                    raise ValueError("inside")
            return value
    """)
    manager, enter, leave = stage.context("manager", "value", is_async=is_async)
    name = "use_async" if is_async else "use"
    assert await stage.call(name, manager, fails=False) == "value"
    with pytest.raises(SubmissionError, match="ValueError: inside"):
        await stage.call(name, manager, fails=True)
    assert enter.arguments == ["a", "a"]
    assert [repr(each) for each in leave.arguments] == ["None", "ValueError('inside')"]


# Signatures


@pytest.mark.parametrize("kind", ["async", "sync", "async_generator", "generator"])
async def test_fastapi_reads_the_signature_that_is_declared(kind: str, perform: Perform) -> None:
    stage = await perform("""
        from fastapi import Depends, FastAPI

        def create_app(clock):
            app = FastAPI()

            @app.get("/now")
            async def now(time=Depends(clock)):
                return time

            return app
    """)

    def clock(name: str, params: list[str] | None) -> Collaborator:
        match kind:
            case "async_generator":
                return stage.async_generator(name, ["12:00"], params=params)
            case "generator":
                return stage.generator(name, ["12:00"], params=params)
            case _:
                return stage.collaborator(name, kind, returns="12:00", params=params)

    statuses: list[int | None] = []
    contents: list[bytes] = []
    for number, params in enumerate((None, [], ["zone"])):
        given = clock(f"clock{number}", params)
        app = await stage.app("create_app", given)
        answer = await app.request("GET", "/now?zone=utc").answered()
        statuses.append(answer.status)
        contents.append(answer.content)
        if params == ["zone"]:
            assert given.calls[0].kwargs == {"zone": "utc"}
    assert statuses == [422, 200, 200]  # without a signature, *args and **kwargs are query parameters
    assert contents[1:] == [b'"12:00"', b'"12:00"']


async def test_a_collaborator_that_the_check_never_made_ends_the_stage(perform: Perform) -> None:
    stage = await perform(CALLER)
    elsewhere = Collaborator("elsewhere")  # described to the stage, and not known to it
    with pytest.raises(StageEnded, match="grader's channel"):
        await stage.call("call", elsewhere)
