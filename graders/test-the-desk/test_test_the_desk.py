"""Test the desk: the learner's checks, judged by what they say of desks that are in order and of desks that are not.

A desk lives here: `props.py` makes applications that ask for every answer, so that nothing in the learner's process
knows which desk is broken.
"""

import json
from collections.abc import Sequence
from typing import Any, ClassVar, Final

import pytest

from proctor.checks import Draw, Handle, Stage, SubmissionError, expect

Answer = dict[str, Any]

KEYS: Final = ("feed", "session", "redirect", "crash", "ticks", "orders")
INTERNAL_ERROR: Final = {"detail": "internal error"}
TICKS: Final = 5

ACTIONS: Final = {
    action: action.replace(" ", "_")
    for action in (
        "starts",
        "shuts down",
        "quotes",
        "logs in",
        "identifies",
        "redirects",
        "crashes",
        "has crashed",
        "ticks",
        "takes an order",
        "lists its orders",
    )
}
"""What an application may ask of its desk, and the method that answers."""

# Desks


class Desk:
    """A desk that keeps every promise. What nobody is promised is drawn."""

    description: ClassVar = "is in order"

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.lifespan: list[str] = []
        self.sessions: dict[str, str] = {}
        self.orders: list[object] = []
        self.cookie = f"{draw.word()}_session"

    def answer(self, action: str, *details: Any) -> Any:
        """Say what the desk does next. Raises KeyError for what no desk does, such as to tell of what kind it is."""
        return getattr(self, ACTIONS[action])(*details)

    def starts(self) -> bool:
        """Say whether the feed is opened."""
        self.lifespan.append("started")
        return True

    def shuts_down(self) -> bool:
        """Say whether the feed is closed."""
        self.lifespan.append("shut down")
        return True

    def quotes(self, symbol: str, price: str) -> Answer:
        """Answer a quote."""
        return self.json({"symbol": symbol, "price": price})

    def logs_in(self, login: dict[str, Any]) -> Answer:
        """Begin a session."""
        session = self.draw.word()
        self.sessions[session] = login["trader"]
        return self.made(204, headers={"set-cookie": f"{self.cookie}={session}; Path=/; SameSite=lax"})

    def identifies(self, cookies: dict[str, str]) -> Answer:
        """Tell the name of the trader who has logged in."""
        trader = self.sessions.get(cookies.get(self.cookie, ""))
        return self.json({"detail": self.draw.word()}, 401) if trader is None else self.json({"trader": trader})

    def redirects(self, symbol: str) -> Answer:
        """Lead from the old path to the new one."""
        return self.made(307, self.draw.word(), headers={"location": f"/quotes/{symbol}"})

    def crashes(self) -> str | None:
        """Word the exception that is raised."""
        return self.draw.word()

    def has_crashed(self) -> Answer:
        """Answer for an endpoint that has raised."""
        return self.json(INTERNAL_ERROR, 500)

    def ticks(self) -> Answer:
        """Stream the ticks."""
        return self.streamed(range(1, TICKS + 1))

    def takes_an_order(self, order: object) -> Answer:
        """Keep an order, and confirm it."""
        self.orders.append(order)
        return self.json(order, 201)

    def lists_its_orders(self) -> Answer:
        """List all orders."""
        return self.json(self.orders)

    def json(self, content: object, status: int = 200) -> Answer:
        """Describe a response with JSON."""
        return self.made(status, json.dumps(content), headers={"content-type": "application/json"})

    def streamed(self, numbers: Sequence[int]) -> Answer:
        """Describe a response with these ticks, whose parts end in the middle of a line."""
        text = "".join(f"tick {number}\n" for number in numbers)
        cut = text.index("\n") + self.draw.number(2, 5)
        return self.made(200, text[:cut], text[cut:], headers={"content-type": "text/plain; charset=utf-8"})

    def made(self, status: int, *parts: str, headers: dict[str, str]) -> Answer:
        """Describe a response; every one has a header that nobody has asked for."""
        return {"status": status, "headers": headers | {f"x-{self.draw.word()}": self.draw.word()}, "parts": parts}


class Closed(Desk):
    """It has gone out of business."""

    description = "answers 418 to everything"

    def crashes(self) -> None:
        """Do nothing that could go wrong."""

    def made(self, status: int, *parts: str, headers: dict[str, str]) -> Answer:  # noqa: ARG002 - whatever it was to be
        """Refuse."""
        return super().made(418, headers={})


class FeedLeftOpen(Desk):
    """Shuts down, and forgets its feed."""

    description = "does not close its feed when it shuts down"

    def shuts_down(self) -> bool:
        """Do without closing."""
        super().shuts_down()
        return False


class CentsCutOff(Desk):
    """Knows no cents."""

    description = "cuts the cents off a price: 189.50 becomes 189"

    def quotes(self, symbol: str, price: str) -> Answer:
        """Tell a part of the price."""
        return super().quotes(symbol, price.partition(".")[0])


