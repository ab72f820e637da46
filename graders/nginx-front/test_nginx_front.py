"""A real Nginx with the learner's configuration, in front of a real uvicorn, seen by its clients."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import pytest

from proctor.checks import Draw, Handle, Stage, expect

LIMIT: Final = 2 * 1024 * 1024
"""Bytes that a body may have."""


@dataclass
class Answer:
    """What a client was answered, and what Nginx has noted about it."""

    title: str
    port: int
    problem: str
    status: int
    body: Any
    text: str
    is_from_nginx: bool
    messages: list[Any]
    notes: list[str]

    def expect_status(self, status: int) -> None:
        """It has this status."""
        expect(f"the answer to {self.title}", self.status == status).is_true(f"status {status}", str(self))

    def __str__(self) -> str:
        if not self.status:
            seen = f"no answer at port {self.port} ({self.problem})"
        elif self.is_from_nginx:
            seen = f"status {self.status}, from Nginx itself"
        else:
            seen = f"status {self.status}, with the body {self.text!r}"
        return seen + "".join(f"\n            Nginx noted: {note}" for note in self.notes)

    def expect_body(self, body: object) -> None:
        """It is a success with this body."""
        self.expect_status(200)
        expect(f"the body of the answer to {self.title}", self.body).equals(body)


@dataclass
class Front:
    """The Nginx of the learner."""

    handle: Handle
    port: int
    upstream_port: int

    async def ask(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[str, str]] = (),
        *,
        come_from: str = "127.0.0.2",
        length: int = 0,
        about: str = "",
    ) -> Answer:
        """Send a request with a body of so many bytes."""
        call = self.handle.begin("ask", method, target, [*headers], come_from, length, in_thread=True)
        return Answer(f"{method} {target}{about}", self.port, **await call)

    async def talk(
        self, target: str, headers: Iterable[tuple[str, str]], texts: list[str], *, come_from: str, about: str
    ) -> Answer:
        """Open a WebSocket, and send texts."""
        sent = [("Host", f"localhost:{self.port}"), *headers]
        call = self.handle.begin("talk", target, sent, come_from, texts, in_thread=True)
        return Answer(f"the WebSocket {target}{about}", self.port, **await call)


@asynccontextmanager
async def opened(
    stage: Stage, draw: Draw, files: dict[str, str] | None = None, hidden: str = "hidden.txt", *, with_desk: bool = True
) -> AsyncGenerator[Front]:
    """Start Nginx with the learner's configuration, and the desk behind it; end both when all went well."""
    upstream_port, port = draw.number(10_000, 19_999), draw.number(20_000, 29_999)
    handle: Handle = await stage.props("open_front", files or {}, hidden)
    static_dir, work_dir = await handle.call("places")
    rendered = await stage.call("render", f"127.0.0.1:{upstream_port}", port, static_dir, work_dir)
    configuration = expect("what render() returns", rendered).is_a_text()
    if with_desk:
        await handle.begin("start_desk", upstream_port, in_thread=True)
    complaint = await handle.begin("start", configuration, port, in_thread=True)
    expect("what Nginx says of the configuration", complaint == "").is_true("no complaint", complaint)
    yield Front(handle, port, upstream_port)
    await handle.begin("end", in_thread=True)


def address_of(draw: Draw) -> str:
    """Return an address of this machine that is not the one of Nginx."""
    return f"127.{draw.number(1, 254)}.{draw.number(0, 254)}.{draw.number(2, 254)}"


def invention_of(draw: Draw) -> str:
    """Return an address that somebody has invented."""
    return f"198.51.100.{draw.number(1, 254)}"


@pytest.mark.points(20)
@pytest.mark.public
async def test_files_come_from_the_folder(stage: Stage, draw: Draw) -> None:
    """Below /static/ are the files of static_dir, and no others"""
    style, script = f"{draw.word()}.css", f"{draw.word()}/{draw.word()}.js"
    files, hidden = {style: f"/* {draw.word()} */", script: f"// {draw.word()}"}, f"{draw.word()}.txt"
    async with opened(stage, draw, files, hidden, with_desk=False) as front:
        for name, content in files.items():
            (await front.ask("GET", f"/static/{name}")).expect_body(content)
        answer = await front.ask("GET", f"/static../{hidden}", about=", a file beside static_dir")
        expect(f"the answer to {answer.title}", answer.status >= 400).is_true("an error", str(answer))


@pytest.mark.points(20)
async def test_the_desk_is_below_api(stage: Stage, draw: Draw) -> None:
    """The desk is asked without the prefix /api, and for nothing that is not below /api/"""
    symbol, currency = draw.symbol(), f"X{draw.word(2).upper()}"
    quote = {"symbol": symbol, "currency": currency, "price": f"{sum(symbol.encode())}.50"}
    async with opened(stage, draw) as front:
        (await front.ask("GET", f"/api/quotes/{symbol}?currency={currency}")).expect_body(quote)
        (await front.ask("GET", f"/quotes/{symbol}", about=", without the prefix")).expect_status(404)


@pytest.mark.points(20)
async def test_a_websocket_reaches_the_desk(stage: Stage, draw: Draw) -> None:
    """A WebSocket on /api/ws reaches the desk, which knows who has opened it"""
    client, words = address_of(draw), [draw.word(), draw.word()]
    forged = [("X-Forwarded-For", invention_of(draw))]
    async with opened(stage, draw) as front:
        about = f", from {client}, with {forged[0][0]}: {forged[0][1]}"
        answer = await front.talk("/api/ws", forged, words, come_from=client, about=about)
        answer.expect_status(101)
        expect(f"the first message of {answer.title}", answer.messages[:1]).equals([{"client": client}])
        expect(f"the other messages of {answer.title}", answer.messages[1:]).equals([f"heard {word}" for word in words])


@pytest.mark.points(20)
async def test_the_desk_knows_who_is_asking(stage: Stage, draw: Draw) -> None:
    """The desk knows client, scheme and host of a request, whatever the client says of itself"""
    forged = [("X-Forwarded-For", invention_of(draw)), ("X-Forwarded-Proto", "https")]
    async with opened(stage, draw) as front:
        for headers in ([], forged):
            client, host = address_of(draw), f"{draw.word()}.example:{front.port}"
            said = "".join(f"; {name}: {value}" for name, value in headers)
            about = f", from {client} with Host: {host}{said}"
            answer = await front.ask("GET", "/api/whoami", [("Host", host), *headers], come_from=client, about=about)
            answer.expect_body({"client": client, "scheme": "http", "link": f"http://{host}/api/whoami"})


@pytest.mark.points(20)
async def test_bodies_have_a_limit(stage: Stage, draw: Draw) -> None:
    """A report of up to 2 MB reaches the desk whole, and Nginx answers a longer one with 413"""
    async with opened(stage, draw) as front:
        for length in (LIMIT - draw.number(1, 500_000), LIMIT):
            answer = await front.ask("POST", "/api/reports", length=length, about=f" with {length} bytes")
            answer.expect_status(201)
            expect(f"the body of the answer to {answer.title}", answer.body).equals({"bytes": length})
        length = LIMIT + draw.number(1, 500_000)
        answer = await front.ask("POST", "/api/reports", length=length, about=f" with {length} bytes")
        answer.expect_status(413)
