"""Assemble the desk: FastAPI, Starlette and WSGI in one process, seen from outside."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, cast

import pytest

from proctor.checks import Application, Collaborator, Draw, Exchange, Stage, expect

HOST = "desk.example"
TOKENS = ("t-alice", "t-bob")
STARTED, STOPPED = "lifespan.startup.complete", "lifespan.shutdown.complete"
SCHEMA = {"/quotes/{symbol}": ["get"], "/orders": ["post"]}


@dataclass
class BlotterAnswer:
    """What the blotter is to answer next."""

    status: str = "200 OK"
    headers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    rows: list[str] = field(default_factory=list[str])
    next: str = "next"
    """The trade that it has a link to."""


class Desk:
    """The learner's application, with the feed and the blotter that it was given."""

    def __init__(self, stage: Stage, draw: Draw) -> None:
        self.stage, self._draw = stage, draw
        self.price = str(draw.price())
        self.blotter = BlotterAnswer(rows=[draw.word()])
        self.start = stage.collaborator("feed.start")
        self.stop = stage.collaborator("feed.stop")
        self.quote = stage.collaborator("feed.quote", returns=self.price)
        self.find = stage.collaborator("blotter.find", "sync", does=self._answer)
        self.read = stage.collaborator("blotter.read", "sync", does=str)
        self.app: Application

    def _answer(self, _asked: object) -> dict[str, object]:
        return vars(self.blotter)

    async def assemble(self) -> None:
        """Have the learner's application."""
        feed = self.stage.object("Feed", start=self.start, stop=self.stop, quote=self.quote)
        self.app = await self.stage.app("create_app", await self.stage.props("blotter", self.find, self.read), feed)

    def request(self, method: str, target: str, headers: tuple[tuple[str, str], ...] = (), **options: Any) -> Exchange:
        """Send a trader's request and do not wait."""
        token = ("X-Trader-Token", self._draw.one_of(TOKENS))
        return self.app.request(method, target, [token, *headers], host=HOST, **options)

    async def get(self, target: str) -> Exchange:
        """Send a trader's request, and wait for the answer."""
        return await answered(self.request("GET", target))

    @property
    def asked(self) -> int:
        """How often anybody was asked behind the token check."""
        return len(self.find.calls) + len(self.quote.calls)

    @property
    def last_asked(self) -> dict[str, object]:
        """What the blotter was asked last."""
        asked = self.find.arguments[-1]
        return cast("dict[str, object]", asked) if isinstance(asked, dict) else {}

    async def until_called(self, collaborator: Collaborator, answer: Exchange) -> None:
        """Wait until a collaborator is called; what the application raised instead is the better message."""
        what = f"{collaborator.name} is called for {answer.title}"
        await self.stage.until(lambda: bool(collaborator.waiting) or answer.ended, what)
        if answer.error is not None:
            raise answer.error
        await self.stage.until(lambda: bool(collaborator.waiting), what)

    async def expect_blotter(self, target: str) -> Exchange:
        """The blotter answers a request."""
        before, answer = len(self.find.calls), await self.get(target)
        expect(f"the status of {answer.title}", answer.status).equals(200)
        expect(f"how often the blotter was asked for {answer.title}", len(self.find.calls) - before).equals(1)
        return answer

    async def expect_quote(self, answer: Exchange, symbol: str) -> None:
        """The answer, which need not have come yet, has the price of the feed."""
        await answered(answer)
        expect(f"the status of {answer.title}", answer.status).equals(200)
        expect(f"the body of the answer to {answer.title}", answer.json).equals({"symbol": symbol, "price": self.price})

    async def expect_ping(self, answer: Exchange, about: str) -> None:
        """The answer, which need not have come yet, is that of `metrics.ping`."""
        await answered(answer)
        expect(f"the status of {answer.title} {about}", answer.status).equals(200)
        expect(f"the body of the answer to {answer.title} {about}", answer.content).equals(b"pong")


async def open_desk(stage: Stage, draw: Draw) -> Desk:
    """Return the learner's desk, started. How it starts is judged in one check; a server serves one that does not."""
    desk = Desk(stage, draw)
    await desk.assemble()
    life = await desk.app.started()
    if "lifespan.startup.failed" in life.types:
        await life.finished()
        if life.error is not None:
            raise life.error
        expect("how the lifespan began", life.types).equals([STARTED])
    return desk


async def answered(answer: Exchange) -> Exchange:
    """Wait for an answer; what the application raised instead is the better message."""
    await answer.answered()
    if answer.error is not None:
        raise answer.error
    return answer


