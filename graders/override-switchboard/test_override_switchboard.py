"""The override switchboard: eight fakes for the desk, and the switch that puts them in and takes them out."""

import json
from typing import Any

import pytest

from proctor.checks import Application, Draw, Exchange, Stage, expect, same

LOOKED_UP = [
    ("desk.app", "desk.get_feed"),
    ("desk.app", "desk.get_settings"),
    ("desk.app", "desk.AuditTrail"),
    ("desk.app", "desk.open_ledger"),
    ("desk.app", "desk.check_licence"),
    ("desk.app", "desk.require_trade"),
    ("desk.app", "desk.get_trader"),
    ("desk.market", "desk.get_holidays"),
]
"""What the routes of the desk look up: the application in whose table, and the key."""

SHOWN = 3
"""So many entries that nothing looks up are named in a message."""


# Part A


async def expect_faked(
    stage: Stage, method: str, target: str, answer: dict[str, Any], *, status: int = 200, order: object = None
) -> None:
    """With the entries of FAKES in force, the route answers as the README says."""
    entries = await stage.props("install", await stage.attribute("FAKES", keep=True))
    desk = Application(stage, await stage.props("desk_app"))
    exchange = await desk.request(method, target, json=order).finished()
    is_right = exchange.error is None and exchange.status == status and same(_json(exchange.content), answer)
    expect(f"{method} {target} with your entries in force", is_right).is_true(
        f"{status} {json.dumps(answer)}", _seen(exchange, entries)
    )


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content


def _seen(exchange: Exchange, entries: dict[str, Any]) -> str:
    """Say what came of a request; where a real dependency ran, say which entries missed."""
    if exchange.error is None:
        return f"{exchange.status} {exchange.content.decode('utf-8', 'backslashreplace')}"
    if exchange.error.kind != "NetworkError":
        return str(exchange.error)
    missed = [
        f"no route looks up {key} in the table of {application}"
        for application, key in entries["entries"]
        if (application, key) not in LOOKED_UP
    ]
    told = [*entries["malformed"], *missed]
    if not told and not entries["entries"]:
        told = ["FAKES is empty"]
    more = [f"and so on, {len(told)} in all"] if len(told) > SHOWN else []
    return "; ".join([f"the real dependency ran ({exchange.error.message})", *told[:SHOWN], *more])


@pytest.mark.points(5)
@pytest.mark.public
async def test_the_function_is_replaced(stage: Stage, draw: Draw) -> None:
    """1. The price feed, a function, is replaced"""
    symbol = draw.symbol()
    await expect_faked(stage, "GET", f"/quotes/{symbol}", {"symbol": symbol, "price": "101.50"})


@pytest.mark.points(5)
async def test_the_cached_function_is_replaced(stage: Stage) -> None:
    """2. The settings, a function with lru_cache, are replaced"""
    await expect_faked(stage, "GET", "/currency", {"currency": "CHF"})


@pytest.mark.points(5)
async def test_the_class_is_replaced(stage: Stage) -> None:
    """3. The audit trail, a class, is replaced"""
    await expect_faked(stage, "GET", "/audit", {"entries": ["desk opened"]})


@pytest.mark.points(5)
async def test_the_generator_is_replaced(stage: Stage) -> None:
    """4. The ledger, a function with yield, is replaced"""
    await expect_faked(stage, "GET", "/positions", {"AAPL": 10})


@pytest.mark.points(5)
async def test_the_dependency_of_the_router_is_replaced(stage: Stage, draw: Draw) -> None:
    """5. The licence, which a whole router asks for, is replaced"""
    day = draw.word()
    await expect_faked(stage, "GET", f"/reports/{day}", {"report": day})


@pytest.mark.points(5)
async def test_the_dependency_with_a_parameter_is_replaced(stage: Stage, draw: Draw) -> None:
    """6. The role, a dependency that require("trade") made, is replaced"""
    order = {"symbol": draw.symbol(), "quantity": draw.number(1, 999)}
    await expect_faked(stage, "POST", "/orders", {"trader": "alice", **order}, status=201, order=order)


@pytest.mark.points(5)
async def test_the_annotated_dependency_is_replaced(stage: Stage) -> None:
    """7. The trader, asked for by an Annotated alias, is replaced"""
    await expect_faked(stage, "GET", "/me", {"trader": "alice"})


@pytest.mark.points(5)
async def test_the_dependency_of_the_mounted_application_is_replaced(stage: Stage) -> None:
    """8. The holidays, a dependency of the mounted application, are replaced"""
    await expect_faked(stage, "GET", "/market/holidays", {"holidays": ["2030-01-01"]})


# Part B


def values(draw: Draw, *kinds: str) -> list[str]:
    """Draw one value of each kind; its name tells the learner which it is."""
    return [f"{kind}-{draw.word(5)}" for kind in kinds]


