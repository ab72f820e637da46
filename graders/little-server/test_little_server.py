"""A little server: what applications are called with, and what an HTTP client makes of the response."""

import json as json_module
from dataclasses import dataclass, field
from typing import Any, Final

import h11
import pytest

from proctor.checks import Draw, Handle, Running, Stage, expect

ASGI: Final = "serve_asgi"
WSGI: Final = "serve_wsgi"
NAMED: Final = (200, 203, 410, 418, 503)
NAMELESS: Final = (299, 499, 599)
WITHOUT_BODY: Final = (204, 304)
TEXT: Final = "text/plain; charset=utf-8"

Step = tuple[str, Any]


@dataclass
class Request:
    """One HTTP/1.1 request."""

    method: str
    target: str
    host: str
    lines: list[str] = field(default_factory=list[str])
    """Further lines of its head."""

    body: bytes = b""

    @property
    def raw(self) -> bytes:
        """Its bytes."""
        lines = [f"{self.method} {self.target} HTTP/1.1", f"Host: {self.host}", *self.lines]
        if self.body:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body

    def __str__(self) -> str:
        return f"{self.method} {self.target}"


@dataclass
class Response:
    """What an HTTP client has read."""

    about: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def values(self, name: str) -> list[str]:
        """Return the values of a header, one for each line of it."""
        return [value for each, value in self.headers if each == name]

    def expect_status(self, status: int) -> None:
        """It has this status."""
        expect(f"the status of {self.about}", self.status).equals(status)

    def expect_body(self, body: bytes) -> None:
        """It has this body."""
        expect(f"the body of {self.about}", self.body).equals(body)

    def expect_json(self, content: dict[str, object]) -> None:
        """Its body is a JSON object with these members."""
        try:
            seen: Any = json_module.loads(self.body)
        except ValueError:
            seen = None
        is_object = isinstance(seen, dict)
        expect(f"the body of {self.about}", is_object).is_true("a JSON object", f"{self.body[:60]!r}")
        members: dict[str, Any] = seen
        for name, value in content.items():
            expect(f'"{name}" in the body of {self.about}', members.get(name)).equals(value)

    def expect_header(self, name: str, *values: str) -> None:
        """It has this header, a line for each of the values."""
        expect(f"the lines of {name} in {self.about}", self.values(name)).equals(list(values))

    def expect_cookies(self, secret: str) -> None:
        """It has both cookies, each in a line of its own."""
        seen = [value.partition(";")[0] for value in self.values("set-cookie")]
        expect(f"the cookies of {self.about}", seen).equals([f"first={secret}", f"second={secret}"])


class Client:
    """Reads a response as an HTTP client does.

    The connection is closed after the response, or, where ``stays_open``, only if the response says so.
    """

    def __init__(self, about: str, method: str, *, stays_open: bool) -> None:
        self.about = about
        self._stays_open = stays_open
        self._connection = h11.Connection(h11.CLIENT)
        self._connection.send(h11.Request(method=method, target="/", headers=[("Host", "desk.example")]))
        self._connection.send(h11.EndOfMessage())

    def read(self, raw: Any) -> Response:
        """Return the response."""
        expect(self.about, isinstance(raw, bytes) and bool(raw)).is_true(
            "the bytes of an HTTP response", f"{raw!r:.60}"
        )
        self._connection.receive_data(raw)
        head = self._next_event()
        while isinstance(head, h11.InformationalResponse):
            head = self._next_event()
        self._require(isinstance(head, h11.Response), "it waits for the end of the headers, which is an empty line")
        headers = [(name.decode(), value.decode("latin-1")) for name, value in head.headers]
        names = {name for name, _ in headers}
        if self._stays_open:
            both = {"content-length", "transfer-encoding"} <= names
            self._require(not both, "it has a Content-Length and a Transfer-Encoding, and they contradict each other")
            lengths = raw.partition(b"\r\n\r\n")[0].lower().count(b"\r\ncontent-length:")  # h11 makes one of them
            self._require(lengths <= 1, f"it has {lengths} lines with a Content-Length, and some clients refuse that")
        closes = ("connection", "close") in headers or head.http_version < b"1.1"
        if closes or not self._stays_open:
            self._connection.receive_data(b"")
        return Response(self.about, head.status_code, headers, self._body(names))

    def _body(self, names: set[str]) -> bytes:
        body = b""
        while not isinstance(event := self._next_event(), h11.EndOfMessage):
            if isinstance(event, h11.Data):
                body += event.data
                continue
            reason = "nothing says where the body ends: no Content-Length, no chunks, no Connection: close"
            if "content-length" in names:
                reason = f"Content-Length promises more than the {len(body)} bytes that there are"
            elif "transfer-encoding" in names:
                reason = "the last chunk, of length 0, is missing"
            self._require(False, f"it waits for more; {reason}")
        rest = self._connection.trailing_data[0]
        self._require(not rest, f"the response is over after {len(body)} bytes of body, and then comes {rest[:40]!r}")
        return body

    def _next_event(self) -> Any:
        try:
            return self._connection.next_event()
        except h11.RemoteProtocolError as error:
            self._require(False, f"it gives up: {error}")

    def _require(self, holds: bool, otherwise: str) -> None:
        expect(f"what an HTTP client makes of {self.about}", holds).is_true("one complete response", otherwise)