class StrangersLetIn(Desk):
    """Takes a stranger for somebody."""

    description = "answers a client that has not logged in with 200 and the trader guest instead of 401"

    def identifies(self, cookies: dict[str, str]) -> Answer:
        """Call a stranger guest."""
        return self.json({"trader": self.sessions.get(cookies.get(self.cookie, ""), "guest")})


class LastTraderForAll(Desk):
    """Remembers one trader only."""

    description = "tells everybody who has logged in the name of the trader who did so last"

    def identifies(self, cookies: dict[str, str]) -> Answer:
        """Tell one name to all."""
        known = self.cookie in cookies and cookies[self.cookie] in self.sessions
        return super().identifies({self.cookie: next(reversed(self.sessions))} if known else {})


class OldPathServed(Desk):
    """Has two paths for one thing."""

    description = "answers GET /old/AAPL with 200 and the quote itself instead of a redirect"

    def redirects(self, symbol: str) -> Answer:
        """Quote in place."""
        return self.quotes(symbol, "189.50")


class RedirectElsewhere(Desk):
    """Leads astray."""

    description = "redirects GET /old/AAPL to /quotes/MSFT"

    def redirects(self, symbol: str) -> Answer:
        """Lead to another symbol."""
        return super().redirects("MSFT" if symbol == "AAPL" else "AAPL")


class EmptyCrash(Desk):
    """Crashes without a word."""

    description = "answers a crash with 500 and no body"

    def has_crashed(self) -> Answer:
        """Say nothing."""
        return self.made(500, headers={})


class CrashPassedOffAsSuccess(Desk):
    """Crashes, and does not admit it."""

    description = "answers a crash with 200 instead of 500"

    def has_crashed(self) -> Answer:
        """Say it with the wrong status."""
        return self.json(INTERNAL_ERROR)


class LastTickMissing(Desk):
    """Stops early."""

    description = "streams four ticks, without the last one"

    def ticks(self) -> Answer:
        """Leave out the last tick."""
        return self.streamed(range(1, TICKS))


class TicksBackwards(Desk):
    """Counts down."""

    description = "streams the ticks in reverse order"

    def ticks(self) -> Answer:
        """Begin with the last tick."""
        return self.streamed(range(TICKS, 0, -1))


class OrderNotKept(Desk):
    """Confirms what it forgets."""

    description = "confirms an order and does not keep it"

    def takes_an_order(self, order: object) -> Answer:
        """Confirm, and forget."""
        return self.json(order, 201)


class OrdersOfOthers(Desk):
    """Is not new."""

    description = "lists an order of another desk before its own"

    def lists_its_orders(self) -> Answer:
        """List one order too many."""
        return self.json([{"symbol": "MSFT", "quantity": 3}, *self.orders])


# Checks of the learner


class Desks:
    """The desks of one stage: which kind is made next, and what became of each."""

    def __init__(self, stage: Stage, draw: Draw) -> None:
        self._stage, self._draw = stage, draw
        self._kind = Desk
        self._made: list[Desk] = []
        self._opened = stage.collaborator("make_app", "sync", does=self._open)
        self._ask = stage.collaborator("the desk", does=self._answer)
        self._ask_in_thread = stage.collaborator("the desk in a thread", "sync", does=self._answer)

    def _open(self) -> int:
        self._made.append(self._kind(self._draw))
        return len(self._made) - 1

    def _answer(self, number: int, action: str, *details: Any) -> Any:
        return self._made[number].answer(action, *details)

    async def given(self) -> dict[str, Handle]:
        """Return the learner's checks of the given desk."""
        return await self._checks(await self._stage.props("given_maker"))

    async def of(self, kind: type[Desk]) -> dict[str, Handle]:
        """Return the learner's checks of desks of this kind."""
        self._kind = kind
        return await self._checks(
            await self._stage.props("maker", self._opened, self._ask, self._ask_in_thread),
        )

    async def _checks(self, make_app: Handle) -> dict[str, Handle]:
        checks = await self._stage.begin("tests_for", make_app, in_thread=True)
        expect("what tests_for() returns", type(checks) is dict).is_true("a dict", repr(checks))
        expect("the names of your checks", list(checks)).has_items(KEYS)
        for name, check in checks.items():
            expect(f"your check `{name}`", isinstance(check, Handle)).is_true("a function", repr(check))
        return checks

    async def lifespans(self, name: str, check: Handle) -> list[list[str]]:
        """Run a check; of every desk that it makes, return what happened."""
        first = len(self._made)
        await self.problem(name, check)
        return [desk.lifespan for desk in self._made[first:]]

    async def problem(self, name: str, check: Handle) -> str:
        """Run a check; return what it raises, in words, or nothing."""
        try:
            is_left = await self._stage.begin("run", check, on="props", in_thread=True)
        except SubmissionError as error:
            return worded(error)
        expect(f"what your check `{name}` returns", is_left is False).is_true(
            "None, after everything has been done", "a coroutine, which nobody awaits"
        )
        return ""


