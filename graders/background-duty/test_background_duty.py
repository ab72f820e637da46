"""Duties in the background: which steps run, with what, and what outlives a failure or a crash, seen from outside."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import pytest

from proctor.checks import Application, Call, Collaborator, Draw, Exchange, Handle, Stage, StageFactory, expect, same

STEPS: Final = ("receipt", "ledger", "risk", "margin", "hedge", "archive")

Write = tuple[str, list[Any]]
"""What a session wrote: the operation, and what it was given."""


class Database:
    """What is durable. It lives with the grader, so it outlives the stage."""

    def __init__(self) -> None:
        self.orders: list[Any] = []
        self.outbox: list[Any] = []
        self.commits: list[list[Write]] = []
        self.open: dict[int, list[Write]] = {}
        self.order_sessions: list[int] = []
        self._numbers = count(1)

    def open_session(self) -> int:
        """Open a session; return its number."""
        number = next(self._numbers)
        self.open[number] = []
        return number

    def close(self, number: int) -> None:
        """Close a session. What it has not committed is lost."""
        self.open.pop(number, None)

    def _written(self, number: int) -> list[Write]:
        if number not in self.open:
            raise RuntimeError("this session is closed")
        return self.open[number]

    def writer(self, operation: str) -> Callable[..., None]:
        """Return an operation that writes."""

        def write(number: int, *values: Any) -> None:
            self._written(number).append((operation, list(values)))
            if operation == "add_order":
                self.order_sessions.append(number)

        return write

    def commit(self, number: int) -> None:
        """Make durable what a session has written."""
        written = self._written(number)
        self.orders, self.outbox = self._with(written)
        if written:
            self.commits.append(list(written))
            written.clear()

    def read_outbox(self, number: int) -> list[Any]:
        """Return the entries as a session sees them."""
        return [tuple(entry) for entry in self._with(self._written(number))[1]]

    def _with(self, written: list[Write]) -> tuple[list[Any], list[Any]]:
        orders, outbox = list(self.orders), list(self.outbox)
        for operation, values in written:
            match operation:
                case "add_order":
                    orders += values
                case "add_to_outbox":
                    outbox.append(values)
                case _:
                    outbox = [entry for entry in outbox if not same(entry, values)]
        return orders, outbox

    def operations(self, stage: Stage) -> dict[str, Collaborator]:
        """Return what a stage does with it."""
        return {
            "open": stage.collaborator("db.session", does=self.open_session),
            "close": stage.collaborator("session.close", does=self.close),
            "outbox": stage.collaborator("session.outbox", does=self.read_outbox),
            "commit": stage.collaborator("session.commit", does=self.commit),
            **{
                name: stage.collaborator(f"session.{name}", does=self.writer(name))
                for name in ("add_order", "add_to_outbox", "remove_from_outbox")
            },
        }


@dataclass
class Desk:
    """The learner's application, started, with its steps and failures."""

    stage: Stage
    steps: dict[str, Collaborator]
    failures: Collaborator
    app: Application
    sent: list[Exchange] = field(default_factory=list[Exchange])

    def order(self, order_id: str, *, gated: bool = False) -> Exchange:
        """Send an order and do not wait."""
        self.sent.append(self.app.request("POST", f"/orders/{order_id}", gated=gated))
        return self.sent[-1]

    @property
    def begun(self) -> list[Call]:
        """The steps that have been called, in order."""
        return sorted((call for step in self.steps.values() for call in step.calls), key=lambda call: call.id)

    @property
    def names(self) -> list[str]:
        """The names of the steps that have been called, in order."""
        return [call.name for call in self.begun]

    async def until_held(self, answer: Exchange) -> None:
        """Wait until the answer, which is held back, begins, or a step does. What was raised is the better message."""
        known = len(self.begun)
        await self.stage.until(
            lambda: bool(answer.messages) or answer.ended or len(self.begun) > known,
            f"the answer to {answer.title} begins",
        )
        await self.stage.settled()
        if answer.error is not None:
            raise answer.error

    async def until_begun(self, number: int, when: str) -> Call:
        """Wait until so many steps have begun, and everything else has come to rest; return the last of them."""
        what = f"step number {number} begins, {when}"
        await self.stage.until(lambda: len(self.begun) >= number or any(order.error for order in self.sent), what)
        for order in self.sent:
            if order.error is not None and order.status != 202:
                raise order.error  # the better message, where the order was not even taken
        await self.stage.until(lambda: len(self.begun) >= number, what)
        await self.stage.settled()
        return self.begun[number - 1]


