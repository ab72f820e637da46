"""Behind Nginx: whom the desk takes for the client, and which scheme its links have, seen from outside."""

from dataclasses import dataclass
from typing import cast

import pytest

from proctor.checks import Application, Draw, Exchange, Stage, expect


@dataclass
class Connection:
    """A connection to the desk, and what its peer says with every request."""

    about: str
    peer: str
    forwarded: tuple[str, ...] = ()
    """The values of its `X-Forwarded-For` headers."""

    proto: str | None = None
    is_encrypted: bool = False

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What the peer says."""
        lines = [("X-Forwarded-For", line) for line in self.forwarded]
        return lines if self.proto is None else [*lines, ("X-Forwarded-Proto", self.proto)]

    def __str__(self) -> str:
        said = "; ".join(f"{name}: {value}" for name, value in self.headers) or "neither header"
        return f"{self.about} [peer {self.peer} over {'https' if self.is_encrypted else 'http'}; {said}]"


@dataclass
class Desk:
    """The learner's application, and the two proxies that it was told of."""

    app: Application
    outer: str
    inner: str

    def over(self, connection: Connection) -> Application:
        """Return the application as the peer of a connection asks it."""
        return self.app.over_connection(client=connection.peer, is_encrypted=connection.is_encrypted)

    async def expect_origin(self, connection: Connection, client: str, scheme: str) -> None:
        """The desk knows who is asking over a connection, and with which scheme."""
        answer = await self._whoami(connection)
        expect(f"the answer to GET /whoami, {connection}", answer).equals({"client": client, "scheme": scheme})

    async def expect_client(self, connection: Connection, client: str) -> None:
        """The desk knows who is asking over a connection."""
        answer = await self._whoami(connection)
        seen = cast("dict[str, object]", answer).get("client") if isinstance(answer, dict) else answer
        expect(f"the client in the answer to GET /whoami, {connection}", seen).equals(client)

    async def _whoami(self, connection: Connection) -> object:
        answer = await answered(self.over(connection).request("GET", "/whoami", connection.headers))
        expect(f"the status of GET /whoami, {connection}", answer.status).equals(200)
        return answer.json

    def order(self, connection: Connection, host: str, order_id: str, *, hold_body: bool = False) -> Exchange:
        """Send an order and do not wait."""
        body = {"id": order_id, "symbol": "AAPL"}
        app = self.over(connection)
        return app.request("POST", "/orders", connection.headers, json=body, host=host, hold_body=hold_body)


async def open_desk(stage: Stage, draw: Draw) -> Desk:
    """Return the learner's desk, which is told of two proxies in the same network."""
    network = f"10.{draw.number(0, 255)}.{draw.number(0, 255)}"
    outer, inner = f"{network}.{draw.number(11, 24)}", f"{network}.{draw.number(100, 109)}"
    return Desk(await stage.app("create_app", draw.shuffled([outer, inner])), outer, inner)


def trader_of(draw: Draw) -> str:
    """Return the address of a trader."""
    return f"203.0.113.{draw.number(1, 254)}"


def invention_of(draw: Draw) -> str:
    """Return an address that somebody has invented."""
    return f"198.51.100.{draw.number(1, 254)}"


async def answered(answer: Exchange) -> Exchange:
    """Wait for an answer; what the application raised instead is the better message."""
    await answer.answered()
    if answer.error is not None:
        raise answer.error
    return answer


def expect_link(answer: Exchange, about: str, order_id: str, link: str) -> None:
    """The order is taken, and the answer has this link."""
    expect(f"the status of POST /orders, {about}", answer.status).equals(201)
    expect(f"the body of the answer to POST /orders, {about}", answer.json).equals({"id": order_id})
    expect(f"the Location of POST /orders, {about}", answer.header("location")).equals(link)


@pytest.mark.points(20)
@pytest.mark.public
async def test_a_proxy_says_who_is_asking(stage: Stage, draw: Draw) -> None:
    """A trusted proxy says who is asking, and with which scheme; where it says nothing, it is asking itself"""
    desk, trader = await open_desk(stage, draw), trader_of(draw)
    for peer, scheme, is_encrypted in ((desk.inner, "https", False), (desk.outer, "http", True)):
        connection = Connection("through one proxy", peer, (trader,), scheme, is_encrypted=is_encrypted)
        await desk.expect_origin(connection, trader, scheme)
        await desk.expect_origin(Connection("a proxy itself", peer), peer, "http")
    await desk.expect_origin(Connection("through a proxy with ftp", desk.inner, (trader,), "ftp"), trader, "http")


