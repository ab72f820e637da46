"""Mock the feed: the learner's tests, judged by what they say of desks that are in order and of desks that are not.

Every desk is the given one with pieces of its text replaced, or another one that keeps the same promises, and lies in a
stage of its own. Words that nobody is promised are drawn in all of them, so that no text of a desk is ever seen twice.
"""

import re
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from proctor.checks import Draw, Stage, StageFactory, expect

ALONE = 3
"""So many tests, which are drawn, are run alone. What depends on other tests shows in reverse order, as a rule."""

# Desks

HERE = Path(__file__).parent
GIVEN = (HERE.parents[1] / "exercises" / HERE.name / "desk.py").read_text(encoding="utf-8")
ANOTHER = (HERE / "another_desk.py").read_text(encoding="utf-8")
UNPROMISED = ('"unknown token"', '"unknown symbol"', '"no prices at the moment"', "_feed", "_book", "_orders")
"""Texts and private names of both desks that a test has no business with."""


def changed(*changes: tuple[str, str]) -> str:
    """Return the given desk with pieces replaced. Raises ValueError when one of them is not there exactly once."""
    text = GIVEN
    for piece, replacement in changes:
        if text.count(piece) != 1:
            raise ValueError(f"a piece of a changed desk is {text.count(piece)} times in `desk.py`: {piece}")
        text = text.replace(piece, replacement)
    compile(text, "desk.py", "exec")
    return text


CHANGED = (
    changed(
        (
            """    if x_trader_token not in TOKENS:
        raise HTTPException(401, "unknown token")
    return TOKENS[x_trader_token]
""",
            """    try:
        return TOKENS[x_trader_token or ""]
    except KeyError:
        raise HTTPException(status_code=401, detail="unknown token") from None
""",
        )
    ),
    changed(
        ("self._orders: list[Order] = []", "self._orders: tuple[Order, ...] = ()"),
        ("self._orders.append(order)", "self._orders = (*self._orders, order)"),
    ),
    changed(("price = await feed.price(symbol)", "asked = feed.price(symbol)\n        price = await asked")),
    changed(
        (
            "Order(symbol=new.symbol, quantity=new.quantity, trader=trader)",
            "Order(**new.model_dump(), trader=trader)",
        )
    ),
)
"""Changed desks that keep every promise."""

CLOSED = """

@app.middleware("http")
async def close(request: object, call_next: object) -> object:
    from fastapi.responses import JSONResponse

    return JSONResponse({}, 418)
"""
"""What makes any desk answer 418 to everything."""


def written(text: str, draw: Draw) -> bytes:
    """Return the source of a desk with other words where nothing is promised."""
    for piece in UNPROMISED:
        word = f'"{draw.word()}"' if piece.startswith('"') else f"_{draw.word()}"
        text = re.sub(rf"(?<!\w){re.escape(piece)}(?!\w)", word, text)
    return text.encode()


# Tests of the learner


async def on(stages: StageFactory, desk: bytes) -> Stage:
    """Open a stage in which the desk has this source."""
    return await stages(replacing={"desk.py": desk})


@dataclass(frozen=True)
class Test:
    """What came of one of the learner's tests."""

    __test__ = False  # for pytest: it is no test of ours

    name: str
    outcome: str
    error: str = ""
    place: str = ""
    is_overriding: bool = False
    left: tuple[str, ...] = ()

    @classmethod
    def read(cls, name: str, facts: dict[str, Any]) -> "Test":
        """Read the facts of the stage, each of which may be anything."""
        return cls(
            one_line(name),
            one_line(facts["outcome"]),
            str(facts["error"]),
            one_line(facts["place"]),
            facts["is_overriding"] is True,
            tuple(map(one_line, facts["left"])),
        )

    @property
    def has_failed(self) -> bool:
        """Whether one of them has raised."""
        return self.outcome == "failed"

    @property
    def has_passed(self) -> bool:
        """Whether set-up, test and tear-down have all gone through."""
        return self.outcome == "passed"

    def __str__(self) -> str:
        if not self.has_failed:
            return f"{self.name} {self.outcome}"
        lines = [line for line in self.error.splitlines() if not line.strip().startswith(("+", "Use -v"))]
        place = f" ({self.place})" if self.place else ""
        return f"{self.name} failed: {one_line(' '.join(lines))}{place}"


