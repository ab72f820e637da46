"""The request trail: ids, errors, streams, background tasks and other connections of an instrumented application."""

from dataclasses import dataclass

import pytest

from proctor.checks import Application, Collaborator, Draw, Exchange, Stage, expect

ASYNC_ENDPOINT = "an async def endpoint"
SYNC_ENDPOINT = "a def endpoint"


@dataclass
class Desk:
    """An application that the learner's `instrument` has been given, and what is heard of it."""

    stage: Stage
    app: Application
    trail: Collaborator
    rids: Collaborator
    enter: Collaborator
    mail: Collaborator
    next_tick: Collaborator
    venue: str

    def get(self, target: str, rid: str = "") -> Exchange:
        """Send a GET, named if there is an id, and do not wait."""
        return self.app.request("GET", target, named(rid))

    def order(self, rid: str, *, hold_body: bool = False, gated: bool = False) -> Exchange:
        """Send an order, which leaves two background tasks behind, and do not wait."""
        return self.app.request("POST", "/orders", named(rid), json={}, hold_body=hold_body, gated=gated)

    def heard(self, where: str) -> list[object]:
        """Return what `current_rid()` returned there, in order."""
        return [call.args[1] for call in self.rids.calls if call.args[0] == where]

    @property
    def happened(self) -> list[str]:
        """Lines in the trail and calls of the background tasks, in order."""
        names = {
            "trail.append": "a line in the trail",
            self.enter.name: "an async def background task",
            self.mail.name: "a def background task",
        }
        return [names[entry] for entry in self.stage.log if entry in names]


async def open_desk(stage: Stage, draw: Draw, ticks: list[str] | None = None) -> Desk:
    """Return an instrumented application."""
    venue = draw.word()
    trail, stream = stage.list("trail"), stage.async_generator("ticks", ticks or [], params=[])
    rids, enter = stage.collaborator("rid", "notify"), stage.collaborator("enter")
    mail = stage.collaborator("mail", "notify")
    witness = stage.object("Witness", rid=rids, enter=enter, mail=mail)
    current_rid = await stage.attribute("current_rid", keep=True)
    desk = await stage.props("build_desk", current_rid, witness, stream, venue)
    app = await stage.app("instrument", desk, trail)
    return Desk(stage, app, trail, rids, enter, mail, stream.steps, venue)


def named(rid: str) -> list[tuple[str, str]]:
    """Return the headers of a client that names its request."""
    return [("X-Request-ID", rid)] if rid else []


async def served(answer: Exchange) -> Exchange:
    """Wait for the answer to a request with which nothing goes wrong: the server meets no exception either."""
    await answer.answered()
    if answer.error is not None:
        raise answer.error
    return answer


def expect_answer(answer: Exchange, status: int, rid: str, case: str = "") -> None:
    """It is one answer with this status, and with the id of its own request."""
    about = f"the answer to {answer.title}{f' ({case})' if case else ''}"
    expect(f"the status of {about}", answer.status).equals(status)
    expect(f"X-Request-ID on {about}", answer.header("x-request-id")).equals(rid)


@pytest.mark.points(15)
@pytest.mark.public
async def test_every_request_keeps_its_own_id(stage: Stage, draw: Draw) -> None:
    """A request's id, sent or new, is on its answer, in current_rid() and in the trail, whatever else is under way"""
    desk = await open_desk(stage, draw)
    symbol, first, second = draw.symbol(), draw.identifier(), draw.identifier()
    for target, rid, where in (
        (f"/quotes/{symbol}", first, ASYNC_ENDPOINT),
        (f"/positions/{symbol}", second, SYNC_ENDPOINT),
    ):
        answer = await served(desk.get(target, rid))
        expect_answer(answer, 200, rid)
        expect(f"the body of the answer to {answer.title}", answer.content).contains(f'"{symbol}"'.encode())
        expect(f"current_rid() in {where}", desk.heard(where)).equals([rid])
    expect("the trail after two requests", desk.trail.arguments).equals([(first, 200), (second, 200)])

    new: list[str] = []
    for number in (3, 4):
        unnamed = await served(desk.get(f"/quotes/{symbol}"))
        rid = expect("X-Request-ID when the client has sent none", unnamed.header("x-request-id")).is_a_text()
        expect("X-Request-ID when the client has sent none", rid).differs_from(new[-1] if new else first)
        expect(f"current_rid() in {ASYNC_ENDPOINT}, with a new id", desk.heard(ASYNC_ENDPOINT)[-1]).equals(rid)
        expect(f"line {number} of the trail", desk.trail.arguments[number - 1 :]).equals([(rid, 200)])
        new.append(rid)

    slow, quick, late = f"slow-{draw.identifier()}", f"quick-{draw.identifier()}", f"late-{draw.identifier()}"
    held = desk.order(slow, hold_body=True, gated=True)
    await stage.settled()  # every layer has seen it; the endpoint waits for the body
    passing = await served(desk.order(quick))
    held.body(b"{}")
    await until_more(held, 0)  # its answer has begun, and is held back
    overtaking = await served(desk.get(f"/quotes/{symbol}", late))
    held.permit(100)
    await served(held)
    expect_answer(passing, 201, quick, "while another request is under way")
    expect_answer(overtaking, 200, late, "while another answer is under way")
    expect_answer(held, 201, slow, "while other requests run through")
    expect("current_rid() in the three endpoints", desk.heard(ASYNC_ENDPOINT)[-3:]).equals([quick, slow, late])
    expect("the trail of the three", desk.trail.arguments[-3:]).has_items([(quick, 201), (late, 200), (slow, 201)])