async def open_desk(stage: Stage, database: Database, names: list[str], *, parked: bool = False) -> Desk:
    """Return the learner's desk, started on a database."""
    steps = {name: stage.collaborator(name, parked=parked) for name in names}
    failures = stage.list("failures")
    db = await stage.props("database", database.operations(stage))
    app = await stage.app("create_app", list(steps.items()), failures, db)
    life = await app.started()
    if "lifespan.startup.failed" in life.types:
        await life.finished()
    if life.error is not None:
        raise life.error
    return Desk(stage, steps, failures, app)


def draw_steps(draw: Draw) -> list[str]:
    """Return the names of three steps."""
    return draw.sample(STEPS, 3)


def entries(order_id: str, names: list[str]) -> list[list[str]]:
    """Return the outbox entries of an order."""
    return [[order_id, name] for name in names]


async def session_of(step: Call) -> int:
    """Return the number of the session that a step was given."""
    given = step.args[1] if len(step.args) > 1 else None
    seen = given.kind if isinstance(given, Handle) else repr(given)
    expect(f"the second argument of {step.name}", seen).equals("Session")
    return await given.attribute("number") if isinstance(given, Handle) else 0


@pytest.mark.points(15)
@pytest.mark.public
async def test_a_failing_step_stops_no_other(stage: Stage, draw: Draw) -> None:
    """When a step fails, the steps after it run all the same, each of them once"""
    names, order_id = draw_steps(draw), draw.identifier()
    desk = await open_desk(stage, Database(), names, parked=True)
    desk.order(order_id)
    for number, error in enumerate((ConnectionError(draw.word()), ValueError(draw.word()), None), 1):
        step = await desk.until_begun(number, "after the order" if number == 1 else "when those before it have failed")
        if error is None:
            step.answer()
        else:
            step.fail(error)
    await stage.settled()
    expect("the steps that ran", desk.names).equals(names)


@pytest.mark.points(15)
async def test_a_failure_is_recorded_and_over(stage: Stage, draw: Draw) -> None:
    """A step that fails is recorded, its entry leaves the outbox, and its exception does not reach the server"""
    names, database = draw_steps(draw), Database()
    desk = await open_desk(stage, database, names)
    last = desk.steps[names[-1]]
    recorded: list[object] = []
    for error in (ConnectionError(draw.word()), ValueError(draw.word())):
        order_id, known = draw.identifier(), len(last.calls)
        last.parked = True
        answer = desk.order(order_id)
        await stage.until(lambda known=known: len(last.calls) > known, f"{last.name} begins")
        last.calls[-1].fail(error)
        last.open()
        recorded.append((order_id, last.name, type(error).__name__))
        await answer.finished()
        await stage.settled()
        expect("what failures holds", desk.failures.arguments).equals(recorded)
        escaped = None if answer.error is None else f"{answer.error.kind}: {answer.error.message}"
        expect("the exception that reached the server", escaped).equals(None)
        expect("the outbox when all steps have come to their ends", database.outbox).equals([])


@pytest.mark.points(10)
@pytest.mark.public
async def test_steps_run_one_after_another(stage: Stage, draw: Draw) -> None:
    """The answer waits for no step, and a step begins when the one before it has come to its end"""
    names, order_id = draw_steps(draw), draw.identifier()
    desk = await open_desk(stage, Database(), names, parked=True)
    answer = await desk.order(order_id).response_complete()
    expect(f"the status of {answer.title}", answer.status).equals(202)
    expect(f"the body of the answer to {answer.title}", answer.json).equals({"id": order_id})
    for number in range(1, len(names) + 1):
        step = await desk.until_begun(number, "once those before it have come to their ends")
        expect(f"the steps that had begun before {step.name} came to its end", desk.names).equals(names[:number])
        step.answer()
    await stage.settled()
    expect("the steps that ran", desk.names).equals(names)


