"""The override switchboard, checked by plain pytest in the submission's own process."""

from typing import Any

from tests.bench.plain.in_process import client, props, submission


async def expect_faked(
    method: str, target: str, answer: dict[str, Any], *, status: int = 200, order: object = None
) -> None:
    stage_props = props("override-switchboard")
    stage_props.install(submission("override-switchboard").FAKES)
    async with client(stage_props.desk_app()) as desk:
        seen = await desk.request(method, target, json=order)
    assert seen.status_code == status
    assert seen.json() == answer


async def played(scenario: str, *words: str, **options: bool) -> dict[str, Any]:
    overriding = submission("override-switchboard").overriding
    return await getattr(props("override-switchboard"), scenario)(overriding, *words, **options)


def got(feed: str, settings: str) -> dict[str, Any]:
    return {"status": 200, "json": {"feed": feed, "settings": settings, "service": f"service with {feed}"}}


async def test_the_function_is_replaced() -> None:
    await expect_faked("GET", "/quotes/AAPL", {"symbol": "AAPL", "price": "101.50"})


async def test_the_cached_function_is_replaced() -> None:
    await expect_faked("GET", "/currency", {"currency": "CHF"})


async def test_the_class_is_replaced() -> None:
    await expect_faked("GET", "/audit", {"entries": ["desk opened"]})


async def test_the_generator_is_replaced() -> None:
    await expect_faked("GET", "/positions", {"AAPL": 10})


async def test_the_dependency_of_the_router_is_replaced() -> None:
    await expect_faked("GET", "/reports/monday", {"report": "monday"})


async def test_the_dependency_with_a_parameter_is_replaced() -> None:
    order = {"symbol": "AAPL", "quantity": 5}
    await expect_faked("POST", "/orders", {"trader": "alice", **order}, status=201, order=order)


async def test_the_annotated_dependency_is_replaced() -> None:
    await expect_faked("GET", "/me", {"trader": "alice"})


async def test_the_dependency_of_the_mounted_application_is_replaced() -> None:
    await expect_faked("GET", "/market/holidays", {"holidays": ["2030-01-01"]})


async def test_plain_objects_are_in_force_in_the_block_alone() -> None:
    facts = await played("plain", "real", "feed", "settings")
    assert facts["inside"] == got("feed", "settings")
    assert facts["is_same"]
    assert facts["after"] == got("real", "real")
    assert facts["none"] == got("None", "real")


async def test_an_exception_ends_the_block_like_anything_else() -> None:
    for is_ordinary in (True, False):
        facts = await played("exception", "real", "fake", is_ordinary=is_ordinary)
        assert facts["inside"] == got("fake", "real")
        assert facts["came_out"]
        assert facts["after"] == got("real", "real")
        assert facts["table"] == []


async def test_blocks_can_be_nested() -> None:
    facts = await played("nested", "real", "outer", "inner")
    assert facts["before"] == got("outer", "real")
    assert facts["inside"] == got("inner", "inner")
    assert facts["between"] == got("outer", "real")
    assert facts["after"] == got("real", "real")
    assert facts["table"] == []


async def test_overrides_of_others_stay() -> None:
    facts = await played("foreign", "real", "theirs", "mine")
    assert facts["inside"] == got("mine", "theirs")
    assert facts["after"] == got("real", "theirs")
    assert facts["table"] == ["settings"]
    assert facts["is_same"]


async def test_callables_keep_their_parameters() -> None:
    facts = await played("parameters", "real", "venue")
    for name in ("function", "class", "object"):
        assert facts[name] == got(f"{name} at venue", "real")


async def test_replacements_may_be_async_and_may_yield() -> None:
    facts = await played("kinds", "real", "fake")
    for name in ("async def", "yield", "async yield"):
        assert facts["answers"][name] == got(f"fake of {name}", "real")
    assert facts["ended"] == ["yield", "async yield"]