@dataclass
class Server:
    """One of the learner's servers with an application behind it."""

    stage: Stage
    function: str
    app: Handle

    def begin(self, request: Request) -> Running:
        """Have a request served and do not wait."""
        return self.stage.begin(self.function, self.app, request.raw, in_thread=self.function == WSGI)

    def read(self, request: Request, raw: object, *, stays_open: bool = False) -> Response:
        """Return what a client reads."""
        about = f"the response of {self.function} to {request}"
        return Client(about, request.method, stays_open=stays_open).read(raw)

    async def response(self, request: Request, *, stays_open: bool = False) -> Response:
        """Have a request served."""
        return self.read(request, await self.begin(request), stays_open=stays_open)


class Scripted:
    """A scripted application behind one of the learner's servers, and what it has told."""

    def __init__(self, stage: Stage, function: str, name: str) -> None:
        self._stage, self._function = stage, function
        self._tell = stage.collaborator(f"the app's report{name}", "notify")
        self.pause = stage.collaborator(f"the app's pause{name}", "async" if function == ASGI else "sync", parked=True)

    @classmethod
    async def asgi(cls, stage: Stage, script: list[Step], name: str = "") -> tuple["Scripted", Server]:
        """Return the application, and the server."""
        app = cls(stage, ASGI, name)
        return app, Server(stage, ASGI, await stage.props("asgi_app", script, app._tell, app.pause))

    @classmethod
    async def wsgi(
        cls, stage: Stage, called: list[Step], iterated: list[Step], name: str = "", *, is_list: bool = False
    ) -> tuple["Scripted", Server]:
        """Return the application, and the server."""
        app = cls(stage, WSGI, name)
        made = await stage.props("wsgi_app", called, iterated, app._tell, app.pause, is_list=is_list)
        return app, Server(stage, WSGI, made)

    @property
    def kinds(self) -> list[str]:
        """What it has told of, in order."""
        return self._tell.arguments

    def told(self, kind: str) -> list[Any]:
        """Return what it has told of this kind."""
        return [call.args[1] for call in self._tell.calls if call.args[0] == kind]

    async def until_paused(self, running: Running, when: str) -> None:
        """Wait until it pauses, and everything else has come to rest."""
        await self._stage.until(lambda: bool(self.pause.waiting) or running.done, f"the app goes on, {when}")
        returned = f"{await running!r:.60}" if running.done else ""  # what was raised instead is the better message
        expect(f"the app of {self._function}", bool(self.pause.waiting)).is_true(
            f"still at work {when}", f"{self._function} has returned {returned}"
        )
        await self._stage.settled()


def start(status: int, *headers: tuple[bytes, bytes]) -> Step:
    """Return the step that begins a response."""
    return "send", {"type": "http.response.start", "status": status, "headers": [list(header) for header in headers]}


def part(data: bytes) -> Step:
    """Return the step that sends a part of a body, which is not the last."""
    return "send", {"type": "http.response.body", "body": data, "more_body": True}


END: Final[Step] = ("send", {"type": "http.response.body"})
"""The step that sends the last part of a body, which is empty and says nothing that has a default."""


def host_of(draw: Draw) -> str:
    """Return a host, with a port."""
    return f"{draw.word()}.example:8080"


