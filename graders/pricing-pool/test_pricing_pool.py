"""The pricing pool: how many calls of an engine are under way, who waits for them, and what outlives them."""

from dataclasses import dataclass, field

import pytest

from proctor.checks import Application, Call, Collaborator, Draw, Exchange, Handle, Stage, expect

WORKERS = 2
"""How many there are where nobody says another number."""

FRAMEWORK_THREADS = 40

SHUTDOWN_COMPLETE = "lifespan.shutdown.complete"


@dataclass
class Desk:
    """The learner's application with its engine. It has started."""

    stage: Stage
    engine: Handle
    risk: Collaborator
    app: Application
    life: Exchange = field(init=False)

    def ask(self, position: str) -> Exchange:
        """Ask for the risk of a position and do not wait."""
        return self.app.request("GET", f"/risk/{position}")

    async def until_called(self, count: int, *answers: Exchange, when: str = "") -> None:
        """Wait until so many calls are under way. What the application raised instead is the better message."""
        what = "engine.risk is called"
        if count > 1:
            what = f"{count} calls of engine.risk are under way at the same time{when}"
        await self.stage.until(lambda: len(self.risk.waiting) >= count or any(each.ended for each in answers), what)
        for answer in answers:
            if answer.error is not None:
                raise answer.error
        await self.stage.until(lambda: len(self.risk.waiting) >= count, what)
        await self.stage.settled()

    def call_of(self, position: str) -> Call:
        """Return the call that was made for a position and is under way."""
        return next(call for call in self.risk.waiting if call.args[:1] == [position])

    async def expect_others_served(self, when: str) -> None:
        """The plain endpoint is answered, and FastAPI has a thread for any other one."""
        ping = self.app.request("GET", "/ping")
        await self.stage.until(lambda: ping.ended, f"GET /ping is answered, {when}")
        await ping.answered()
        expect(f"the status of GET /ping, {when}", ping.status).equals(200)
        expect("the body of the answer to GET /ping", ping.json).equals({"ping": "pong"})
        other = self.stage.begin("another_plain_function", on="props")
        await self.stage.until(lambda: other.done, f"FastAPI has a thread for another plain def, {when}")

    async def start(self) -> None:
        """Begin the lifespan. Raises what the application raised instead of starting."""
        self.life = await self.app.started()
        if "lifespan.startup.failed" in self.life.types:
            await self.life.finished()
        if self.life.error is not None:
            raise self.life.error

    async def shut_down(self, when: str) -> None:
        """Shut the application down, as a server does that has no requests left."""
        life = self.life
        life.feed({"type": "lifespan.shutdown"})
        await self.stage.until(lambda: SHUTDOWN_COMPLETE in life.types or life.ended, f"shutdown completes, {when}")
        await life.finished()
        if life.error is not None:
            raise life.error
        expect("how the lifespan ended", life.types[-1:]).equals([SHUTDOWN_COMPLETE])
        await self.stage.settled()

    async def expect_no_thread_left(self, when: str) -> None:
        """No thread is left in which the engine was called."""
        left = await self.stage.props("threads_left", self.engine)
        expect(f"how many threads of engine.risk are left {when}", left).equals(0)


async def open_desk(stage: Stage, risks: dict[str, str], *workers: int, parked: bool = False) -> Desk:
    """Return the learner's desk, started. Its engine knows these risks, and blocks if it is parked."""
    risk = stage.collaborator("engine.risk", "sync", parked=parked, does=risks.get)
    engine = await stage.props("engine", risk)
    app = await stage.app("create_app", engine, *workers)
    desk = Desk(stage, engine, risk, app)
    await desk.start()
    return desk


async def expect_risk(answer: Exchange, position: str, risk: str) -> None:
    """The answer comes, and has this risk; what the application raised instead is the better message."""
    await answer.answered()
    if answer.error is not None:
        raise answer.error
    expect(f"the status of {answer.title}", answer.status).equals(200)
    expect(f"the body of the answer to {answer.title}", answer.json).equals({"position": position, "risk": risk})


def draw_risks(draw: Draw, count: int) -> dict[str, str]:
    """Return the risks of so many positions."""
    return {f"{draw.identifier()}-{number}": str(draw.price()) for number in range(count)}


@pytest.mark.points(20)
@pytest.mark.public
async def test_as_many_calls_as_workers(stage: Stage, draw: Draw) -> None:
    """As many calls of engine.risk as there are workers are under way at the same time, and never more"""
    workers = draw.number(3, 5)
    risks = draw_risks(draw, workers + 3)
    desk = await open_desk(stage, risks, workers, parked=True)
    answers = {position: desk.ask(position) for position in risks}
    await desk.until_called(workers, *answers.values())
    for remaining in range(len(risks), 0, -1):
        about = f"the calls of engine.risk under way, with workers={workers} and {remaining} requests"
        expect(about, len(desk.risk.waiting)).equals(min(workers, remaining))
        call = draw.one_of(sorted(desk.risk.waiting, key=lambda call: str(call.args[0])))  # threads begin in any order
        position = call.args[0]
        call.answer(risks[position])
        await expect_risk(answers[position], position, risks[position])  # and the others still block
        await stage.settled()
    expect("the positions that engine.risk was called with", desk.risk.arguments).has_items(risks)


