"""Live quotes: who is let in, what is sent and heard on a WebSocket, and what is left of it, seen from outside."""

import json
from dataclasses import dataclass
from itertools import pairwise

import pytest

from proctor.checks import Application, Collaborator, Draw, Handle, Stage, WebSocket, expect

ACCEPTED = "accepted"
REFUSED = ("refused with 401", "refused with 403")
UNREADABLE = 1007
FEED_OVER = 1001


@dataclass
class Feed:
    """The feed as the grader holds it. Nobody is told a price before `quote` says it."""

    handle: Handle
    begun: Collaborator
    find_price: Collaborator
    ended: Collaborator

    @property
    def subscribed(self) -> list[str]:
        """The symbols of all subscriptions so far."""
        return [call.args[1] for call in self.begun.calls]

    @property
    def under_way(self) -> list[str]:
        """The symbols of the subscriptions that have begun and not ended."""
        ended = self.ended.arguments
        return [call.args[1] for call in self.begun.calls if call.args[0] not in ended]

    def is_asked(self, symbol: str) -> bool:
        """Does a subscription to this symbol wait for a price?"""
        return any(call.args[1] == symbol for call in self.find_price.waiting)

    def quote(self, symbol: str, price: str | None) -> None:
        """Give a price, or None for the end, to everybody who waits for one of this symbol."""
        for call in self.find_price.waiting:
            if call.args[1] == symbol:
                call.answer(price)


@dataclass
class Desk:
    """The learner's application with its feed, and a trader's browser that shows the desk's own page."""

    stage: Stage
    feed: Feed
    app: Application
    slow: Application
    drain: Collaborator
    cookie: tuple[str, str]
    origin: tuple[str, str]

    async def handshake(self, symbol: str, headers: list[tuple[str, str]], *, slow: bool = False) -> WebSocket:
        """Open a WebSocket, and wait until its handshake is answered."""
        socket = (self.slow if slow else self.app).websocket(f"/quotes/{symbol}", headers)
        await self.stage.until(
            lambda: answered(socket) is not None or socket.ended, f"the handshake of {socket.title} is answered"
        )
        if answered(socket) is None and socket.error is not None:
            raise socket.error
        return socket

    async def connect(self, symbol: str, *, slow: bool = False) -> WebSocket:
        """Connect the browser, and wait until the feed is asked for a price."""
        socket = await self.handshake(symbol, [self.cookie, self.origin], slow=slow)
        await self.expect_accepted(socket, "with a good token, from the desk's own page", symbol)
        return socket

    async def expect_accepted(self, socket: WebSocket, when: str, symbol: str) -> None:
        """The handshake is accepted, and the feed is asked for a price."""
        expect(f"the handshake of {socket.title} {when}", answered(socket)).equals(ACCEPTED)
        await self.until_asked(socket, symbol)

    async def expect_refused(self, headers: list[tuple[str, str]], when: str, symbol: str) -> None:
        """The handshake is refused, and the feed hears nothing of it."""
        known = self.feed.subscribed
        socket = await self.handshake(symbol, headers)
        await self.stage.settled()
        seen = answered(socket)
        if seen == ACCEPTED and socket.close_code is not None:
            seen = f"{ACCEPTED}, and closed with {socket.close_code} at once"
        expect(f"the handshake of {socket.title} {when}", seen).is_one_of(*REFUSED)
        expect("the subscriptions that it leads to", self.feed.subscribed[len(known) :]).equals([])

    async def until_asked(self, socket: WebSocket, symbol: str) -> None:
        """Wait until a subscription to the symbol waits for a price; what the application raised is better to read."""
        what = f"a subscription to {symbol} waits for the next price"
        await self.stage.until(lambda: self.feed.is_asked(symbol) or socket.ended, what)
        if not self.feed.is_asked(symbol) and socket.error is not None:
            raise socket.error
        await self.stage.until(lambda: self.feed.is_asked(symbol), what)
        await self.stage.settled()

    async def quote(self, symbol: str, price: str, *sockets: WebSocket) -> None:
        """Have the feed say a price; these clients are sent it next, and nothing else."""
        known = [len(socket.texts) for socket in sockets]
        for socket in sockets:
            await self.until_asked(socket, symbol)
        self.feed.quote(symbol, price)
        await self.stage.settled()
        for socket, before in zip(sockets, known, strict=True):
            new = [read(text) for text in socket.texts[before:]]
            about = f"what {socket.title} is sent when {symbol} is at {price}"
            expect(about, new).equals([{"symbol": symbol, "price": price}])

    async def expect_over(self, socket: WebSocket, code: int | None, when: str) -> None:
        """The connection is over, with this code if the desk has ended it, and nothing of it is left."""
        await self.stage.settled()
        if code is not None:
            if socket.close_code is None and socket.error is not None:
                raise socket.error
            expect(f"{socket.title}, {when}", state(socket)).equals(f"closed with {code}")
            socket.feed({"type": "websocket.disconnect", "code": code})  # as every server says when it has closed
            await self.stage.settled()
        if socket.error is not None:
            raise socket.error
        expect(f"the application, {when}", socket.ended).is_true("has returned", "it is still running")
        tasks = await self.stage.props("new_tasks")
        expect(f"the coroutines of tasks that are still running {when}", tasks).equals([])