@pytest.mark.points(10)
async def test_refusals_carry_the_id(stage: Stage, draw: Draw) -> None:
    """Refusals of the application, such as 404 and 422, keep what they say, carry the id and stand in the trail"""
    desk = await open_desk(stage, draw)
    lines: list[tuple[str, int]] = []
    for target, status, detail, retry_after in (
        (f"/{draw.word()}", 404, "Not Found", None),
        ("/refused", 409, "halted", "60"),
        ("/closed", 503, "closed", None),
    ):
        rid = draw.identifier()
        answer = await desk.get(target, rid).answered()
        expect_answer(answer, status, rid)
        expect(f"the body of the answer to {answer.title}", answer.json).equals({"detail": detail})
        expect(f"Retry-After on the answer to {answer.title}", answer.header("retry-after")).equals(retry_after)
        lines.append((rid, status))
    rid = draw.identifier()
    invalid = await desk.app.request("POST", "/orders", named(rid), json=[]).answered()
    expect_answer(invalid, 422, rid)
    expect("the trail after four refusals", desk.trail.arguments).equals([*lines, (rid, 422)])


@pytest.mark.points(25)
async def test_unhandled_exceptions_are_answered(stage: Stage, draw: Draw) -> None:
    """An exception that nobody handles is answered with 500, the id in header and body, and a line in the trail"""
    desk = await open_desk(stage, draw)
    sent = draw.identifier()
    answer = await desk.get("/crash/async", sent).answered()
    about = f"the answer to {answer.title}, whose endpoint raises"
    expect(f"the status of {about}", answer.status).equals(500)
    expect(f"the body of {about}", answer.json).equals({"detail": "internal", "request_id": sent})
    expect(f"X-Request-ID on {about}", answer.header("x-request-id")).equals(sent)
    expect("the trail after an unhandled exception", desk.trail.arguments).equals([(sent, 500)])

    unnamed = await desk.get("/crash/sync").answered()
    about = f"the answer to {unnamed.title}, whose def endpoint raises"
    rid = expect(f"X-Request-ID on {about}", unnamed.header("x-request-id")).is_a_text()
    expect(f"the status of {about}", unnamed.status).equals(500)
    expect(f"the body of {about}", unnamed.json).equals({"detail": "internal", "request_id": rid})
    expect("the trail after two unhandled exceptions", desk.trail.arguments).equals([(sent, 500), (rid, 500)])

    slow, quick = f"slow-{draw.identifier()}", f"quick-{draw.identifier()}"
    held = desk.app.request("POST", "/crash/late", named(slow), json={}, hold_body=True)
    await stage.settled()  # every layer has seen it; the endpoint waits for the body
    await desk.get("/crash/async", quick).answered()
    held.body(b"{}")
    await held.answered()
    about = f"the answer to {held.title}, whose endpoint raises after another request has run through"
    expect(f"the status of {about}", held.status).equals(500)
    expect(f"the body of {about}", held.json).equals({"detail": "internal", "request_id": slow})


@pytest.mark.points(15)
async def test_streams_are_not_delayed(stage: Stage, draw: Draw) -> None:
    """Each part of a stream leaves at once; the line in the trail is written when the last part has left"""
    parts, rid = [f"{draw.symbol()} {draw.price()}\n" for _ in range(3)], draw.identifier()
    desk = await open_desk(stage, draw, ticks=parts)
    desk.next_tick.parked = True
    answer = desk.get("/ticks", rid)
    for number in range(1, len(parts)):
        await stage.until(lambda: bool(desk.next_tick.waiting) or answer.ended, "the stream is asked for its next part")
        desk.next_tick.release()
        await stage.settled()
        sent = "".join(parts[:number]).encode()
        expect(f"what the client has of a stream that waits for part {number + 1}", answer.content).equals(sent)
        expect(f"the trail while a stream waits for part {number + 1}", desk.trail.arguments).equals([])
    desk.next_tick.open()
    await served(answer)
    expect_answer(answer, 200, rid)
    expect("the whole stream", answer.content).equals("".join(parts).encode())
    expect("the trail after the stream", desk.trail.arguments).equals([(rid, 200)])