def bodies(draw: Draw) -> list[bytes]:
    """Return three parts of a body. The middle one is empty, and the last one ends in a head of its own, seemingly."""
    return [draw.word().encode(), b"", f"\r\n{draw.word()}\r\n\r\n\xff".encode("latin-1")]


# ASGI


@pytest.mark.points(8)
async def test_asgi_scope(stage: Stage, draw: Draw) -> None:
    """An ASGI app finds the request in its scope: method, path, query and every header"""
    app, server = await Scripted.asgi(stage, [start(200), END])
    one, two, three, host = draw.word(), draw.word(), draw.word(), host_of(draw)
    lines = [f"X-Trader: {one}", f"ACCEPT:{two}/*", f"x-trader:\t {three}; a: b \t", "X-Empty:"]
    rich = Request("DELETE", f"/{one}%20{two}+%C3%89%2F?at=%26{three}+?&a", host, lines)
    headers = [("x-trader", one), ("accept", f"{two}/*"), ("x-trader", f"{three}; a: b"), ("x-empty", "")]
    poor = Request("GET", f"/{two}", host)
    for request, path, raw_path, query, pairs in (
        (rich, f"/{one} {two}+É/", f"/{one}%20{two}+%C3%89%2F", f"at=%26{three}+?&a", headers),
        (poor, f"/{two}", f"/{two}", "", []),
    ):
        (await server.response(request)).expect_status(200)
        scope = app.told("scope")[-1]
        expected = {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "path": path,
            "query_string": query.encode(),
            "raw_path": raw_path.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in [("host", host), *pairs]],
        }
        for key, value in expected.items():
            expect(f'scope["{key}"] for {request}', scope.get(key)).equals(value)
        about = f'scope["asgi"]["version"] for {request}'
        expect(about, scope["asgi"].get("version") if isinstance(scope.get("asgi"), dict) else None).equals("3.0")


@pytest.mark.points(7)
async def test_asgi_receive(stage: Stage, draw: Draw) -> None:
    """receive() gives the body, then waits, and says http.disconnect once the response is complete"""
    first, _, last = bodies(draw)
    pause: Step = ("pause", None)
    script = [pause, ("read", None), ("listen", None), pause, start(200), part(first), pause, part(last), END]
    app, server = await Scripted.asgi(stage, script)
    other, other_server = await Scripted.asgi(stage, [("read", None), start(404), part(last), END], " (another app)")
    request, quick = (Request("PUT", f"/{draw.word()}", host_of(draw), body=b"".join(bodies(draw))) for _ in range(2))
    running = server.begin(request)
    await app.until_paused(running, "before it reads the body")
    (await other_server.response(quick)).expect_status(404)
    app.pause.release()
    await app.until_paused(running, "when it has read the body")
    for told, asked in ((app, request), (other, quick)):
        messages = told.told("body")
        types = [each.get("type") for each in messages]
        expect(f"the messages with the body of {asked}", types).equals(["http.request"] * len(types))
        expect(f"the body of {asked}", b"".join(each.get("body", b"") for each in messages)).equals(asked.body)
    for when in ("before the response begins", "in the middle of the response"):
        expect(f"what receive() says after the body, {when}", app.told("heard")).is_empty("nothing: it waits")
        app.pause.release()
        if when == "before the response begins":
            await app.until_paused(running, "when it has sent a part of its response")
            (await other_server.response(quick)).expect_body(last)
    await stage.until(lambda: bool(app.told("heard")), "receive() says something once the response is complete")
    said = [message.get("type") for message in app.told("heard")]
    expect("what receive() says once the response is complete", said).equals(["http.disconnect"])
    response = server.read(request, await running)
    response.expect_status(200)
    response.expect_body(first + last)