@dataclass(frozen=True)
class Run:
    """What came of the learner's tests, in the order in which they ran, and what their import had left overridden."""

    tests: dict[str, Test]
    left_by_import: list[str]

    @property
    def passed(self) -> set[str]:
        """The names of the tests that passed."""
        return {name for name, test in self.tests.items() if test.has_passed}

    @property
    def others(self) -> list[str]:
        """The tests that did not pass, in words."""
        return [str(test) for test in self.tests.values() if not test.has_passed]


async def run(stage: Stage, names: Sequence[str] | None = None) -> Run:
    """Run the learner's tests, all of them or the named ones in this order."""
    sign_of_life = "one test over" if names is None else "one named test over"  # all together may take their time
    over = stage.collaborator(sign_of_life, "notify")
    facts = await stage.begin("run_your_tests", names, over, on="props", in_thread=True)
    problems = [one_line(problem) for problem in facts["problems"]]
    expect("pytest, when it collects main.py", not problems).is_true("no error", "; ".join(problems))
    expect("the tests in main.py", bool(facts["tests"])).is_true("at least one test", "pytest finds none")
    tests = {str(name): Test.read(name, test) for name, test in facts["tests"].items()}
    return Run(tests, [one_line(name) for name in facts["overridden_by_the_import"]])


def expect_the_same(how: str, now: Run, first: Run, names: Sequence[str]) -> None:
    """The named tests have come to the results to which they came at first."""
    others: list[str] = []
    for name in names:
        test, before = now.tests.get(name, Test(name, "not run")), first.tests[name]
        if test.outcome != before.outcome:
            others.append(f"{test}, and in the order of the file: {before}")
    expect(f"your tests {how}", not others).is_true(
        "the results that they have in the order of the file", listed(others)
    )


def one_line(text: object) -> str:
    """Put a text of the stage on one line."""
    line = " ".join(str(text).split())
    return line if len(line) <= 200 else f"{line[:200]}..."


def listed(parts: Sequence[str]) -> str:
    """List the first few of many."""
    rest = f"\n            and {len(parts) - 3} more" if len(parts) > 3 else ""
    return "\n            ".join(parts[:3]) + rest


def expect_that_one_overrides(first: Run) -> None:
    """At least one test passes while a dependency is overridden, without which nothing is seen of cleaning up."""
    overriding = [test for test in first.tests.values() if test.has_passed and test.is_overriding]
    expect("your tests on a desk that is in order", bool(overriding)).is_true(
        "at least one of them sends a request while a dependency is overridden, and passes",
        listed(first.others) or "none of those that pass overrides anything",
    )


RUNS: Final[dict[int, list[Run]]] = {}
"""By submission, for as long as that is there: what came of its tests on desks that are in order."""


@pytest.fixture
async def in_order(submission_job: object, stages: StageFactory, draw: Draw) -> list[Run]:
    """Runs of the tests on the given desk, on another one, and on a changed one that is drawn.

    Nearly every check needs them, and they say the same to each, so a submission's tests run there once.
    """
    key = id(submission_job)
    if key not in RUNS:
        desks = [written(text, draw) for text in (ANOTHER, draw.one_of(CHANGED))]
        opened = [await stages(), *[await on(stages, desk) for desk in desks]]
        RUNS[key] = [await run(stage) for stage in opened]
        weakref.finalize(submission_job, RUNS.pop, key, None)
    return RUNS[key]


# On desks that are in order


