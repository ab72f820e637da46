"""Whose request is this? What `current_trader()` returns in coroutines, threads, jobs and tasks, seen from outside."""

from dataclasses import dataclass, field
from typing import Final

import pytest

from proctor.checks import Application, Call, Collaborator, Draw, Exchange, Handle, Stage, expect

QUOTES, HISTORY, RISK, ORDERS = "/quotes", "/history", "/risk", "/orders"

OPERATIONS: Final = {"quote": "async", "history": "sync", "risk": "sync", "record": "sync", "notify": "async"}
"""The functions of the backend, and of which kind each is."""

CALLED_BY: Final = {QUOTES: ["quote"], HISTORY: ["history"], RISK: ["risk"], ORDERS: ["record", "notify"]}
"""The functions of the backend that each route calls, in order."""

EVERY_MESSAGE: Final = 99


@dataclass(frozen=True)
class Asked:
    """A request, whose symbol tells it from all others, and the trader whom it names."""

    route: str
    symbol: str
    trader: str | None
    answer: Exchange


@dataclass
class Desk:
    """The learner's application with its backend and its executor."""

    stage: Stage
    draw: Draw
    app: Application
    current_trader: Handle
    executor: Handle
    operations: dict[str, Collaborator]
    told: Collaborator
    found: str
    asked: list[Asked] = field(default_factory=list[Asked])

    def ask(self, route: str, trader: str | None, *, gated: bool = False) -> Asked:
        """Send a request and do not wait."""
        symbol = f"{self.draw.symbol()}{len(self.asked)}"
        method, headers = "POST" if route == ORDERS else "GET", [] if trader is None else [("X-Trader", trader)]
        answer = self.app.request(method, f"{route}/{symbol}", headers, gated=gated)
        self.asked.append(Asked(route, symbol, trader, answer))
        return self.asked[-1]

    @property
    def called(self) -> list[Call]:
        """The calls of all functions of the backend."""
        return [call for function in self.operations.values() for call in function.calls]

    async def hold(self, operation: str, route: str, trader: str) -> Asked:
        """Send a request, and wait until this function of the backend, which is parked, has been called for it."""
        asked, function = self.ask(route, trader), self.operations[operation]

        def is_inside() -> bool:
            return any(call.args == [asked.symbol] for call in function.waiting)

        what = f"{function.name} is called for {asked.answer.title}"
        await self.stage.until(lambda: is_inside() or asked.answer.ended, what)
        if asked.answer.error is not None:
            raise asked.answer.error
        await self.stage.until(is_inside, what)
        return asked

    async def expect_answered(self, *requests: Asked) -> None:
        """The answers are what the backend has found; what the application raised is the better message."""
        for asked in requests:
            await asked.answer.answered()
            if asked.answer.error is not None:
                raise asked.answer.error
            title, operation = asked.answer.title, CALLED_BY[asked.route][0]
            body = {"symbol": asked.symbol} if asked.route == ORDERS else {operation: self.found}
            expect(f"the status of {title}", asked.answer.status).equals(202 if asked.route == ORDERS else 200)
            expect(f"the body of the answer to {title}", asked.answer.json).equals(body)

    def expect_trader(self, asked: Asked) -> list[Call]:
        """The functions of the backend were called in order, and told the trader; return where they were."""
        calls = [call for call in self.told.calls if call.args[1] == asked.symbol]
        called = [call.args[0] for call in calls]
        expect(f"what {asked.answer.title} called of the backend", called).equals(CALLED_BY[asked.route])
        for call in calls:
            self._expect_told(asked, call.args[0], call.args[2])
        return calls

    def _expect_told(self, asked: Asked, operation: str, told: object) -> None:
        about = f"what current_trader() returned for {asked.answer.title}"
        others = [other.trader for other in self.asked if other.trader not in {None, asked.trader}]
        if told is None or told in others:
            named = f"{asked.trader!r}, whom its X-Trader names" if asked.trader else "None, for it has no X-Trader"
            whose = "" if told is None else ", who has sent another request"
            expect(about, told == asked.trader).is_true(named, f"{told!r} in backend.{operation}{whose}")
        else:
            expect(f"{about} in backend.{operation}", told).equals(asked.trader)