@pytest.mark.points(10)
async def test_errors_after_the_beginning_are_passed_on(stage: Stage, draw: Draw) -> None:
    """Nothing is sent in reply to an error in mid-answer or to a cancellation, and the server learns of it"""
    desk = await open_desk(stage, draw)
    rid, part = draw.identifier(), draw.word()
    broken = await desk.get(f"/ticks/{part}", rid).finished()
    expect_answer(broken, 200, rid, "a stream that breaks off")
    expect("what the client has of a stream that has broken off", broken.content).equals(part.encode())
    expect("a stream that has broken off", not broken.complete).is_true("left incomplete", "completed with a last part")
    expect_passed_on(broken, "a stream that breaks off")
    expect("the trail after a stream that has broken off", desk.trail.arguments).equals([])

    receipt = draw.identifier()
    answer = await desk.app.request("POST", "/receipts", named(receipt)).answered()
    expect_answer(answer, 201, receipt, "its background task fails")
    expect(f"the body of the answer to {answer.title}", answer.json).equals({"receipt": "sent"})
    expect_passed_on(answer, "a background task that fails")
    expect("the trail after a background task that has failed", desk.trail.arguments).equals([(receipt, 201)])

    held = desk.order(draw.identifier(), hold_body=True)
    await stage.settled()
    held.abort()
    await held.finished()
    expect("what is sent when the server cancels a request", held.types).is_empty("nothing")
    expect_passed_on(held, "a request that the server cancels", "the cancellation")


def expect_passed_on(answer: Exchange, what: str, exception: str = "the exception") -> None:
    """The server has met the exception."""
    about = f"{exception} of {what}"
    expect(about, answer.error is not None).is_true("raised on to the server", "kept from the server")


@pytest.mark.points(15)
async def test_the_trail_comes_before_background_tasks(stage: Stage, draw: Draw) -> None:
    """First the last part leaves, then the trail gets its line, then background tasks run and still know the id"""
    desk, rid = await open_desk(stage, draw), draw.identifier()
    answer = desk.order(rid, gated=True)
    while not (answer.complete or answer.ended):  # each part is held back until everything else has come to rest
        await until_more(answer, len(answer.messages))
        expect("what happened before the last part had left", desk.happened).equals([])
        answer.permit()
    await served(answer)
    expect_answer(answer, 201, rid)
    order = ["a line in the trail", "an async def background task", "a def background task"]
    expect("what happened after the last part had left", desk.happened).equals(order)
    expect("the trail", desk.trail.arguments).equals([(rid, 201)])
    expect("current_rid() in an async def background task", desk.enter.arguments).equals([rid])
    expect("current_rid() in a def background task", desk.mail.arguments).equals([rid])


async def until_more(answer: Exchange, known: int) -> None:
    """Wait until the answer has more parts than the known ones, and everything else has come to rest."""
    await answer.stage.until(lambda: len(answer.messages) > known or answer.ended, "the answer goes on")
    await answer.stage.settled()


@pytest.mark.points(10)
async def test_other_connections_pass_untouched(stage: Stage, draw: Draw) -> None:
    """Start-up, shutdown and WebSockets work as without you, and leave no line in the trail"""
    desk, rid, word = await open_desk(stage, draw), draw.identifier(), draw.word()
    lifespan = await desk.app.started()
    if lifespan.error is not None:
        raise lifespan.error
    expect("the answer to lifespan.startup", lifespan.types).equals(["lifespan.startup.complete"])

    expect_answer(await desk.get("/quotes/A", rid).answered(), 200, rid)
    socket = desk.app.websocket("/feed", named(rid))
    socket.send_text(word)
    await socket.finished()
    if socket.error is not None:
        raise socket.error
    expect("the messages of a WebSocket", socket.types).equals(
        ["websocket.accept", "websocket.send", "websocket.close"]
    )
    expect("the text that a WebSocket sends", socket.texts).equals([f"{desk.venue} {word}"])

    failing = await desk.app.websocket("/feed/down", named(rid)).finished()
    expect("the messages of a WebSocket whose endpoint raises", failing.types).equals([])
    raised = failing.error and failing.error.kind
    expect("the exception that the server meets when the endpoint of a WebSocket raises FeedDown", raised).equals(
        "FeedDown"
    )

    lifespan.feed({"type": "lifespan.shutdown"})
    await lifespan.finished()
    expect("the last answer of the lifespan", lifespan.types[-1:]).equals(["lifespan.shutdown.complete"])
    expect("the trail after one request and two WebSockets", desk.trail.arguments).equals([(rid, 200)])