@pytest.mark.points(8)
@pytest.mark.public
async def test_starlette(stage: Stage, draw: Draw) -> None:
    """A Starlette app answers: its routes, query, headers and cookies work"""
    secret, one, two, host = draw.identifier(), draw.word(), draw.word(), host_of(draw)
    server = Server(stage, ASGI, await stage.props("starlette_app", secret, []))
    lines = [f"X-Trader: {one}", f"X-TRADER: {two}", f"Cookie: session={two}"]
    request = Request("GET", f"/desks/{one}%20%C3%89/quotes/{draw.symbol()}?at={one}%26+{two}&at=noon", host, lines)
    response = await server.response(request)
    response.expect_status(203)
    response.expect_json(
        {
            "secret": secret,
            "path": {"desk": f"{one} É", "symbol": request.target.partition("?")[0].rpartition("/")[2]},
            "query": [["at", f"{one}& {two}"], ["at", "noon"]],
            "traders": [one, two],
            "cookies": {"session": two},
        }
    )
    response.expect_header("content-type", "application/json")
    response.expect_cookies(secret)
    nowhere = Request("GET", f"/{draw.word()}", host)
    (await server.response(nowhere)).expect_status(404)


@pytest.mark.points(7)
async def test_starlette_streams(stage: Stage, draw: Draw) -> None:
    """The response of a Starlette app that streams arrives with all its parts"""
    parts = bodies(draw)
    server = Server(stage, ASGI, await stage.props("starlette_app", draw.word(), parts))
    response = await server.response(Request("GET", "/ticks", host_of(draw)))
    response.expect_status(200)
    response.expect_body(b"".join(parts))
    response.expect_header("content-type", TEXT)


@pytest.mark.points(8)
async def test_fastapi(stage: Stage, draw: Draw) -> None:
    """A FastAPI app validates what it is sent, and answers 201 or 422"""
    secret, book = draw.identifier(), stage.collaborator("book")
    server = Server(stage, ASGI, await stage.props("fastapi_app", secret, book))
    desk, limit, order = draw.word(), draw.number(1, 99), {"symbol": draw.symbol(), "qty": draw.number(1, 999)}
    target, host = f"/desks/{desk}%C3%89/orders", host_of(draw)
    json = ["content-TYPE: application/json"]
    request = Request("POST", f"{target}?limit={limit}", host, json, json_module.dumps(order, indent=1).encode())
    response = await server.response(request)
    response.expect_status(201)
    response.expect_json({"secret": secret, "desk": f"{desk}É", "limit": limit, **order})
    for refused in (
        Request("POST", f"{target}?limit={limit}", host, json, b'{"symbol": "AAPL", "qty": "many"}'),
        Request("POST", target, host, json, request.body),
    ):
        (await server.response(refused)).expect_status(422)
    (await server.response(Request("GET", f"{target}?limit={limit}", host))).expect_status(405)


@pytest.mark.points(7)
async def test_background(stage: Stage, draw: Draw) -> None:
    """What an app does after its response is complete goes on to its end, and does not change the response"""
    secret, book = draw.identifier(), stage.collaborator("book", parked=True)
    server = Server(stage, ASGI, await stage.props("fastapi_app", secret, book))
    for error in (None, ConnectionError(draw.word())):
        desk, order, known = draw.word(), {"symbol": draw.symbol(), "qty": draw.number(1, 999)}, len(book.calls)
        lines, body = ["Content-Type: application/json"], json_module.dumps(order).encode()
        request = Request("POST", f"/desks/{desk}/orders?limit=1", host_of(draw), lines, body)
        running = server.begin(request)
        what = f"the background task of {request} begins"
        await stage.until(lambda known=known, running=running: running.done or len(book.calls) > known, what)
        if running.done:  # without waiting for the background task, or without being any good
            server.read(request, await running).expect_status(201)
        await stage.until(lambda known=known: len(book.calls) > known, what)
        await stage.settled()
        await stage.held_calls()
        call = book.calls[-1]
        expect("what the background task was given", call.args).equals([order["symbol"]])
        expect(f"the background task of {request}", call.state == "waiting").is_true("still at work", call.state)
        if error is None:
            call.answer()
        else:
            call.fail(error)
        response = server.read(request, await running)
        response.about += " (whose background task fails)" if error else " (which has a background task)"
        response.expect_status(201)
        response.expect_json({"secret": secret, "desk": desk, "limit": 1, **order})


# WSGI