@pytest.mark.points(10)
async def test_your_tests_pass_on_every_desk_that_is_in_order(
    stages: StageFactory, draw: Draw, in_order: list[Run]
) -> None:
    """Your tests pass on the given desk and on others that keep the same promises, and fail on one that is closed"""
    for number, each in enumerate(in_order):
        where = "another desk that keeps the same promises" if number else "the given desk"
        expect(f"your tests on {where}", not each.others).is_true("every test passes", listed(each.others))
    closed = await run(await on(stages, written(draw.one_of(CHANGED) + CLOSED, draw)))
    noticing = [test for test in closed.tests.values() if test.has_failed]
    expect("your tests on a desk that answers 418 to everything", bool(noticing)).is_true(
        "at least one test fails", "none fails, as none would whatever the desk does"
    )


@pytest.mark.points(10)
@pytest.mark.public
async def test_the_order_of_your_tests_does_not_matter(stages: StageFactory, draw: Draw) -> None:
    """Every test comes to the same result alone, in reverse order, and when all of them are run a second time"""
    desk = written(draw.one_of(CHANGED), draw)
    stage = await on(stages, desk)
    first = await run(stage)
    expect_that_one_overrides(first)
    names = list(first.tests)
    expect_the_same("when they are run a second time", await run(stage, names), first, names)
    expect_the_same("in reverse order", await run(await on(stages, desk), names[::-1]), first, names)
    for name in draw.sample(names, min(ALONE, len(names))):
        expect_the_same("when one of them is run alone", await run(await on(stages, desk), [name]), first, [name])


@pytest.mark.points(10)
async def test_no_override_is_left_behind(stages: StageFactory, draw: Draw, in_order: list[Run]) -> None:
    """After the import of your file and after every single test, whatever came of it, no dependency is overridden"""
    given = in_order[0]
    expect_that_one_overrides(given)
    *others, last = given.tests.values()
    expect("app.dependency_overrides after the import of main.py", given.left_by_import).equals([])
    expect("app.dependency_overrides when all your tests are over", last.left).equals([])
    for test in others:
        expect(f"app.dependency_overrides between two tests, after {test.name}", test.left).equals([])
    closed = await run(await on(stages, written(draw.one_of(CHANGED) + CLOSED, draw)))
    for test in closed.tests.values():
        if test.has_failed:
            what = f"app.dependency_overrides after {test.name}, which fails on a desk that answers 418 to everything"
            expect(what, test.left).equals([])


# On desks with one defect


async def expect_that_a_test_notices(
    stages: StageFactory, draw: Draw, in_order: list[Run], defective: str, defect: str
) -> None:
    """A test that passes on all desks that are in order fails on this one. Nobody tells the tests where they are."""
    counting = set[str].intersection(*(each.passed for each in in_order))
    tests = (await run(await on(stages, written(defective, draw)))).tests
    noticing = [name for name in counting if name in tests and tests[name].has_failed]
    expect(f"your tests on a desk that {defect}", bool(noticing)).is_true(
        "at least one test fails that passes on every desk that is in order",
        f"none of {len(counting)} does" if counting else "none passes on every desk that is in order, so none counts",
    )


STRANGERS_LET_IN = changed(
    (
        """    if x_trader_token not in TOKENS:
        raise HTTPException(401, "unknown token")
    return TOKENS[x_trader_token]
""",
        """    return TOKENS.get(x_trader_token or "", "guest")
""",
    )
)


@pytest.mark.points(7)
async def test_strangers_who_are_let_in_are_noticed(stages: StageFactory, draw: Draw, in_order: list[Run]) -> None:
    """Your tests notice a desk that lets strangers in"""
    await expect_that_a_test_notices(
        stages, draw, in_order, STRANGERS_LET_IN, "lets in whoever has no known token, as guest"
    )


WRONG_REFUSAL = changed(('HTTPException(401, "unknown token")', 'HTTPException(403, "unknown token")'))


@pytest.mark.points(7)
async def test_a_wrong_refusal_is_noticed(stages: StageFactory, draw: Draw, in_order: list[Run]) -> None:
    """Your tests notice a desk that refuses strangers with 403 instead of 401"""
    await expect_that_a_test_notices(stages, draw, in_order, WRONG_REFUSAL, "answers 403 to strangers instead of 401")


FEED_NOT_INJECTED = changed(("await feed.price(symbol)", "await (await get_feed()).price(symbol)"))