@pytest.mark.points(25)
async def test_invented_addresses_are_not_believed(stage: Stage, draw: Draw) -> None:
    """What a trader has written into X-Forwarded-For is not believed, only what the proxy has appended"""
    desk, trader = await open_desk(stage, draw), trader_of(draw)
    for invention in (invention_of(draw), desk.outer):
        connection = Connection("after an invented address", desk.inner, (f"{invention}, {trader}",))
        await desk.expect_client(connection, trader)


@pytest.mark.points(20)
async def test_the_trader_is_found_behind_two_proxies(stage: Stage, draw: Draw) -> None:
    """The trader is found behind two proxies, and where X-Forwarded-For comes in several headers"""
    desk, trader, invention = await open_desk(stage, draw), trader_of(draw), invention_of(draw)
    for about, forwarded, client in (
        ("through both proxies", (f"{trader}, {desk.outer}",), trader),
        ("after an invented address and through both proxies", (f"{invention}, {trader}, {desk.outer}",), trader),
        ("an invented address in a header of its own", (invention, trader), trader),
        ("each proxy with a header of its own", (trader, desk.outer), trader),
        ("with proxies only", (f"{desk.outer}, {desk.inner}",), desk.outer),
    ):
        await desk.expect_client(Connection(about, desk.inner, forwarded), client)


@pytest.mark.points(20)
async def test_headers_of_strangers_are_ignored(stage: Stage, draw: Draw) -> None:
    """The headers of a trusted proxy are believed, and those of any other peer are ignored"""
    desk, trader, invention = await open_desk(stage, draw), trader_of(draw), invention_of(draw)
    await desk.expect_origin(Connection("through one proxy", desk.inner, (trader,), "https"), trader, "https")
    forged = (f"{invention}, {desk.outer}",)
    network, _, _ = desk.inner.rpartition(".")
    for about, stranger in (
        ("around the proxies", trader),
        ("from the network of the proxies", f"{network}.{draw.number(250, 254)}"),
        ("from an address that is the beginning of a proxy's", desk.inner[:-1]),
        ("from an address of which a proxy's is the beginning", f"{desk.outer}{draw.number(0, 9)}"),
    ):
        await desk.expect_origin(Connection(about, stranger, forged, "https"), stranger, "http")
    connection = Connection("around the proxies", trader, forged, "http", is_encrypted=True)
    await desk.expect_origin(connection, trader, "https")


@pytest.mark.points(15)
async def test_links_have_the_scheme_of_the_trader(stage: Stage, draw: Draw) -> None:
    """The Location of an order has the scheme that its trader uses"""
    desk, trader, host = await open_desk(stage, draw), trader_of(draw), f"{draw.word()}.example"
    secure = Connection("through a proxy with https", desk.inner, (trader,), "https")
    plain = Connection("through a proxy with http", desk.inner, (trader,), "http")
    silent = Connection("through a proxy that does not say", desk.inner, (trader,), is_encrypted=True)
    for connection, scheme in ((secure, "https"), (plain, "http"), (silent, "https")):
        order_id = draw.identifier()
        answer = await answered(desk.order(connection, host, order_id))
        expect_link(answer, str(connection), order_id, f"{scheme}://{host}/orders/{order_id}")
        shown = await answered(desk.over(connection).request("GET", f"/orders/{order_id}", host=host))
        expect(f"the status of {shown.title}, to which the Location leads", shown.status).equals(200)
        expect(f"the body of the answer to {shown.title}", shown.json).equals({"id": order_id})

    order_id, held = draw.identifier(), desk.order(secure, host, "", hold_body=True)
    await stage.settled()
    await answered(desk.order(plain, host, draw.identifier()))
    held.body(f'{{"id": "{order_id}", "symbol": "AAPL"}}'.encode())
    about = f"held half-way while another one ran, {secure}"
    expect_link(await answered(held), about, order_id, f"https://{host}/orders/{order_id}")