@pytest.mark.points(8)
async def test_wsgi_environ(stage: Stage, draw: Draw) -> None:
    """A WSGI app finds the request in its environ: what PEP 3333 wants there, every header, and the body"""
    app, server = await Scripted.wsgi(
        stage, [("read", 2), ("lines", None), ("read", 1), ("start", ["200 OK", []])], [("part", b"")]
    )
    one, two, host, body = draw.word(), draw.word(), host_of(draw), b"\r\n\r\n".join(bodies(draw))
    lines = [f"X-Trader: {one}", "content-TYPE: text/plain;a=b", f"x-trader:\t {two}: c\t ", "X-Empty:"]
    rich = Request("PUT", f"/{one}%20{two}+%C3%89%2F?at=%26{one}+?&a", host, lines, body)
    poor = Request("GET", f"/{two}", host)
    for request, path, query, more in (
        (
            rich,
            f"/{one} {two}+É/".encode().decode("latin-1"),
            f"at=%26{one}+?&a",
            {"CONTENT_TYPE": "text/plain;a=b", "CONTENT_LENGTH": str(len(body)), "HTTP_X_EMPTY": ""},
        ),
        (poor, f"/{two}", "", {"HTTP_X_TRADER": None}),
    ):
        (await server.response(request)).expect_status(200)
        environ = app.told("environ")[-1]
        expect(f"the type of environ for {request}", environ["type"]).equals("dict")
        values = {"SCRIPT_NAME": "", "QUERY_STRING": "", **environ["values"]}  # these may be left out when empty
        expected = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": host,
            **more,
            "HTTP_CONTENT_TYPE": None,
            "HTTP_CONTENT_LENGTH": None,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for key, value in expected.items():
            expect(f'environ["{key}"] for {request}', values.get(key)).equals(value)
        expect(f'environ["SERVER_NAME"] for {request}', values.get("SERVER_NAME")).is_a_text()
        port = expect(f'environ["SERVER_PORT"] for {request}', values.get("SERVER_PORT")).is_a_text()
        expect(f'environ["SERVER_PORT"] for {request}', port.isdecimal()).is_true("digits", port)
        for name, lacking in environ["lacking"].items():
            expect(f"the methods that {name} lacks", lacking).equals([])
    traders = app.told("environ")[0]["values"].get("HTTP_X_TRADER")
    expect(f'environ["HTTP_X_TRADER"] for {rich}', traders).is_one_of(f"{one}, {two}: c", f"{one},{two}: c")
    read = app.told("input")
    for request, body, given in ((rich, rich.body, read[:3]), (poor, b"", read[3:])):
        about = f"what wsgi.input gives for {request}, by read(2), then all lines, then read(1) at its end"
        expect(about, given).equals([body[:2], body[2:].splitlines(keepends=True), b""])


@pytest.mark.points(7)
async def test_wsgi_answers(stage: Stage, draw: Draw) -> None:
    """A WSGI app answers in every way that PEP 3333 allows: late, in parts, with write(), or on second thoughts"""
    held_parts, (first, _, last) = bodies(draw), (parts := bodies(draw))
    begin: Step = ("start", ["203 Whatever", [("X-Desk", draw.word())]])
    desk = draw.word()
    again: Step = ("start again", ["503 Not Now", [("X-Desk", desk), ("X-Desk", " two")]])
    steps: list[Step] = [("part", each) for each in parts]
    held_steps: list[Step] = [("part", each) for each in held_parts]
    held_steps.insert(1, ("pause", None))
    plain, plain_server = await Scripted.wsgi(stage, [begin], held_steps, " (in parts)")
    held = Request("GET", f"/{draw.word()}", host_of(draw))
    running = plain_server.begin(held)
    await plain.until_paused(running, "when it has given a part of its response")
    ways: list[tuple[str, list[Step], list[Step], int, bool]] = [
        ("a list", [begin], steps, 203, True),
        ("start_response when its body is asked for", [], [begin, *steps], 203, False),
        ("write()", [begin, ("write", first)], [("part", last)], 203, False),
        ("start_response again with exc_info", [begin], [again, *steps], 503, False),
    ]
    for way, called, iterated, status, is_list in ways:
        _, server = await Scripted.wsgi(stage, called, iterated, f" ({way})", is_list=is_list)
        response = await server.response(Request("GET", f"/{draw.word()}", host_of(draw)))
        response.about += f", whose app answers with {way}"
        response.expect_status(status)
        response.expect_body(first + last)
        if status == 503:
            response.expect_header("x-desk", desk, "two")
    plain.pause.release()
    response = plain_server.read(held, await running)
    response.about += ", which was held while others ran"
    response.expect_status(203)
    response.expect_body(b"".join(held_parts))