@pytest.mark.points(15)
async def test_the_session_of_the_request_is_closed(stage: Stage, draw: Draw) -> None:
    """The session in which a request has written its order is closed before the first step begins"""
    database = Database()
    desk = await open_desk(stage, database, draw_steps(draw), parked=True)
    desk.order(draw.identifier())
    step = await desk.until_begun(1, "after the order")
    expect("how many sessions have written the order", len(database.order_sessions)).equals(1)
    expect("the session of the request", database.order_sessions[0] not in database.open).is_true(
        f"closed before {step.name} begins", f"still open while {step.name} runs"
    )


@pytest.mark.points(15)
async def test_every_step_has_a_session_of_its_own(stage: Stage, draw: Draw) -> None:
    """Every step is given the order's id and a session that is its own and open"""
    names, order_id, database = draw_steps(draw), draw.identifier(), Database()
    desk = await open_desk(stage, database, names, parked=True)
    desk.order(order_id)
    used: dict[int, str] = {}
    for number in range(1, len(names) + 1):
        step = await desk.until_begun(number, "once those before it have come to their ends")
        used.update(dict.fromkeys(database.order_sessions, "the request"))
        expect(f"the first argument of {step.name}", step.args[:1]).equals([order_id])
        session = await session_of(step)
        expect(f"whose session {step.name} was given", used.get(session, "its own")).equals("its own")
        expect(f"the session that {step.name} was given", session in database.open).is_true("open", "closed")
        still_open = [whose for number, whose in used.items() if number in database.open and whose != "the request"]
        expect(f"the earlier steps whose sessions are still open while {step.name} runs", still_open).equals([])
        used[session] = step.name
        step.answer()
    await stage.settled()
    expect("how many sessions are open when all steps have come to their ends", len(database.open)).equals(0)


@pytest.mark.points(10)
async def test_order_and_outbox_are_one_commit(stage: Stage, draw: Draw) -> None:
    """Before the answer begins, the order and the entries of its steps are durable, by one commit"""
    names, order_id, database = draw_steps(draw), draw.identifier(), Database()
    desk = await open_desk(stage, database, names, parked=True)
    answer = desk.order(order_id, gated=True)
    await desk.until_held(answer)
    expect("the orders in the database when the answer begins", database.orders).equals([order_id])
    expect("the outbox when the answer begins", database.outbox).has_items(entries(order_id, names))
    expect("how many commits wrote the order and its entries", len(database.commits)).equals(1)


@pytest.mark.points(10)
async def test_left_over_steps_run_at_start_up(stages: StageFactory, draw: Draw) -> None:
    """After a crash, the desk runs the steps that were left over when it starts again, once"""
    names, database, order_ids = draw_steps(draw), Database(), [draw.identifier(), draw.identifier()]
    crashed = await open_desk(await stages(), database, names, parked=True)
    for order_id in order_ids:
        answer = crashed.order(order_id, gated=True)
        await crashed.until_held(answer)
    left = [(order_id, name) for order_id in order_ids for name in names]
    desk = await open_desk(await stages(), database, names)
    await desk.until_begun(len(left), f"after a crash that left {len(left)} steps over")
    ran = [(call.args[0] if call.args else None, call.name) for call in desk.begun]
    expect("the steps that ran after the crash, and for which orders", ran).equals(left)
    expect("the outbox when they have come to their ends", database.outbox).equals([])


@pytest.mark.points(10)
async def test_steps_that_ended_are_not_repeated(stages: StageFactory, draw: Draw) -> None:
    """After a crash in the middle of an order, its steps that had come to their ends are not run again"""
    names, database, order_id = draw_steps(draw), Database(), draw.identifier()
    crashed = await open_desk(await stages(), database, names, parked=True)
    crashed.order(order_id)
    first = await crashed.until_begun(1, "after the order")
    first.answer()
    await crashed.until_begun(2, f"once {first.name} has come to its end")
    desk = await open_desk(await stages(), database, names)
    await desk.until_begun(2, f"after a crash while {names[1]} was running")
    expect(f"the steps that ran after a crash while {names[1]} was running", desk.names).equals(names[1:])