async def played(stage: Stage, scenario: str, *words: str, **options: bool) -> dict[str, Any]:
    """Let the props play a scenario with the learner's `overriding`, and return what was seen."""
    return await stage.props(scenario, await stage.attribute("overriding", keep=True), *words, **options)


def expect_got(moment: str, answer: Any, feed: str, settings: str) -> None:
    """The route answered, and these are the values that it got from its dependencies."""
    seen: object = answer
    if "raised" in answer:
        seen = f"{answer['raised'].kind}: {answer['raised'].message}"
    elif answer["status"] == 200:
        seen = answer["json"]
    expected = {"feed": feed, "settings": settings, "service": f"service with {feed}"}
    expect(f"what the route got from its dependencies {moment}", seen).equals(expected)


@pytest.mark.points(10)
@pytest.mark.public
async def test_plain_objects_are_in_force_in_the_block_alone(stage: Stage, draw: Draw) -> None:
    """In the block the route gets plain objects as they are, after it the real values again"""
    real, feed, settings = values(draw, "real", "feed", "settings")
    facts = await played(stage, "plain", real, feed, settings)
    expect_got("in a block with two plain objects", facts["inside"], feed, settings)
    expect("the plain object that the route got for its feed", facts["is_same"]).is_true(
        "the very object of the mapping", "an equal one, but not the same (a copy?)"
    )
    expect_got("after that block", facts["after"], real, real)
    expect_got("in a block with None for its feed", facts["none"], "None", real)


@pytest.mark.points(10)
async def test_an_exception_ends_the_block_like_anything_else(stage: Stage, draw: Draw) -> None:
    """An exception raised in the block comes out of it, and the real values are back"""
    for is_ordinary in (True, False):
        kind = "LookupError" if is_ordinary else "BaseException, as pytest.fail raises one,"
        real, fake = values(draw, "real", "fake")
        facts = await played(stage, "exception", real, fake, is_ordinary=is_ordinary)
        expect_got("in the block", facts["inside"], fake, real)
        expect(f"the {kind} raised in the block", facts["came_out"]).is_true("it comes out", "it was swallowed")
        expect_got(f"after a {kind} in the block", facts["after"], real, real)
        expect(f"the overridden dependencies after a {kind} in the block", facts["table"]).equals([])


@pytest.mark.points(10)
async def test_blocks_can_be_nested(stage: Stage, draw: Draw) -> None:
    """After an inner block the outer one's replacements are in force again, after that nobody's"""
    real, outer, inner = values(draw, "real", "outer", "inner")
    facts = await played(stage, "nested", real, outer, inner)
    expect_got("in the outer block, before the inner one", facts["before"], outer, real)
    expect_got("in the inner block", facts["inside"], inner, inner)
    expect_got("in the outer block, after the inner one", facts["between"], outer, real)
    expect_got("after both blocks", facts["after"], real, real)
    expect("the overridden dependencies after both blocks", facts["table"]).equals([])


@pytest.mark.points(10)
async def test_overrides_of_others_stay(stage: Stage, draw: Draw) -> None:
    """What somebody else has overridden stays so in the block and after it, and so does the dict itself"""
    real, theirs, mine = values(draw, "real", "theirs", "mine")
    facts = await played(stage, "foreign", real, theirs, mine)
    expect_got("in the block, where somebody else had overridden the settings", facts["inside"], mine, theirs)
    expect_got("after the block, where somebody else had overridden the settings", facts["after"], real, theirs)
    expect("the overridden dependencies after the block", facts["table"]).equals(["settings"])
    expect("app.dependency_overrides after the block", facts["is_same"]).is_true(
        "the same dict object as before", "another dict; whoever holds the first one has lost the application's table"
    )


@pytest.mark.points(10)
async def test_callables_keep_their_parameters(stage: Stage, draw: Draw) -> None:
    """A function, a class or a callable object as replacement may ask for a query parameter of its own"""
    real, venue = values(draw, "real", "venue")
    facts = await played(stage, "parameters", real, venue)
    for name in ("function", "class", "object"):
        moment = f"where a {name} with a parameter stands for its feed"
        expect_got(moment, facts[name], f"{name} at {venue}", real)


@pytest.mark.points(10)
async def test_replacements_may_be_async_and_may_yield(stage: Stage, draw: Draw) -> None:
    """An async function or a generator function as replacement does what it does as a dependency"""
    real, fake = values(draw, "real", "fake")
    facts = await played(stage, "kinds", real, fake)
    for name in ("async def", "yield", "async yield"):
        expect_got(
            f"where a function with {name} stands for its feed", facts["answers"][name], f"{fake} of {name}", real
        )
    expect("the generator functions that ran to their end", facts["ended"]).equals(["yield", "async yield"])