@pytest.mark.points(7)
@pytest.mark.public
async def test_flask(stage: Stage, draw: Draw) -> None:
    """A Flask app answers: its routes, query, headers, JSON and cookies work, and it can stream"""
    secret, one, two, host, parts = draw.identifier(), draw.word(), draw.word(), host_of(draw), bodies(draw)
    server = Server(stage, WSGI, await stage.props("flask_app", secret, parts))
    order = {"symbol": draw.symbol(), "qty": draw.number(1, 999)}
    lines = [f"X-Trader: {one}", "content-type: application/json"]
    target = f"/desks/{one}%20%C3%89/orders"
    request = Request("POST", f"{target}?at={one}%26+{two}&at=noon", host, lines, json_module.dumps(order).encode())
    response = await server.response(request)
    response.expect_status(201)
    response.expect_json(
        {
            "secret": secret,
            "desk": f"{one} É",
            "query": {"at": [f"{one}& {two}", "noon"]},
            "traders": one,
            "order": order,
        }
    )
    response.expect_header("content-type", "application/json")
    response.expect_cookies(secret)
    stream = await server.response(Request("GET", "/ticks", host))
    stream.expect_status(200)
    stream.expect_body(b"".join(parts))
    (await server.response(Request("GET", target, host))).expect_status(405)


@pytest.mark.points(8)
async def test_django(stage: Stage, draw: Draw) -> None:
    """A Django app answers: its routes, query, headers, forms and cookies work"""
    secret, one, two, host = draw.identifier(), draw.word(), draw.word(), host_of(draw)
    server = Server(stage, WSGI, await stage.props("django_app", secret))
    lines = [f"X-Trader: {one}", "CONTENT-TYPE: application/x-www-form-urlencoded"]
    target = f"/desks/{one}%20%C3%89/orders?at={one}%26+{two}&at=noon"
    response = await server.response(Request("POST", target, host, lines, f"symbol={two}%C3%89&qty=1".encode()))
    response.expect_status(202)
    response.expect_json(
        {
            "secret": secret,
            "desk": f"{one} É",
            "query": {"at": [f"{one}& {two}", "noon"]},
            "form": {"symbol": [f"{two}É"], "qty": ["1"]},
            "traders": one,
            "address": f"http://{host}",
        }
    )
    response.expect_header("content-type", "application/json")
    response.expect_cookies(secret)
    (await server.response(Request("GET", f"/{draw.word()}", host))).expect_status(404)


# What goes wrong, and how a response ends


@pytest.mark.points(4)
async def test_asgi_errors(stage: Stage, draw: Draw) -> None:
    """An ASGI app that raises or returns before it has sent any of its body is answered with 500"""
    begin = start(201, (b"x-desk", draw.word().encode()))
    ways: list[tuple[str, list[Step], int]] = [
        ("which answers", [begin, END], 201),
        ("which raises", [("raise", draw.word())], 500),
        ("which raises after http.response.start", [begin, ("raise", draw.word())], 500),
        ("which sends nothing", [], 500),
    ]
    for way, script, status in ways:
        _, server = await Scripted.asgi(stage, script, f" ({way})")
        await expect_status_and_desk(server, draw, way, status)


@pytest.mark.points(4)
async def test_wsgi_errors(stage: Stage, draw: Draw) -> None:
    """A WSGI app that raises before it has given any of its body, or never starts, is answered with 500"""
    begin: Step = ("start", ["201 Created", [("X-Desk", draw.word())]])
    ways: list[tuple[str, list[Step], list[Step], int]] = [
        ("which answers", [begin], [], 201),
        ("which raises when it is called", [("raise", draw.word())], [], 500),
        ("which raises after start_response", [begin, ("raise", draw.word())], [], 500),
        ("which raises when its body is asked for", [begin], [("raise", draw.word())], 500),
        ("which never calls start_response", [], [], 500),
    ]
    for way, called, iterated, status in ways:
        _, server = await Scripted.wsgi(stage, called, iterated, f" ({way})")
        await expect_status_and_desk(server, draw, way, status)