@pytest.mark.points(30)
async def test_others_do_not_wait_for_the_engine(stage: Stage, draw: Draw) -> None:
    """While more requests wait for the engine than FastAPI has threads, GET /ping and any other plain def are served"""
    risks = draw_risks(draw, FRAMEWORK_THREADS + 1)
    desk = await open_desk(stage, risks, parked=True)
    answers = [desk.ask(position) for position in risks]
    await desk.until_called(WORKERS, *answers)
    await desk.expect_others_served(f"while {len(risks)} requests wait for the engine")


@pytest.mark.points(10)
async def test_no_thread_is_taken_from_others(stage: Stage, draw: Draw) -> None:
    """With one thread left to FastAPI and one to asyncio.to_thread, all workers are busy, and /ping is answered"""
    risks = draw_risks(draw, WORKERS)
    desk = await open_desk(stage, risks, parked=True)
    await stage.props("leave_one_thread_to_others")
    answers = {position: desk.ask(position) for position in risks}
    when = ", although FastAPI has one thread and asyncio.to_thread another"
    await desk.until_called(WORKERS, *answers.values(), when=when)
    await desk.expect_others_served("while all workers are busy, and FastAPI has one thread")
    desk.risk.open()
    for position, answer in answers.items():
        await expect_risk(answer, position, risks[position])


@pytest.mark.points(15)
async def test_failures_are_502(stage: Stage, draw: Draw) -> None:
    """When engine.risk raises, the answer is 502, and the requests after it are served as ever"""
    risks = draw_risks(draw, 1)
    desk = await open_desk(stage, risks, parked=True)
    for error in draw.shuffled([ValueError, ConnectionError, KeyError, TimeoutError]):
        answer = desk.ask(draw.identifier())
        await desk.until_called(1, answer)
        desk.risk.waiting[0].fail(error(draw.word()))
        await stage.until(lambda answer=answer: answer.complete or answer.ended, f"{answer.title} is answered")
        seen = answer.status if answer.complete else None
        expect(f"the status of the answer when engine.risk has raised {error.__name__}", seen).equals(502)
    desk.risk.open()
    for position, risk in risks.items():
        await expect_risk(desk.ask(position), position, risk)


@pytest.mark.points(10)
async def test_a_cancelled_request_keeps_its_worker(stage: Stage, draw: Draw) -> None:
    """A call whose request was cancelled counts until it returns; a cancelled request that waits is never calculated"""
    risks = draw_risks(draw, 4)
    desk = await open_desk(stage, risks, parked=True)
    under_way, other, waiting, given_up = positions = list(risks)
    answers: dict[str, Exchange] = {}
    for count, position in enumerate(positions, 1):
        answers[position] = desk.ask(position)
        await desk.until_called(min(count, WORKERS), answers[position])
    for position in (under_way, given_up):
        cancelled = answers[position]
        cancelled.abort()
        await cancelled.finished()
        expect("the messages that a cancelled request has sent", cancelled.types).is_empty()
    await stage.settled()
    about = "the positions that engine.risk was called with"
    expect(f"{about}, while the call of a cancelled request goes on", desk.risk.arguments).equals([under_way, other])
    desk.call_of(under_way).answer(risks[under_way])
    await stage.settled()
    expect(f"{about}, when that call has returned", desk.risk.arguments).equals([under_way, other, waiting])
    desk.risk.open()
    for position in (other, waiting):
        await expect_risk(answers[position], position, risks[position])
    await stage.settled()
    expect(f"{about}, in the end", desk.risk.arguments).equals([under_way, other, waiting])


@pytest.mark.points(5)
async def test_shutdown_leaves_no_thread(stage: Stage, draw: Draw) -> None:
    """When shutdown is complete, no thread is left in which engine.risk was called"""
    risks = draw_risks(draw, 1)
    desk = await open_desk(stage, risks)
    for position, risk in risks.items():
        await expect_risk(desk.ask(position), position, risk)
    await desk.shut_down("after the last answer")
    await desk.expect_no_thread_left("after the shutdown")


@pytest.mark.points(5)
async def test_the_application_starts_again(stage: Stage, draw: Draw) -> None:
    """After a shutdown, the same application can be started again, and works as before"""
    risks = draw_risks(draw, 2)
    desk = await open_desk(stage, risks)
    first, second = risks
    await expect_risk(desk.ask(first), first, risks[first])
    await desk.shut_down("after the last answer")
    await desk.start()
    await expect_risk(desk.ask(second), second, risks[second])


@pytest.mark.points(5)
async def test_shutdown_does_not_wait_for_a_cancelled_request(stage: Stage, draw: Draw) -> None:
    """Shutdown completes although the call of a cancelled request goes on, whose thread ends when the call returns"""
    risks = draw_risks(draw, 1)
    desk = await open_desk(stage, risks, parked=True)
    for position in risks:
        answer = desk.ask(position)
        await desk.until_called(1, answer)
        answer.disconnect()  # and a server that shuts down cancels what goes on all the same
        answer.abort()
        await answer.finished()
    await desk.shut_down("while engine.risk blocks for a request that was cancelled")
    expect("the calls of engine.risk under way after the shutdown", len(desk.risk.waiting)).equals(len(risks))
    desk.risk.open()
    await stage.settled()
    await desk.expect_no_thread_left("after the shutdown, when the last call has returned")