def answered(socket: WebSocket) -> str | None:
    """Say how a handshake is answered; None as long as it is not. A close without an accept is sent as a 403."""
    for message in socket.messages:
        match message:
            case {"type": "websocket.accept"}:
                return ACCEPTED
            case {"type": "websocket.close"}:
                return "refused with 403"
            case {"type": "websocket.http.response.start", "status": int(status)}:
                return f"refused with {status}"
            case _:
                pass
    return "not answered" if socket.ended else None


def state(socket: WebSocket) -> str:
    """Say how a connection stands that was accepted."""
    if socket.close_code is not None:
        return f"closed with {socket.close_code}"
    return "not closed, and the application has returned" if socket.ended else "open"


def read(text: object) -> object:
    """Read a message, or return it as it is where it is no JSON."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return text


async def open_desk(stage: Stage, draw: Draw) -> Desk:
    """Return the learner's desk, with a token and an origin of its own."""
    begun, ended = stage.collaborator("feed.begun", "notify"), stage.collaborator("feed.ended", "notify")
    find_price = stage.collaborator("the feed's next price", parked=True)
    feed = Feed(await stage.props("feed", begun, find_price, ended), begun, find_price, ended)
    token, origin = draw.word(), f"https://{draw.word()}.example"
    app = await stage.app("create_app", feed.handle, [draw.word(), token], origin)
    drain = stage.collaborator("a slow client", parked=True)
    quick = Application(stage, await stage.props("served", app.handle))
    slow = Application(stage, await stage.props("served", app.handle, drain))
    return Desk(stage, feed, quick, slow, drain, ("Cookie", f"token={token}"), ("Origin", origin))


def different_symbols(draw: Draw, count: int) -> list[str]:
    """Return so many symbols, no two of them the same."""
    return [f"{letter}{draw.symbol()}" for letter in "ABCDEFGH"[:count]]


@pytest.mark.points(15)
@pytest.mark.public
async def test_prices_are_sent_as_they_come(stage: Stage, draw: Draw) -> None:
    """Every client is sent each price of its symbol, once and in order, without having to ask"""
    desk, (symbol, other) = await open_desk(stage, draw), different_symbols(draw, 2)
    first, second, third = [await desk.connect(each) for each in (symbol, symbol, other)]
    for _ in range(2):
        await desk.quote(symbol, str(draw.price()), first, second)
        await desk.quote(other, str(draw.price()), third)
    await desk.quote(symbol, str(draw.price()), first, second)


@pytest.mark.points(15)
async def test_strangers_are_refused(stage: Stage, draw: Draw) -> None:
    """Who has no good token is refused before the handshake is accepted, and the feed hears nothing of it"""
    desk, symbol = await open_desk(stage, draw), draw.symbol()
    await desk.connect(symbol)
    await desk.expect_refused([desk.origin], "without a token", symbol)
    await desk.expect_refused([desk.origin, ("Cookie", f"token={draw.word()}")], "with an unknown token", symbol)


@pytest.mark.points(15)
async def test_pages_of_others_are_refused(stage: Stage, draw: Draw) -> None:
    """A page of another origin is refused although it has a good token; a client without an Origin is let in"""
    desk, symbol = await open_desk(stage, draw), draw.symbol()
    await desk.connect(symbol)
    program = await desk.handshake(symbol, [desk.cookie])
    await desk.expect_accepted(program, "with a good token, without an Origin", symbol)
    own = desk.origin[1]
    for whose, other in (
        ("of another host", f"https://{draw.word()}.example"),
        ("whose origin begins with the desk's", f"{own}.{draw.word()}.example"),
        ("whose host ends with the desk's", own.replace("https://", f"https://{draw.word()}")),
        ("without encryption", own.replace("https:", "http:")),
        ("at another port", f"{own}:8443"),
        ("in a sandbox", "null"),
    ):
        when = f"with a good token, from a page {whose} ({other} instead of {own})"
        await desk.expect_refused([desk.cookie, ("Origin", other)], when, symbol)