@pytest.mark.points(10)
@pytest.mark.public
async def test_orders_quotes_and_metrics(stage: Stage, draw: Draw) -> None:
    """Orders and quotes are answered under /, and the metrics under /metrics"""
    desk, symbol = await open_desk(stage, draw), draw.symbol()
    await desk.expect_quote(desk.request("GET", f"/quotes/{symbol}"), symbol)
    expect("what the feed was asked for", desk.quote.arguments).equals([symbol])

    order = {"symbol": symbol, "quantity": draw.number(1, 999)}
    taken = await answered(desk.request("POST", "/orders", json=order))
    expect(f"the status of {taken.title}", taken.status).equals(201)
    expect(f"the body of the answer to {taken.title}", taken.json).equals(order)

    await desk.expect_ping(desk.request("GET", "/metrics/ping"), "with a token")
    name, value = draw.word(), draw.number(100, 999)
    unknown = await desk.get(f"/metrics/gauges/{name}")
    expect(f"the status of {unknown.title}, which is no gauge", unknown.status).equals(404)
    await stage.props("set_gauge", name, value)
    gauge = await desk.get(f"/metrics/gauges/{name}")
    expect(f"the status of {gauge.title}", gauge.status).equals(200)
    expect(f"the body of the answer to {gauge.title}", gauge.json).equals({"name": name, "value": value})


@pytest.mark.points(10)
async def test_the_blotter_answers_under_v1(stage: Stage, draw: Draw) -> None:
    """The blotter gets requests under /v1 whole, and its whole answer gets to the trader"""
    desk, note, query = await open_desk(stage, draw), draw.word(), f"page={draw.number(1, 99)}"
    body = draw.word(12).encode()
    cookies = [("Set-Cookie", f"{draw.word()}={number}") for number in (1, 2)]
    rows = [draw.word() for _ in range(3)]
    desk.blotter = BlotterAnswer("203 Non-Authoritative Information", cookies, rows)

    headers = (("X-Note", note), ("Content-Type", "text/x-note"))
    method = draw.one_of(("POST", "PUT", "PATCH"))
    answer = desk.request(method, f"/v1/notes?{query}", headers, body=body, hold_body=True)
    for part, more in ((body[:5], True), (body[5:9], True), (body[9:], False)):
        answer.body(part, more=more)
    await answered(answer)

    expect(f"how often the blotter was asked for {answer.title}", len(desk.find.calls)).equals(1)
    for name, about, value in (
        ("method", "the method", method),
        ("query", "the query", query),
        ("note", "the header X-Note", note),
        ("type", "the header Content-Type", "text/x-note"),
        ("body", "the body", body.decode()),
    ):
        expect(f"{about} of {answer.title} as the blotter gets it", desk.last_asked.get(name)).equals(value)
    expect(f"the status of {answer.title}", answer.status).equals(203)
    seen = [value for name, value in answer.headers if name == "set-cookie"]
    expect(f"the Set-Cookie headers of the answer to {answer.title}", seen).equals([value for _, value in cookies])
    content = "".join(f"{row}\n" for row in rows).encode()
    expect(f"the body of the answer to {answer.title}", answer.content).equals(content)

    beside = await desk.get(f"/v1{draw.number(0, 9)}/trades")
    expect(f"the status of {beside.title}, which is not under /v1", beside.status).equals(404)


@pytest.mark.points(20)
async def test_quotes_are_answered_while_the_blotter_waits(stage: Stage, draw: Draw) -> None:
    """While the blotter blocks, quotes and metrics are answered"""
    desk = await open_desk(stage, draw)
    for blocking, where in ((desk.find, "its call"), (desk.read, "the iteration over its answer")):
        when = f"while the blotter blocks in {where}"
        blocking.parked = True
        waiting, symbol = desk.request("GET", f"/v1/{draw.word()}"), draw.symbol()
        await desk.until_called(blocking, waiting)
        quote = desk.request("GET", f"/quotes/{symbol}")
        await stage.until(lambda quote=quote: quote.ended, f"{quote.title} is answered, {when}")
        await desk.expect_quote(quote, symbol)
        await desk.expect_ping(desk.request("GET", "/metrics/ping"), when)
        blocking.open()
        await answered(waiting)
        expect(f"the status of {waiting.title}", waiting.status).equals(200)


@pytest.mark.points(15)
async def test_strangers_are_refused_everywhere(stage: Stage, draw: Draw) -> None:
    """Without a known token, every part answers 401, except /metrics/ping, and neither feed nor blotter is asked"""
    desk, name = await open_desk(stage, draw), draw.word()
    await stage.props("set_gauge", name, 1)
    await stage.props("set_gauge", "ping", 1)
    order = {"symbol": draw.symbol(), "quantity": 1}
    requests: list[tuple[str, str, dict[str, Any], int]] = [
        ("GET", f"/quotes/{draw.symbol()}", {}, 200),
        ("POST", "/orders", {"json": order}, 201),
        ("GET", f"/v1/{draw.word()}", {}, 200),
        ("POST", f"/v1/{draw.word()}", {"body": b"note"}, 200),
        ("GET", f"/metrics/gauges/{name}", {}, 200),
        *[("GET", f"/{path}/ping", {}, 200) for path in ("quotes", "metrics/gauges", "v1")],
    ]
    for method, target, options, status in requests:
        admitted = await answered(desk.request(method, target, **options))
        expect(f"the status of {admitted.title} with a token", admitted.status).equals(status)
        before = desk.asked
        for about, headers in (
            ("without a token", []),
            ("with an unknown token", [("X-Trader-Token", f"t-{draw.word()}")]),
        ):
            refused = await answered(desk.app.request(method, target, headers, **options))
            expect(f"the status of {refused.title} {about}", refused.status).equals(401)
            expect(f"how often feed and blotter were asked for {refused.title} {about}", desk.asked - before).equals(0)


