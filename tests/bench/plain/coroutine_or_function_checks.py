"""Coroutine or function, checked by plain pytest in the submission's own process."""

import asyncio
import inspect
import threading
from collections.abc import Callable
from typing import Any

from tests.bench.plain.in_process import Client, Collaborator, begin, client, props, submission

SLUG = "coroutine-or-function"
VENUE = "XNYS"
SHAPES = ("plain", "partial", "object", "partial of an object")
KINDS = {
    "a def function": "function",
    "an async def function": "coroutine function",
    "a coroutine object": "coroutine",
    "what calling an async def function with yield returns": "async generator",
    "the number 42": "other",
    "a lambda": "function",
    "a def method": "function",
    "the builtin len": "function",
    "an async def method": "coroutine function",
    "an async def function with yield": "async generator",
    "the text 'fetch'": "other",
    "None": "other",
    "a list of functions": "other",
}
WRAPPED_KINDS = {
    "functools.partial of a def function": "function",
    "functools.partial of an async def function": "coroutine function",
    "an object with def __call__": "function",
    "an object with async def __call__": "coroutine function",
    "functools.partial of an object with def __call__": "function",
    "functools.partial of an object with async def __call__": "coroutine function",
}


def wrapped(shape: str, function: Callable[..., Any]) -> tuple[Callable[..., Any], list[str]]:
    """Return a function in some shape, and the arguments that the shape adds in front."""
    objects = props(SLUG)
    match shape:
        case "partial":
            return objects.partial_of(function), [VENUE]
        case "object":
            return objects.object_around(function), []
        case "partial of an object":
            return objects.partial_of(objects.object_around(function)), [VENUE]
        case _:
            return function, []


async def expect_quote(desk: Client, symbol: str, price: str) -> None:
    answer = await desk.request("GET", f"/quotes/{symbol}")
    assert answer.status_code == 200
    assert answer.json() == {"symbol": symbol, "price": price}


async def test_classify_knows_the_five_kinds() -> None:
    classify = submission(SLUG).classify
    for sample, kind in KINDS.items():
        assert props(SLUG).classified(classify, sample) == kind


async def test_classify_sees_through_wrappers() -> None:
    classify = submission(SLUG).classify
    for sample, kind in WRAPPED_KINDS.items():
        assert props(SLUG).classified(classify, sample) == kind


async def test_call_returns_what_either_kind_returns() -> None:
    for kind in ("sync", "async"):
        for shape in SHAPES:
            function = Collaborator("function", returns=f"{kind} {shape}")
            callee, added = wrapped(shape, function.of_kind(kind))
            assert await submission(SLUG).call(callee, "argument") == f"{kind} {shape}"
            assert function.calls == [[*added, "argument"]]
            assert (function.threads == [threading.get_ident()]) == (kind == "async")


async def test_call_keeps_ordinary_functions_off_the_loop() -> None:
    for shape in ("plain", "partial", "object"):
        function = Collaborator("function", returns="result", parked=True)
        callee, _ = wrapped(shape, function.blocking)
        running = begin(submission(SLUG).call(callee, "argument"))
        await function.called.wait()  # the event loop turns while the function blocks
        function.open()
        assert await running == "result"
        assert len(function.calls) == 1


async def test_creating_a_coroutine_runs_nothing() -> None:
    function = Collaborator("fn", returns="result")
    made = submission(SLUG).lazy(function.awaited)
    await asyncio.sleep(0)  # one turn of the loop, in which a task would run
    assert function.calls == []
    assert inspect.iscoroutine(made)
    assert await made == "result"
    assert len(function.calls) == 1


async def test_steps_run_one_after_another() -> None:
    steps = [Collaborator(f"step {number}", returns=number, parked=True) for number in range(3)]
    running = begin(submission(SLUG).run_log([step.awaited for step in steps]))
    for count, step in enumerate(steps, 1):
        await step.called.wait()
        assert [each for each in steps if each.calls] == steps[:count]
        step.open()
    assert await running == [0, 1, 2]


async def test_the_endpoint_awaits_an_async_fetch() -> None:
    fetch = Collaborator("fetch", returns="101.50")
    async with client(submission(SLUG).create_app(fetch.awaited)) as desk:
        await expect_quote(desk, "AAPL", "101.50")
    assert fetch.calls == [["AAPL"]]
    assert fetch.threads == [threading.get_ident()]


async def test_the_endpoint_keeps_an_ordinary_fetch_off_the_loop() -> None:
    app_of = submission(SLUG).create_app
    fetch = Collaborator("fetch", returns="101.50")
    async with client(app_of(fetch.blocking)) as desk:
        await expect_quote(desk, "AAPL", "101.50")
    assert fetch.calls == [["AAPL"]]
    parked = Collaborator("fetch", returns="101.50", parked=True)
    async with client(app_of(parked.blocking)) as desk:
        running = begin(expect_quote(desk, "AAPL", "101.50"))
        await parked.called.wait()  # the event loop turns while fetch blocks
        parked.open()
        await running


async def test_the_endpoint_takes_a_wrapped_fetch() -> None:
    for kind in ("async", "sync"):
        for shape in ("partial", "object"):
            fetch = Collaborator("fetch", returns="101.50")
            callee, added = wrapped(shape, fetch.of_kind(kind))
            async with client(submission(SLUG).create_app(callee)) as desk:
                await expect_quote(desk, "AAPL", "101.50")
            assert fetch.calls == [[*added, "AAPL"]]