async def expect_status_and_desk(server: Server, draw: Draw, way: str, status: int) -> None:
    """The response has this status, and what else the application has said only where it is the application's."""
    response = await server.response(Request("GET", f"/{draw.word()}", host_of(draw)), stays_open=status == 500)
    response.about += f" from an app {way}"
    response.expect_status(status)
    seen = len(response.values("x-desk"))
    expect(f"how many headers of the app are in {response.about}", seen).equals(1 if status == 201 else 0)


@pytest.mark.points(7)
async def test_close(stage: Stage, draw: Draw) -> None:
    """What a WSGI app returns is closed once when the server is done with it, also when iterating over it fails"""
    begin: Step = ("start", ["200 OK", []])
    step, part, end, close = ("part", draw.word().encode()), "a part of the body", "the end of the body", "close()"
    for way, iterated, expected in (
        ("a body of two parts", [step, step], [part, part, end, close]),
        ("an empty body", [], [end, close]),
        ("a body that raises after its first part", [step, ("raise", draw.word())], [part, close]),
        ("a body that raises before its first part", [("raise", draw.word())], [close]),
    ):
        app, server = await Scripted.wsgi(stage, [begin], iterated, f" ({way})")
        running = server.begin(Request("GET", f"/{draw.word()}", host_of(draw)))
        await stage.until(lambda running=running: running.done, "serve_wsgi returns")
        if "raises" not in way:
            await running
        expect(f"what happens to {way}", app.kinds[1:]).equals(expected)


def endings(draw: Draw) -> list[tuple[str, int, bool, list[bytes]]]:
    """Return what an app is asked with, its status, whether it sends a Content-Length, and the parts of its body."""
    return [
        ("GET", draw.one_of(NAMED), False, bodies(draw)),
        ("GET", draw.one_of(NAMELESS), True, bodies(draw)),
        ("GET", draw.one_of(NAMED), False, []),
        *(("GET", status, False, list[bytes]()) for status in WITHOUT_BODY),
        ("HEAD", draw.one_of(NAMED), True, bodies(draw)),
    ]


async def expect_ending(server: Server, draw: Draw, method: str, status: int, length: int, body: bytes) -> None:
    """A client can tell where the response ends, and reads this body."""
    response = await server.response(Request(method, f"/{draw.word()}", host_of(draw)), stays_open=True)
    response.expect_status(status)
    response.expect_body(b"" if method == "HEAD" else body)
    if status in WITHOUT_BODY:
        response.about += f", whose status is {status}"
        response.expect_header("content-length")
    if length:
        response.expect_header("content-length", str(length))


@pytest.mark.points(5)
async def test_asgi_endings(stage: Stage, draw: Draw) -> None:
    """A client can tell where the response of an ASGI app ends, whatever the app says of it"""
    whole = b"".join(held_parts := bodies(draw))
    app, held_server = await Scripted.asgi(stage, [start(200), *map(part, held_parts), ("pause", None), END], " (held)")
    held = Request("GET", f"/{draw.word()}", host_of(draw))
    running = held_server.begin(held)
    await app.until_paused(running, "when it has sent a part of its response")
    for number, (method, status, is_told, parts) in enumerate(endings(draw), 1):
        body = b"".join(parts)
        headers = [(b"x-desk", b"here"), (b"content-length", str(len(body)).encode())] if is_told else []
        first = start(status, *headers)
        if not headers:
            del first[1]["headers"]  # the specification has a default for it
        _, server = await Scripted.asgi(stage, [first, *map(part, parts), END], f" ({number})")
        await expect_ending(server, draw, method, status, len(body) if is_told else 0, body)
    app.pause.release()
    response = held_server.read(held, await running, stays_open=True)
    response.about += ", which was held while others ran"
    response.expect_body(whole)


@pytest.mark.points(5)
async def test_wsgi_endings(stage: Stage, draw: Draw) -> None:
    """A client can tell where the response of a WSGI app ends, whatever the app says of it"""
    for number, (method, status, is_told, parts) in enumerate(endings(draw), 1):
        body = b"".join(parts)
        headers = [("X-Desk", "here"), ("CONTENT-Length", str(len(body)))] if is_told else []
        called: list[Step] = [("start", [f"{status} As You Like", headers])]
        _, server = await Scripted.wsgi(stage, called, [("part", each) for each in parts], f" ({number})")
        await expect_ending(server, draw, method, status, len(body) if is_told else 0, body)
