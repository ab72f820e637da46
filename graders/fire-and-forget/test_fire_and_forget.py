"""Fire, and do not forget: what becomes of pushes that outlive their requests, seen from outside."""

from dataclasses import dataclass

import pytest

from proctor.checks import Application, Call, Collaborator, Draw, Exchange, RaisedError, Stage, StageFactory, expect

SHUTDOWN_COMPLETE = "lifespan.shutdown.complete"


@dataclass
class Desk:
    """The learner's application with its two collaborators. It has started; pushes take for ever until they are let."""

    stage: Stage
    notifier: Collaborator
    on_error: Collaborator
    app: Application
    life: Exchange

    def alert(self, alert_id: str) -> Exchange:
        """Send an alert and do not wait."""
        return self.app.request("POST", f"/alerts/{alert_id}")

    def pushes(self, alert_id: str) -> list[Call]:
        """Return the pushes of one alert."""
        return [call for call in self.notifier.calls if call.args == [alert_id]]

    async def pushed(self, answer: Exchange, alert_id: str) -> Call:
        """Wait until an alert's push has begun; what the application raised instead is the better message."""
        what = f"notifier.push({alert_id!r}) is called"
        await self.stage.until(lambda: bool(self.pushes(alert_id)) or answer.ended, what)
        if not self.pushes(alert_id) and answer.error is not None:
            raise answer.error
        await self.stage.until(lambda: bool(self.pushes(alert_id)), what)
        return self.pushes(alert_id)[0]

    async def held(self, alert_id: str) -> Call:
        """Send an alert; return its push, which goes on although garbage has been collected."""
        push = await self.pushed(self.alert(alert_id), alert_id)
        await self.expect_held(push)
        return push

    async def expect_held(self, *pushes: Call) -> None:
        """The pushes go on. Garbage is collected first: what nobody keeps is lost then, and not some other time."""
        held = await self.stage.held_calls()
        for push in pushes:
            seen = "its task was collected, since nobody kept it" if push.state == "dropped" else f"it was {push.state}"
            expect(f"what became of {push}", push in held).is_true("it goes on", seen)

    async def ends(self, push: Call) -> None:
        """Let a push, which has gone on until now, come to its end, and wait until nothing goes on any more."""
        await self.expect_held(push)
        push.answer()
        await self.stage.settled()
        expect(f"what became of {push}", push.state).equals("answered")

    async def expect_shutdown(self, when: str) -> None:
        """Shutdown, which has begun, completes; what the application raised instead is the better message."""
        await self.stage.until(
            lambda: SHUTDOWN_COMPLETE in self.life.types or self.life.ended, f"shutdown completes, {when}"
        )
        if self.life.error is not None:
            raise self.life.error
        expect("how the lifespan ended", self.life.types[-1:]).equals([SHUTDOWN_COMPLETE])

    def shut_down(self) -> None:
        """Begin the shutdown, as the server does."""
        self.life.feed({"type": "lifespan.shutdown"})

    @property
    def reported(self) -> list[object]:
        """What `on_error` was told, exceptions by type and message."""
        return [
            [(told.kind, told.message) if isinstance(told, RaisedError) else told for told in call.args]
            for call in self.on_error.calls
        ]


async def open_desk(stage: Stage, *, watched: bool = False) -> Desk:
    """Return the learner's desk, started. ``watched`` has the props look at what it keeps."""
    push = stage.collaborator("notifier.push", parked=True)
    on_error = stage.collaborator("on_error", "notify")
    notifier = await stage.props("watched_notifier", push) if watched else stage.object("Notifier", push=push)
    app = await stage.app("create_app", notifier, on_error)
    if watched:
        app = Application(stage, await stage.props("watched", app.handle))
    life = await app.started()
    if "lifespan.startup.failed" in life.types:
        await life.finished()
    if life.error is not None:
        raise life.error
    return Desk(stage, push, on_error, app, life)


@pytest.mark.points(15)
@pytest.mark.public
async def test_nobody_waits_for_a_push(stage: Stage, draw: Draw) -> None:
    """Alerts are answered, and their requests over, while their pushes go on side by side"""
    desk, alert_ids = await open_desk(stage), [draw.identifier(), draw.identifier()]
    for alert_id in alert_ids:
        answer = await desk.alert(alert_id).response_complete()
        expect(f"the status of {answer.title}", answer.status).equals(202)
        expect(f"the body of the answer to {answer.title}", answer.json).equals({"id": alert_id})
        await desk.pushed(answer, alert_id)
        await answer.finished()
    await stage.settled()
    expect("the alerts that were pushed", desk.notifier.arguments).has_items(alert_ids)


@pytest.mark.points(20)
async def test_no_push_is_lost(stage: Stage, draw: Draw) -> None:
    """A push goes on to its end, also when Python collects garbage in the meantime"""
    desk = await open_desk(stage)
    push = await desk.held(draw.identifier())
    await desk.ends(push)


@pytest.mark.points(20)
async def test_a_failure_is_reported(stage: Stage, draw: Draw) -> None:
    """As soon as a push fails, on_error is told the alert and the exception; it hears of nothing else"""
    desk = await open_desk(stage)
    failures: list[object] = []
    for error in (ConnectionError(draw.word()), ValueError(draw.word())):
        alert_id = draw.identifier()
        push = await desk.held(alert_id)
        push.fail(error)
        failures.append([alert_id, (type(error).__name__, str(error))])
        known = len(desk.reported)
        await stage.until(lambda known=known: len(desk.reported) > known, f"on_error is told that {push} failed")
        await stage.settled()
        expect("what on_error was told", desk.reported).equals(failures)
    await desk.ends(await desk.held(draw.identifier()))
    expect("what on_error was told, after a push that did not fail", desk.reported).equals(failures)


@pytest.mark.points(15)
async def test_a_failure_hurts_nobody_else(stage: Stage, draw: Draw) -> None:
    """When one push fails, the others go on, and later alerts are pushed"""
    desk = await open_desk(stage)
    first, failing, last = [await desk.held(draw.identifier()) for _ in range(3)]
    failing.fail(ConnectionError(draw.word()))
    await stage.settled()
    await desk.expect_held(first, last)
    later = await desk.held(draw.identifier())
    for push in (first, last, later):
        await desk.ends(push)


@pytest.mark.points(20)
async def test_shutdown_waits(stages: StageFactory, draw: Draw) -> None:
    """Shutdown completes once the pushes under way have come to their ends, and cancels none of them"""
    quiet = await open_desk(await stages())
    quiet.shut_down()
    await quiet.expect_shutdown("where no push is under way")
    stage = await stages()
    desk = await open_desk(stage)
    pushes = [await desk.held(draw.identifier()) for _ in range(2)]
    desk.shut_down()
    for push in pushes:
        await stage.settled()
        await desk.expect_held(push)
        expect("when shutdown completed", SHUTDOWN_COMPLETE not in desk.life.types).is_true(
            f"once {push} has come to its end", f"while {push} was under way"
        )
        await desk.ends(push)
    await desk.expect_shutdown("once all pushes have come to their ends")


@pytest.mark.points(10)
async def test_what_is_over_is_let_go(stage: Stage, draw: Draw) -> None:
    """The tasks of pushes that are over are let go, at the latest when the next alert is taken"""
    desk = await open_desk(stage, watched=True)
    over = [draw.identifier() for _ in range(4)]
    for alert_id in over:
        await desk.ends(await desk.held(alert_id))
    await desk.held(draw.identifier())
    kept = await stage.props("kept", over)
    expect(f"the tasks of {len(over)} pushes that are over", kept <= 1).is_true("let go", f"{kept} of them are kept")
