"""Coroutine or function: what the learner's functions say of all sorts of objects, and how they treat them."""

from typing import Any, Final

import pytest

from proctor.checks import Call, Collaborator, Draw, Exchange, Running, Stage, expect

VENUE: Final = "XNYS"

KINDS: Final = {
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
WRAPPED_KINDS: Final = {
    "functools.partial of a def function": "function",
    "functools.partial of an async def function": "coroutine function",
    "an object with def __call__": "function",
    "an object with async def __call__": "coroutine function",
    "functools.partial of an object with def __call__": "function",
    "functools.partial of an object with async def __call__": "coroutine function",
}


async def expect_kinds(stage: Stage, kinds: dict[str, str]) -> None:
    """Each sample is of its kind."""
    classify = await stage.attribute("classify", keep=True)
    for sample, kind in kinds.items():
        expect(f"classify() of {sample}", await stage.props("classified", classify, sample)).equals(kind)


async def wrapped(stage: Stage, shape: str, function: Collaborator) -> tuple[Any, list[str]]:
    """Return a function of ours in some shape, and the arguments that the shape adds in front."""
    match shape:
        case "partial":
            return await stage.props("partial_of", function), [VENUE]
        case "object":
            return await stage.props("object_around", function), []
        case "partial of an object":
            return await stage.props("partial_of", await stage.props("object_around", function)), [VENUE]
        case _:
            return function, []


async def expect_on_the_loop(stage: Stage, call: Call) -> None:
    """The async function was awaited on the event loop that the stage has, not on one of its own."""
    expect(f"where {call.name} was awaited", call.thread == await stage.props("loop_thread")).is_true(
        "on the event loop that was running already", "on another event loop, in another thread"
    )


async def expect_off_the_loop(stage: Stage, function: Collaborator, caller: Running | Exchange) -> None:
    """The event loop turns while the ordinary function, which is parked, does not return."""
    await stage.until(lambda: bool(function.waiting) or over(caller), f"{function.name} is called")
    turn = stage.begin("loop_thread", on="props")
    await stage.until(lambda: turn.done, f"the event loop goes on while {function.name} blocks")


def over(caller: Running | Exchange) -> bool:
    """Is the call over, or the request?"""
    return caller.ended if isinstance(caller, Exchange) else caller.done


def expect_quote(answer: Exchange, symbol: str, price: str) -> None:
    """The answer is the quote; what the application raised instead is the better message."""
    if answer.error is not None:
        raise answer.error
    expect(f"the status of {answer.title}", answer.status).equals(200)
    content_type = (answer.header("content-type") or "none").partition(";")[0].strip().lower()
    expect(f"the content type of the answer to {answer.title}", content_type).equals("application/json")
    expect(f"the body of the answer to {answer.title}", answer.json).equals({"symbol": symbol, "price": price})


@pytest.mark.points(15)
@pytest.mark.public
async def test_classify_knows_the_five_kinds(stage: Stage) -> None:
    """classify() tells functions, coroutine functions, coroutines, async generators and other things apart"""
    await expect_kinds(stage, KINDS)


@pytest.mark.points(10)
async def test_classify_sees_through_wrappers(stage: Stage) -> None:
    """classify() sees through functools.partial and callable objects"""
    await expect_kinds(stage, WRAPPED_KINDS)


@pytest.mark.points(15)
async def test_call_returns_what_either_kind_returns(stage: Stage, draw: Draw) -> None:
    """call() returns the result of ordinary and async functions, however they are wrapped, and calls them once"""
    for kind in ("sync", "async"):
        for shape in ("plain", "partial", "object", "partial of an object"):
            result, argument = draw.word(), draw.word()
            function = stage.collaborator(f"the_{kind}_function ({shape})", kind, returns=result)
            callee, added = await wrapped(stage, shape, function)
            seen = await stage.call("call", callee, argument)
            expect(f"what call() returned for {function.name}", seen).equals(result)
            expect(f"how often {function.name} was called", len(function.calls)).equals(1)
            expect(f"the arguments of {function.name}", function.calls[0].args).equals([*added, argument])
            if kind == "async":
                await expect_on_the_loop(stage, function.calls[0])


@pytest.mark.points(15)
async def test_call_keeps_ordinary_functions_off_the_loop(stage: Stage, draw: Draw) -> None:
    """While an ordinary function blocks in call(), the event loop goes on, and call() returns in the end"""
    for shape in ("plain", "partial", "object"):
        result = draw.word()
        function = stage.collaborator(f"the_blocking_function ({shape})", "sync", returns=result, parked=True)
        callee, _ = await wrapped(stage, shape, function)
        running = stage.begin("call", callee, draw.word())
        await expect_off_the_loop(stage, function, running)
        function.open()
        expect(f"what call() returned for {function.name}", await running).equals(result)
        expect(f"how often {function.name} was called", len(function.calls)).equals(1)


@pytest.mark.points(8)
@pytest.mark.public
async def test_creating_a_coroutine_runs_nothing(stage: Stage, draw: Draw) -> None:
    """lazy() returns a coroutine of which nothing runs before somebody awaits it"""
    result = draw.word()
    function = stage.collaborator("fn", returns=result)
    made = await stage.perform("submission", "call", "lazy", [function], {}, keep=True, wait=False, what="lazy(fn)")
    await stage.settled()
    expect("how often fn had been called before anybody awaited what lazy(fn) returned", len(function.calls)).equals(0)
    expect("the type of what lazy(fn) returned", made.kind).equals("coroutine")
    expect("what awaiting it returned", await made.awaited()).equals(result)
    expect("how often fn had been called after that", len(function.calls)).equals(1)


@pytest.mark.points(7)
async def test_steps_run_one_after_another(stage: Stage, draw: Draw) -> None:
    """run_log() begins a step when the one before it has returned, and returns what the steps returned"""
    results = [draw.word() for _ in range(3)]
    steps = [
        stage.collaborator(f"step_{number}", returns=result, parked=True) for number, result in enumerate(results, 1)
    ]
    running = stage.begin("run_log", steps)
    for count, step in enumerate(steps, 1):
        await stage.until(lambda step=step: bool(step.calls) or running.done, f"{step.name} begins")
        await stage.settled()
        if running.done:
            break  # what it returned, or raised, is the better message
        expect(
            f"the steps that had begun while {step.name} had not returned", [each.name for each in steps if each.calls]
        ).equals([each.name for each in steps[:count]])
        step.release()
    expect("what run_log() returned", await running).equals(results)


@pytest.mark.points(10)
async def test_the_endpoint_awaits_an_async_fetch(stage: Stage, draw: Draw) -> None:
    """With an async fetch, every answer has the price that it found for it"""
    symbol, price = draw.symbol(), draw.price()
    other = f"{symbol}.B"
    prices = {symbol: str(price), other: str(price + 1)}
    fetch = stage.collaborator("fetch", does=prices.get)
    app = await stage.app("create_app", fetch)
    expect_quote(await app.request("GET", f"/quotes/{symbol}").answered(), symbol, prices[symbol])
    expect("the symbols that fetch was asked for", fetch.arguments).equals([symbol])
    await expect_on_the_loop(stage, fetch.calls[0])

    slow = app.request("GET", f"/quotes/{symbol}", gated=True)
    await slow.response_started()  # and goes no further, as with a slow client
    expect_quote(await app.request("GET", f"/quotes/{other}").answered(), other, prices[other])
    slow.permit(100)
    expect_quote(await slow.answered(), symbol, prices[symbol])


@pytest.mark.points(10)
async def test_the_endpoint_keeps_an_ordinary_fetch_off_the_loop(stage: Stage, draw: Draw) -> None:
    """With an ordinary fetch, the answer has the price, and the event loop goes on while fetch blocks"""
    symbol, price = draw.symbol(), str(draw.price())
    fetch = stage.collaborator("fetch", "sync", returns=price)
    app = await stage.app("create_app", fetch)
    expect_quote(await app.request("GET", f"/quotes/{symbol}").answered(), symbol, price)
    expect("the symbols that fetch was asked for", fetch.arguments).equals([symbol])
    fetch.parked = True
    answer = app.request("GET", f"/quotes/{symbol}")
    await expect_off_the_loop(stage, fetch, answer)
    fetch.open()
    expect_quote(await answer.answered(), symbol, price)


@pytest.mark.points(10)
async def test_the_endpoint_takes_a_wrapped_fetch(stage: Stage, draw: Draw) -> None:
    """A fetch that is a partial or a callable object is treated as the kind that it is"""
    for kind in ("async", "sync"):
        for shape in ("partial", "object"):
            symbol, price = draw.symbol(), str(draw.price())
            fetch = stage.collaborator(f"the_{kind}_fetch ({shape})", kind, returns=price)
            callee, added = await wrapped(stage, shape, fetch)
            app = await stage.app("create_app", callee)
            expect_quote(await app.request("GET", f"/quotes/{symbol}").answered(), symbol, price)
            expect(f"the calls of {fetch.name}", [call.args for call in fetch.calls]).equals([[*added, symbol]])