@pytest.mark.points(5)
@pytest.mark.public
async def test_ping_is_for_everybody(stage: Stage, draw: Draw) -> None:
    """GET /metrics/ping is answered whatever token is sent, or none"""
    desk = await open_desk(stage, draw)
    await desk.expect_ping(desk.app.request("GET", "/metrics/ping"), "without a token")
    unknown = [("X-Trader-Token", f"t-{draw.word()}")]
    await desk.expect_ping(desk.app.request("GET", "/metrics/ping", unknown), "with an unknown token")


@pytest.mark.points(15)
async def test_the_blotter_knows_where_it_is(stage: Stage, draw: Draw) -> None:
    """SCRIPT_NAME is /v1 for the blotter, and its links lead back to it"""
    desk, trades = await open_desk(stage, draw), [draw.word() for _ in range(3)]
    for trade, following in pairwise(trades):  # the second request goes where the link of the first one leads
        desk.blotter.next = following
        target = f"/v1/trades/{trade}?page={draw.number(1, 99)}"
        answer = await desk.expect_blotter(target)
        places = {"SCRIPT_NAME": desk.last_asked.get("script_name"), "PATH_INFO": desk.last_asked.get("path_info")}
        expect(f"where {answer.title} leads, in the environ of the blotter", places).equals(
            {"SCRIPT_NAME": "/v1", "PATH_INFO": f"/trades/{trade}"}
        )
        about = f"of the answer to {answer.title}"
        expect(f"the Location {about}", answer.header("location")).equals(f"http://{HOST}/v1/trades/{following}")
        expect(f"the Content-Location {about}", answer.header("content-location")).equals(f"http://{HOST}{target}")


@pytest.mark.points(15)
async def test_the_feed_starts_and_stops_once(stage: Stage, draw: Draw) -> None:
    """The feed is started once before startup completes, and stopped once before shutdown completes"""
    desk = Desk(stage, draw)
    await desk.assemble()
    desk.start.parked = desk.stop.parked = True
    life = desk.app.lifespan()
    await desk.until_called(desk.start, life)
    await expect_held(desk.start, life, STARTED)
    desk.start.open()
    await expect_complete(life, STARTED)

    for target in (f"/quotes/{draw.symbol()}", "/metrics/ping", f"/v1/{draw.word()}"):
        await desk.request("GET", target).finished()
    expect("how often feed.stop() was called before the shutdown", len(desk.stop.calls)).equals(0)

    life.feed({"type": "lifespan.shutdown"})
    await desk.until_called(desk.stop, life)
    await expect_held(desk.stop, life, STOPPED)
    desk.stop.open()
    await expect_complete(life, STOPPED)
    for collaborator in (desk.start, desk.stop):
        expect(f"how often {collaborator.name}() was called, in all", len(collaborator.calls)).equals(1)


async def expect_held(collaborator: Collaborator, life: Exchange, message: str) -> None:
    """The lifespan does not go on before a collaborator has returned."""
    await life.stage.settled()
    expect(f"when {message} was sent", message not in life.types).is_true(
        f"once {collaborator.name}() has returned", f"while {collaborator.name}() was under way"
    )


async def expect_complete(life: Exchange, message: str) -> None:
    """The lifespan goes on; what the application raised instead is the better message."""
    await life.stage.until(lambda: message in life.types or life.ended, f"{message} is sent")
    if life.error is not None:
        raise life.error
    expect("the last message of the lifespan", life.types[-1:]).equals([message])


@pytest.mark.points(10)
async def test_only_the_api_is_in_the_schema(stage: Stage, draw: Draw) -> None:
    """The schema describes orders and quotes, and nothing of what is served beside them"""
    desk = await open_desk(stage, draw)
    await desk.expect_ping(desk.request("GET", "/metrics/ping"), "with a token")
    await desk.expect_blotter(f"/v1/{draw.word()}")
    answer = await desk.get("/openapi.json")
    expect(f"the status of {answer.title}", answer.status).equals(200)
    expect(f"the paths and methods of {answer.title}", described(answer.json)).equals(SCHEMA)


def described(schema: object) -> object:
    """Return the methods of every path of a schema, or what is there instead."""
    match schema:
        case {"paths": dict()}:
            paths = cast("dict[str, object]", cast("dict[str, object]", schema)["paths"])
            return {
                path: list(cast("dict[str, object]", item)) if isinstance(item, dict) else item
                for path, item in paths.items()
            }
        case _:
            return schema