def worded(error: SubmissionError) -> str:
    """Say what was raised, and where in the learner's file."""
    what = f"{error.kind}: {error.message}" if error.message else error.kind
    places = [frame for frame in error.frames if frame.file == "main.py"]
    return f"{what} ({places[-1]})" if places else what


async def expect_that_it_notices(stage: Stage, draw: Draw, name: str, *broken: type[Desk]) -> None:
    """The check passes on desks that are in order and fails on broken ones, in whatever order it meets them."""
    desks = Desks(stage, draw)
    problems: dict[type[Desk], list[str]] = {}
    for kind in draw.shuffled([Desk, Desk, *broken]):
        problems.setdefault(kind, []).append(await desks.problem(name, (await desks.of(kind))[name]))
    for kind in (Desk, *broken):
        for problem in problems[kind]:
            expect_outcome(name, kind, problem)


def expect_outcome(name: str, kind: type[Desk], problem: str) -> None:
    """A check has passed where the desk is in order, and has raised where it is not."""
    about = f"your check `{name}` on a desk that {kind.description}"
    if kind is Desk:
        expect(about, not problem).is_true("it passes", f"it raises {problem}")
    else:
        expect(about, bool(problem)).is_true("it raises", "it passes")


@pytest.mark.points(30)
@pytest.mark.public
async def test_your_checks_pass_on_every_desk_that_is_in_order(stage: Stage, draw: Draw) -> None:
    """All six checks pass, twice, on the given desk and on others that are in order, and fail on one that is closed"""
    desks = Desks(stage, draw)
    for where, checks in (
        ("the given desk", await desks.given()),
        ("another desk that is in order", await desks.of(Desk)),
    ):
        for time in ("", " for the second time"):
            for name in draw.shuffled(KEYS):
                problem = await desks.problem(name, checks[name])
                about = f"your check `{name}` on {where}, when it is run{time}"
                expect(about, not problem).is_true("it passes", f"it raises {problem}")
    closed = await desks.of(Closed)
    for name in KEYS:
        expect_outcome(name, Closed, await desks.problem(name, closed[name]))


@pytest.mark.points(10)
async def test_feed_notices_what_is_broken(stage: Stage, draw: Draw) -> None:
    """`feed` notices a desk that leaves its feed open, and one that tells a wrong price"""
    await expect_that_it_notices(stage, draw, "feed", FeedLeftOpen, CentsCutOff)


@pytest.mark.points(10)
async def test_session_notices_what_is_broken(stage: Stage, draw: Draw) -> None:
    """`session` notices a desk that lets strangers in, and one that mistakes one trader for another"""
    await expect_that_it_notices(stage, draw, "session", StrangersLetIn, LastTraderForAll)


@pytest.mark.points(10)
async def test_redirect_notices_what_is_broken(stage: Stage, draw: Draw) -> None:
    """`redirect` notices a desk that does not redirect, and one that redirects to the wrong place"""
    await expect_that_it_notices(stage, draw, "redirect", OldPathServed, RedirectElsewhere)


@pytest.mark.points(10)
async def test_crash_notices_what_is_broken(stage: Stage, draw: Draw) -> None:
    """`crash` notices a desk that says nothing when it crashes, and one that passes it off as a success"""
    await expect_that_it_notices(stage, draw, "crash", EmptyCrash, CrashPassedOffAsSuccess)


@pytest.mark.points(10)
async def test_ticks_notices_what_is_broken(stage: Stage, draw: Draw) -> None:
    """`ticks` notices a desk that leaves out the last tick, and one that streams them in the wrong order"""
    await expect_that_it_notices(stage, draw, "ticks", LastTickMissing, TicksBackwards)


@pytest.mark.points(10)
async def test_orders_notices_what_is_broken(stage: Stage, draw: Draw) -> None:
    """`orders` notices a desk that loses an order, and one that lists an order of somebody else"""
    await expect_that_it_notices(stage, draw, "orders", OrderNotKept, OrdersOfOthers)


@pytest.mark.points(10)
async def test_every_desk_is_started_and_shut_down_once(stage: Stage, draw: Draw) -> None:
    """Every check makes a desk of its own, and starts and shuts down each once, whether it passes or fails"""
    desks = Desks(stage, draw)
    for kind in (Desk, Closed):
        checks = await desks.of(kind)
        for name in draw.shuffled(KEYS):
            lifespans = await desks.lifespans(name, checks[name])
            expect(f"the desks that your check `{name}` makes when it is run", bool(lifespans)).is_true(
                "at least one", "none"
            )
            for lifespan in lifespans:
                expect(f"a desk that your check `{name}` has made, and that {kind.description}", lifespan).equals(
                    ["started", "shut down"]
                )