@pytest.mark.points(15)
async def test_a_client_may_change_its_symbol(stage: Stage, draw: Draw) -> None:
    """A client that chooses another symbol is sent the prices of that one alone, also while no price comes"""
    desk, symbols = await open_desk(stage, draw), different_symbols(draw, 4)
    other = symbols.pop()
    socket, bystander = await desk.connect(symbols[0]), await desk.connect(other)
    for old, chosen in pairwise(symbols):
        socket.send_text(json.dumps({"symbol": chosen}))
        await desk.until_asked(socket, chosen)
        for whose, symbol, expected in (("of another client", other, "under way"), ("to the old symbol", old, "over")):
            about = f"the subscription {whose} ({symbol}), once a client has chosen {chosen} instead of {old}"
            expect(about, "under way" if symbol in desk.feed.under_way else "over").equals(expected)
        await desk.quote(chosen, str(draw.price()), socket)
        await desk.quote(other, str(draw.price()), bystander)


@pytest.mark.points(15)
async def test_a_client_that_leaves_leaves_nothing(stage: Stage, draw: Draw) -> None:
    """When a client leaves, its subscription ends at once, nothing of it is left running, and nothing is raised"""
    desk, (symbol, stays) = await open_desk(stage, draw), different_symbols(draw, 2)
    bystander = await desk.connect(stays)
    await desk.quote(stays, str(draw.price()), bystander)
    await stage.props("remember_tasks")

    socket = await desk.connect(symbol)
    socket.disconnect()
    await desk.expect_over(socket, None, "after the client has left while no price came")
    expect("the symbols of the subscriptions under way after that", desk.feed.under_way).equals([stays])

    socket = await desk.connect(symbol)
    await desk.quote(symbol, str(draw.price()), socket)
    bell = stage.collaborator("bell", "sync", parked=True)
    held = stage.begin("wait_for", bell, on="props")
    await stage.until(lambda: bool(bell.waiting), "the event loop is held")
    socket.disconnect()
    desk.feed.quote(symbol, str(draw.price()))
    bell.open()
    await held
    await desk.expect_over(socket, None, "after the client has left in the moment in which a price came")
    expect("the symbols of the subscriptions under way after that", desk.feed.under_way).equals([stays])
    await desk.quote(stays, str(draw.price()), bystander)


@pytest.mark.points(10)
async def test_a_slow_client_holds_up_nobody(stage: Stage, draw: Draw) -> None:
    """While a client takes its time over a price, others of the same symbol are sent theirs"""
    desk, symbol, price = await open_desk(stage, draw), draw.symbol(), str(draw.price())
    slow, quick = await desk.connect(symbol, slow=True), await desk.connect(symbol)
    await desk.quote(symbol, price, slow, quick)
    for _ in range(2):
        await desk.quote(symbol, str(draw.price()), quick)
    desk.drain.open()
    await stage.settled()  # what has been kept for the slow one is sent
    await desk.quote(symbol, str(draw.price()), slow, quick)


@pytest.mark.points(10)
async def test_what_cannot_be_read_ends_this_connection_alone(stage: Stage, draw: Draw) -> None:
    """A message that cannot be read closes its connection with 1007, and no other one"""
    desk, (symbol, stays) = await open_desk(stage, draw), different_symbols(draw, 2)
    bystander = await desk.connect(stays)
    await stage.props("remember_tasks")
    for text in (draw.word(), json.dumps([symbol]), json.dumps({draw.word(): symbol}), json.dumps({"symbol": 7})):
        socket = await desk.connect(symbol)
        socket.send_text(text)
        await desk.expect_over(socket, UNREADABLE, f"after the message {text}")
        expect("the symbols of the subscriptions under way after that", desk.feed.under_way).equals([stays])
    await desk.quote(stays, str(draw.price()), bystander)


@pytest.mark.points(5)
async def test_the_end_of_a_feed_ends_the_connection(stage: Stage, draw: Draw) -> None:
    """When there are no more prices of a symbol, the desk closes its connections with 1001, and no other ones"""
    desk, (symbol, stays) = await open_desk(stage, draw), different_symbols(draw, 2)
    bystander = await desk.connect(stays)
    await stage.props("remember_tasks")
    socket = await desk.connect(symbol)
    await desk.quote(symbol, str(draw.price()), socket)
    desk.feed.quote(symbol, None)
    await desk.expect_over(socket, FEED_OVER, f"after the prices of {symbol} have come to their end")
    await desk.quote(stays, str(draw.price()), bystander)