@pytest.mark.points(7)
async def test_a_feed_that_is_not_injected_is_noticed(stages: StageFactory, draw: Draw, in_order: list[Run]) -> None:
    """Your tests notice a desk that calls the real feed, whatever is injected"""
    await expect_that_a_test_notices(
        stages, draw, in_order, FEED_NOT_INJECTED, "asks the real feed instead of the injected one"
    )


FEED_ASKED_TWICE = changed(
    ("price = await feed.price(symbol)", "await feed.price(symbol)\n        price = await feed.price(symbol)")
)


@pytest.mark.points(7)
async def test_a_feed_that_is_asked_twice_is_noticed(stages: StageFactory, draw: Draw, in_order: list[Run]) -> None:
    """Your tests notice a desk that asks the feed twice for one quote"""
    await expect_that_a_test_notices(stages, draw, in_order, FEED_ASKED_TWICE, "asks the feed twice for one quote")


WRONG_SYMBOL = changed(("symbol=symbol, price", "symbol=symbol.lower(), price"))


@pytest.mark.points(7)
async def test_a_wrong_symbol_is_noticed(stages: StageFactory, draw: Draw, in_order: list[Run]) -> None:
    """Your tests notice a desk that writes the symbol of a quote in lower case"""
    await expect_that_a_test_notices(stages, draw, in_order, WRONG_SYMBOL, "writes the symbol of a quote in lower case")


CENTS_CUT_OFF = changed(("price=price", "price=Decimal(int(price))"))


@pytest.mark.points(7)
async def test_cents_that_are_cut_off_are_noticed(stages: StageFactory, draw: Draw, in_order: list[Run]) -> None:
    """Your tests notice a desk that cuts the cents off a price"""
    await expect_that_a_test_notices(
        stages, draw, in_order, CENTS_CUT_OFF, "cuts the cents off a price: 189.50 becomes 189"
    )


UNKNOWN_SYMBOL_FOR_FREE = changed(
    ('        raise HTTPException(404, "unknown symbol") from None\n', "        price = Decimal(0)\n")
)


@pytest.mark.points(7)
async def test_an_unknown_symbol_with_a_price_is_noticed(stages: StageFactory, draw: Draw, in_order: list[Run]) -> None:
    """Your tests notice a desk that has a price for an unknown symbol"""
    await expect_that_a_test_notices(
        stages,
        draw,
        in_order,
        UNKNOWN_SYMBOL_FOR_FREE,
        "answers 200 and a price of 0 for an unknown symbol instead of 404",
    )


FAILURE_SWALLOWED = changed(
    ('        raise HTTPException(503, "no prices at the moment") from None\n', "        price = Decimal(0)\n")
)


@pytest.mark.points(7)
async def test_a_failure_that_is_swallowed_is_noticed(stages: StageFactory, draw: Draw, in_order: list[Run]) -> None:
    """Your tests notice a desk that has a price although the feed is down"""
    await expect_that_a_test_notices(
        stages, draw, in_order, FAILURE_SWALLOWED, "answers 200 and a price of 0 while the feed is down instead of 503"
    )


SALE_AS_PURCHASE = changed(("quantity=new.quantity", "quantity=abs(new.quantity)"))


@pytest.mark.points(7)
async def test_a_sale_that_becomes_a_purchase_is_noticed(stages: StageFactory, draw: Draw, in_order: list[Run]) -> None:
    """Your tests notice a desk that turns a sale into a purchase"""
    await expect_that_a_test_notices(
        stages, draw, in_order, SALE_AS_PURCHASE, "turns a sale into a purchase: -3 becomes 3"
    )


ORDER_NOT_KEPT = changed(("    book.add(order)\n", ""))


@pytest.mark.points(7)
async def test_an_order_that_is_not_kept_is_noticed(stages: StageFactory, draw: Draw, in_order: list[Run]) -> None:
    """Your tests notice a desk that confirms an order and does not keep it"""
    await expect_that_a_test_notices(
        stages, draw, in_order, ORDER_NOT_KEPT, "confirms an order and does not put it in the book"
    )
