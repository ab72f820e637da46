"""A fan-out over many venues: which of them are asked, when, and what comes back, seen from outside."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any, Final

import pytest

from proctor.checks import Application, Call, Draw, Exchange, Running, Stage, expect

VENUES: Final = ("XNYS", "XNAS", "XLON", "XETR", "XPAR", "XAMS", "XTKS", "XHKG", "XTSE", "XSWX", "XMIL", "XASX")

CLOSED: Final = (ConnectionError("the line is down"), ValueError("no such symbol"))
"""What venues raise."""


class Market:
    """Venues that the submission is handed. Each has a price of its own, and answers nobody before it is released."""

    def __init__(self, stage: Stage, draw: Draw, count: int) -> None:
        self._stage = stage
        self._prices = {name: str(draw.price()) for name in draw.sample(VENUES, count)}
        self.names = list(self._prices)
        self.venues = {
            name: stage.collaborator(name, parked=True, does=partial(self.quote, name)) for name in self.names
        }

    def quote(self, name: str, symbol: str) -> str:
        """Return a venue's quote, which names the symbol that it was asked for."""
        return f"{symbol} {self._prices[name]}"

    def quotes(self, symbol: str, *, without: tuple[str, ...] = ()) -> dict[str, str]:
        """Return what the venues that answer say."""
        return {name: self.quote(name, symbol) for name in self.names if name not in without}

    @property
    def calls(self) -> list[Call]:
        """The calls of all venues, venue by venue."""
        return [call for venue in self.venues.values() for call in venue.calls]

    @property
    def in_flight(self) -> list[Call]:
        """The calls that have not been answered, in the order in which they were made."""
        return sorted((call for call in self.calls if call.state == "waiting"), key=lambda call: call.id)

    def begin(self, symbol: str, limit: int) -> Running:
        """Call `best_quotes` and do not wait."""
        return self._stage.begin("best_quotes", self.venues, symbol, limit=limit)

    async def until_asked(self, running: Running, count: int, when: str) -> None:
        """Wait until so many calls have been made; what `best_quotes` raised instead is the better message."""
        what = f"{count} of the {len(self.names)} venues have been asked, {when}"
        await self._stage.until(lambda: len(self.calls) >= count or running.done, what)
        if len(self.calls) < count:
            await running
            expect("how many venues had been asked when best_quotes() returned", len(self.calls)).equals(count)

    async def until_next(self, running: Running, when: str = "") -> None:
        """Wait until a call is in flight, or `best_quotes` is over."""
        what = f"best_quotes() asks the next venue, or returns{when}"
        await self._stage.until(lambda: running.done or bool(self.in_flight), what)

    def calls_besides(self, symbol: str) -> list[Call]:
        """All calls except those for one symbol."""
        return [call for call in self.calls if call.args != [symbol]]

    def in_flight_for(self, symbol: str) -> list[Call]:
        """The calls for one symbol that have not been answered."""
        return [call for call in self.in_flight if call.args == [symbol]]

    async def until_next_of(self, request: Exchange, symbol: str, *, while_waiting: Exchange) -> None:
        """Wait until a request has a call in flight and everything has come to rest, or until it is over."""
        await self._stage.until(
            lambda: request.ended or bool(self.in_flight_for(symbol)),
            f"{request.title} asks the next venue, or is answered, while {while_waiting.title} waits for its venues",
        )
        await self._stage.settled()

    async def answer_all(self, request: Exchange, symbol: str, *, while_waiting: Exchange) -> None:
        """Answer whatever a request asks, until it is over."""
        while not request.ended:
            await self.until_next_of(request, symbol, while_waiting=while_waiting)
            for call in self.in_flight_for(symbol):
                self.answer(call, symbol)

    def answer(self, call: Call, symbol: str) -> None:
        """Let one call return the venue's quote."""
        call.answer(self.quote(call.name, symbol))

    def open(self) -> None:
        """Let every venue answer, now and from now on."""
        for venue in self.venues.values():
            venue.open()