async def open_desk(stage: Stage, draw: Draw, *parked: str) -> Desk:
    """Return the learner's desk. Its backend answers at once, except these functions, which wait for the check."""
    found = str(draw.price())
    operations = {
        name: stage.collaborator(f"backend.{name}", kind, parked=name in parked, returns=found)
        for name, kind in OPERATIONS.items()
    }
    told = stage.collaborator("told", "notify")
    current_trader = await stage.attribute("current_trader", keep=True)
    executor = await stage.props("executor")
    app = await stage.app("create_app", await stage.props("backend", current_trader, operations, told), executor)
    return Desk(stage, draw, app, current_trader, executor, operations, told, found)


def two_traders(draw: Draw) -> tuple[str, str]:
    """Return the names of two traders."""
    return f"alice-{draw.word(4)}", f"bob-{draw.word(4)}"


@pytest.mark.points(30)
@pytest.mark.public
async def test_async_endpoints_know_their_traders(stage: Stage, draw: Draw) -> None:
    """Two requests meet in an async def endpoint, and each of them keeps its own trader"""
    desk = await open_desk(stage, draw, "quote")
    requests = [await desk.hold("quote", QUOTES, trader) for trader in two_traders(draw)]
    desk.operations["quote"].open()
    await desk.expect_answered(*requests)
    for asked in requests:
        desk.expect_trader(asked)


@pytest.mark.points(20)
async def test_def_endpoints_know_their_traders(stage: Stage, draw: Draw) -> None:
    """Two requests meet in a def endpoint, in two threads or taking turns in one, and each keeps its own trader"""
    desk = await open_desk(stage, draw, "history")
    requests = [await desk.hold("history", HISTORY, trader) for trader in two_traders(draw)]
    desk.operations["history"].open()
    await desk.expect_answered(*requests)
    for asked in requests:
        desk.expect_trader(asked)

    await stage.props("leave_one_thread")
    bell = stage.collaborator("bell", "sync", parked=True)
    held = stage.begin("wait_for", bell, on="props")
    await stage.until(lambda: bool(bell.waiting), "the event loop is held until both requests have arrived")
    requests = [desk.ask(HISTORY, trader) for trader in two_traders(draw)]
    bell.open()
    await held
    await desk.expect_answered(*requests)
    for asked in requests:
        desk.expect_trader(asked)


@pytest.mark.points(20)
async def test_jobs_know_their_traders(stage: Stage, draw: Draw) -> None:
    """A job runs in the executor, holds up nobody else, and knows the trader whose request has submitted it"""
    desk, (alice, bob) = await open_desk(stage, draw, "risk"), two_traders(draw)
    thread = await stage.props("thread_of", desk.executor)
    first = await desk.hold("risk", RISK, alice)
    await desk.expect_answered(desk.ask(QUOTES, bob))
    second = desk.ask(RISK, bob)
    await stage.settled()  # its job waits for the thread of the executor
    desk.operations["risk"].open()
    await desk.expect_answered(first, second)
    for asked in (first, second):
        for call in desk.expect_trader(asked):
            expect(f"where backend.risk ran for {asked.answer.title}", call.thread == thread).is_true(
                "in the thread of the executor", "in another thread"
            )


@pytest.mark.points(10)
async def test_background_tasks_know_their_traders(stage: Stage, draw: Draw) -> None:
    """Background tasks, def and async def, know the trader whose request has added them"""
    desk = await open_desk(stage, draw)
    await stage.props("leave_one_thread")
    requests = [desk.ask(ORDERS, trader, gated=True) for trader in two_traders(draw)]
    await stage.settled()
    expect("the calls of the backend before anything of the answers has left", desk.called).is_empty("no call")
    for asked in requests:
        asked.answer.permit(EVERY_MESSAGE)
    await desk.expect_answered(*requests)
    for asked in requests:
        desk.expect_trader(asked)


@pytest.mark.points(20)
async def test_nobody_is_taken_for_the_one_before(stage: Stage, draw: Draw) -> None:
    """Where a trader was served, the next one is nobody: an anonymous request, or a job without submit_job()"""
    desk, (alice, _) = await open_desk(stage, draw), two_traders(draw)
    await stage.props("leave_one_thread")  # in which whoever comes next is certainly served
    for trader in (alice, None):
        for route in CALLED_BY:
            asked = desk.ask(route, trader)
            await desk.expect_answered(asked)
            if trader is None or route == QUOTES:
                desk.expect_trader(asked)
        foreign = await stage.props("called_in", desk.executor, desk.current_trader)
        expect("what current_trader() returned in a job that was submitted without submit_job()", foreign).equals(None)