async def at_once(stage: Stage, app: Application, symbols: list[str]) -> list[Exchange]:
    """Send requests that arrive together and take turns on the event loop; do not wait for their answers."""
    bell = stage.collaborator("bell", "sync", parked=True)
    held = stage.begin("wait_for", bell, on="props")
    await stage.until(lambda: bool(bell.waiting), "the event loop is held until all requests have arrived")
    requests = [app.request("GET", f"/best/{symbol}") for symbol in symbols]
    bell.open()
    await held
    return requests


def expect_result(seen: Any, quotes: dict[str, str]) -> None:
    """All venues answered, and this is what they said."""
    expect("what best_quotes() returned", seen).equals({"quotes": quotes, "failed": []})


def expect_answer(answer: Exchange, quotes: dict[str, str]) -> None:
    """The answer has the quotes; what the application raised instead is the better message."""
    if answer.error is not None:
        raise answer.error
    expect(f"the status of {answer.title}", answer.status).equals(200)
    expect(f"the body of the answer to {answer.title}", answer.json).equals({"quotes": quotes, "failed": []})


@pytest.mark.points(15)
@pytest.mark.public
async def test_all_venues_are_asked_at_once(stage: Stage, draw: Draw) -> None:
    """Where the limit allows, all venues are asked before the first of them has answered"""
    market, symbol = Market(stage, draw, draw.number(4, 6)), draw.symbol()
    running = market.begin(symbol, len(market.names))
    await market.until_asked(running, len(market.names), "while none of them has answered yet")
    market.open()
    expect_result(await running, market.quotes(symbol))
    for name, venue in market.venues.items():
        expect(f"the calls of {name}", [call.args for call in venue.calls]).equals([[symbol]])


@pytest.mark.points(10)
async def test_the_endpoint_answers_with_the_quotes(stage: Stage, draw: Draw) -> None:
    """Requests under way at the same time each get the quotes for their own symbol"""
    market = Market(stage, draw, 4)
    app = await stage.app("create_app", market.venues, 2)
    early_symbol, slow_symbol, late_symbol = (f"{letter}{draw.symbol()}" for letter in "ESL")
    early, slow = await at_once(stage, app, [early_symbol, slow_symbol])
    await market.until_next_of(slow, slow_symbol, while_waiting=early)
    for call in market.in_flight_for(slow_symbol):  # its first venues answer, and the others take their time
        market.answer(call, slow_symbol)
    await stage.settled()
    await market.answer_all(early, early_symbol, while_waiting=slow)
    late = app.request("GET", f"/best/{late_symbol}")
    await market.answer_all(late, late_symbol, while_waiting=slow)
    market.open()
    for answer, symbol in ((early, early_symbol), (late, late_symbol), (slow, slow_symbol)):
        await answer.finished()
        expect_answer(answer, market.quotes(symbol))


@pytest.mark.points(20)
async def test_no_more_than_the_limit_are_in_flight(stage: Stage, draw: Draw) -> None:
    """As many calls as the limit says are in flight, and never one more"""
    limit, symbol = draw.number(2, 4), draw.symbol()
    market, most = Market(stage, draw, 2 * limit + 1), 0
    running = market.begin(symbol, limit)
    while not running.done:
        await stage.settled()
        most = max(most, len(market.in_flight))
        await market.until_next(running)
        for call in market.in_flight:
            market.answer(call, symbol)
    expect_result(await running, market.quotes(symbol))
    expect(f"the most calls that were in flight at the same time, with limit={limit}", most).equals(limit)


@pytest.mark.points(15)
async def test_a_free_place_is_used_at_once(stage: Stage, draw: Draw) -> None:
    """While one venue takes its time, every call that ends makes place for the next venue"""
    limit, symbol = draw.number(2, 4), draw.symbol()
    market = Market(stage, draw, limit + 3)
    running = market.begin(symbol, limit)
    await market.until_asked(running, limit, f"with limit={limit}")
    slow, *_ = market.in_flight
    for answered in range(1, len(market.names)):
        quick = next(call for call in market.in_flight if call is not slow)
        market.answer(quick, symbol)
        asked = min(limit + answered, len(market.names))
        await market.until_asked(
            running, asked, f"while {slow.name} takes its time, with {answered} of the others answered"
        )
    market.open()
    expect_result(await running, market.quotes(symbol))


@pytest.mark.points(15)
async def test_failures_are_listed_and_not_fatal(stage: Stage, draw: Draw) -> None:
    """Venues that fail are listed, and the quotes of all others are returned"""
    market, symbol = Market(stage, draw, 6), draw.symbol()
    places = sorted(draw.sample(range(4), len(CLOSED)))
    failing = {market.names[place]: error for place, error in zip(places, CLOSED, strict=True)}
    running = market.begin(symbol, len(CLOSED))
    while not running.done:
        await market.until_next(running, f", with limit={len(CLOSED)} and {len(CLOSED)} venues failing")
        await stage.settled()
        for call in market.in_flight[:1]:  # one after another: a failure that ends the fan-out does so before the next
            if call.name in failing:
                call.fail(failing[call.name])
            else:
                market.answer(call, symbol)
    result = await running
    without = tuple(failing)
    expect("what best_quotes() returned", result).contains("quotes")
    expect("what best_quotes() returned", result).contains("failed")
    expect(f"the quotes when {' and '.join(without)} fail", result["quotes"]).equals(
        market.quotes(symbol, without=without)
    )
    expect("the venues listed as failed", result["failed"]).has_items(without)


@pytest.mark.points(10)
async def test_quotes_stand_in_the_order_of_the_venues(stage: Stage, draw: Draw) -> None:
    """The quotes stand in the order of the venues, in whatever order they answer"""
    market, symbol = Market(stage, draw, 4), draw.symbol()
    running = market.begin(symbol, len(market.names))
    while not running.done:
        await market.until_next(running)
        await stage.settled()
        for call in market.in_flight[-1:]:  # whoever was asked last answers first
            market.answer(call, symbol)
    result = await running
    expect_result(result, market.quotes(symbol))
    expect("the order of the quotes", list(result["quotes"])).equals(market.names)


@pytest.mark.points(15)
async def test_cancelling_leaves_nothing_running(stage: Stage, draw: Draw) -> None:
    """When best_quotes() is cancelled, its calls in flight are cancelled and no other venue is asked"""
    market, symbol, other_symbol = Market(stage, draw, 5), f"A{draw.symbol()}", f"B{draw.symbol()}"
    running = market.begin(symbol, 3)
    await market.until_asked(running, 1, "before best_quotes() returns")
    await stage.settled()
    in_flight, asked = market.in_flight, len(market.calls)
    market.begin(other_symbol, 3)  # nobody cancels this one
    await stage.settled()
    in_flight_of_the_other = market.in_flight_for(other_symbol)
    running.cancel()
    await stage.until(lambda: running.done, "best_quotes() ends once it is cancelled, while another call of it goes on")
    await stage.settled()
    left = [call.name for call in in_flight if call.state != "cancelled"]
    expect("the venue calls still in flight after best_quotes() was cancelled", left).equals([])
    asked_since = len(market.calls_besides(other_symbol)) - asked
    expect("how many venues were asked after best_quotes() was cancelled", asked_since).equals(0)
    taken_along = [call.name for call in in_flight_of_the_other if call.state == "cancelled"]
    expect("the cancelled venue calls of another best_quotes(), which nobody cancelled", taken_along).equals([])
    with suppress(asyncio.CancelledError):
        await running
        expect("how best_quotes() ended once it was cancelled", False).is_true(
            "with CancelledError", "it returned a value"
        )
