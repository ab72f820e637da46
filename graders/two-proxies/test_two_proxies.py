"""Two proxies: what reaches the other side, and what comes back, seen from both ends."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from proctor.checks import Application, Collaborator, Draw, Exchange, Handle, Stage, expect

Headers = list[tuple[str, str]]
Values = dict[str, list[str]]

WRITTEN = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host")
"""What the reverse proxy writes."""


def by_name(headers: Headers) -> Values:
    """Return the values of headers by name; ``Via`` is left out, which a proxy may add."""
    values: Values = {}
    for name, value in headers:
        if name.lower() != "via":
            values.setdefault(name.lower(), []).append(value)
    return values


def pairs_of(about: str, headers: object, kind: type[str] | type[bytes]) -> Headers:
    """Return headers that the submission has passed on, which have to be pairs of this type."""
    pairs: list[Any] = list(cast("list[Any]", headers)) if isinstance(headers, list | tuple) else [headers]
    for pair in pairs:
        is_pair = type(pair) in {list, tuple} and [type(each) for each in pair] == [kind, kind]
        expect(about, is_pair).is_true(f"pairs of {kind.__name__}", repr(pair))
    return [(_text(name), _text(value)) for name, value in pairs]


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


@dataclass
class Request:
    """A request as it has arrived at an upstream, or at `fetch`."""

    method: object
    target: object
    """What is asked for: an upstream's paths and query, or a URL."""

    headers: Headers
    body: object

    @property
    def values(self) -> Values:
        """The values of its headers, by name."""
        return by_name(self.headers)


@dataclass
class Answer:
    """What an upstream answers, or how it fails."""

    status: int = 200
    headers: Headers = field(default_factory=lambda: [("content-type", "text/plain")])
    parts: list[bytes] = field(default_factory=lambda: [b"ok"])
    error: Exception | None = None


class Upstream:
    """An upstream as the grader holds it. What has arrived there is `requests`; `answer` is what it answers next."""

    def __init__(self, stage: Stage, name: str) -> None:
        self.name, self.answer = name, Answer()
        self.called = stage.collaborator(f"{name} is called", "notify")
        self.read = stage.collaborator(f"{name} reads", "notify")
        self.asked = stage.collaborator(name, does=self._answer)
        self.parts = stage.collaborator(f"a part of {name}")
        self.app: Handle

    def _answer(self, *_asked: object) -> tuple[int, list[tuple[bytes, bytes]], list[bytes]]:
        if self.answer.error is not None:
            raise self.answer.error
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.answer.headers]
        return self.answer.status, headers, self.answer.parts

    def answer_one(self) -> None:
        """Answer the request that has waited longest."""
        for call in self.asked.waiting[:1]:
            call.answer(self._answer())

    @property
    def requests(self) -> list[Request]:
        """The requests that have arrived, in their order."""
        return [self._request(*call.args) for call in self.asked.calls]

    def _request(self, scope: dict[str, Any], body: object) -> Request:
        headers = pairs_of(f"the headers in the scope of {self.name}", scope["headers"], bytes)
        for name, _ in headers:
            expect(f"the name of a header in the scope of {self.name}", name).equals(name.lower())
        return Request(scope["method"], [scope["path"], scope["raw_path"], scope["query_string"]], headers, body)

    @property
    def paths(self) -> list[object]:
        """The paths that it was asked for."""
        return self.called.arguments


class Fetch:
    """`fetch` as the grader holds it. What it was asked for is `requests`; `answer` is what it answers next."""

    def __init__(self, stage: Stage) -> None:
        self.answer: tuple[int, Headers, bytes] = (200, [("Content-Type", "text/plain")], b"ok")
        self.requests: list[Request] = []
        self.collaborator: Collaborator = stage.collaborator("fetch", does=self._fetch)

    def _fetch(self, method: object, url: object, headers: object, body: object) -> tuple[int, Headers, bytes]:
        self.requests.append(Request(method, url, pairs_of("the headers that fetch is given", headers, str), body))
        return self.answer

    @property
    def urls(self) -> list[object]:
        """The URLs that it was asked for."""
        return [request.target for request in self.requests]


async def upstreams_of(stage: Stage, count: int) -> list[Upstream]:
    """Return so many upstreams."""
    upstreams = [Upstream(stage, f"upstreams[{number}]") for number in range(count)]
    for each in upstreams:
        each.app = await stage.props("upstream", each.called, each.read, each.asked, each.parts)
    return upstreams


async def reverse_proxy(stage: Stage, upstreams: list[Upstream]) -> Application:
    """Return the learner's reverse proxy."""
    [app] = await reverse_proxies(stage, upstreams, 1)
    return app


async def reverse_proxies(stage: Stage, upstreams: list[Upstream], count: int) -> list[Application]:
    """Return so many of the learner's reverse proxies, which are given the same list of upstreams."""
    listed = await stage.begin("listed", *(each.app for each in upstreams), on="props", keep=True)
    return [await stage.app("reverse_proxy", listed) for _ in range(count)]


async def forward_proxy(stage: Stage, *allow: str) -> tuple[Fetch, Application]:
    """Return `fetch`, and the learner's forward proxy, which may ask these hosts."""
    fetch = Fetch(stage)
    return fetch, await stage.app("forward_proxy", fetch.collaborator, await stage.props("hosts", list(allow)))


async def answered(answer: Exchange) -> Exchange:
    """Wait for an answer; what the application raised instead is the better message."""
    await answer.answered()
    if answer.error is not None:
        raise answer.error
    return answer


def host_of(draw: Draw) -> str:
    """Return the name of a host."""
    return f"{draw.word()}.example"


def hop_by_hop(draw: Draw) -> tuple[Headers, Headers]:
    """Return headers that are for one connection alone, and others, which look a little like them."""
    first, second = f"X-{draw.word()}", f"X-{draw.word()}"
    kept = [
        (f"{first}-kept".lower(), draw.word()),
        ("x-keep-alive", draw.word()),
        ("x-keep-alive", draw.word()),
        ("vary", "x-keep-alive"),
    ]
    dropped = [
        ("Connection", f"close, {first}"),
        ("Connection", second.upper()),
        (first.lower(), draw.word()),
        (second.lower(), draw.word()),
        ("Keep-Alive", "timeout=5"),
        ("Proxy-Authenticate", "Basic"),
        ("Proxy-Authorization", f"Basic {draw.word()}"),
        ("Proxy-Connection", "keep-alive"),
        ("TE", "trailers"),
        ("Transfer-Encoding", "chunked"),
        ("Upgrade", "h2c"),
    ]
    return dropped, kept


def lower(headers: Headers) -> Headers:
    """Return headers as an ASGI application sends them."""
    return [(name.lower(), value) for name, value in headers]


def expect_dropped(about: str, seen: Values, dropped: Headers) -> None:
    """None of these headers has been passed on."""
    left = {name: seen[name] for name in dict(lower(dropped)) if name in seen}
    expect(f"headers for one connection alone, among those {about}", left).is_empty("none")


@pytest.mark.points(8)
async def test_headers_of_one_connection_stay_behind(stage: Stage, draw: Draw) -> None:
    """The reverse proxy passes headers on, in both directions, but for those of one connection"""
    [upstream] = await upstreams_of(stage, 1)
    app, host = await reverse_proxy(stage, [upstream]), host_of(draw)
    dropped, kept = hop_by_hop(draw)
    not_returned, returned = hop_by_hop(draw)
    returned += [("set-cookie", f"a={draw.word()}"), ("set-cookie", f"b={draw.word()}")]
    upstream.answer = Answer(headers=draw.shuffled(lower(not_returned)) + returned)
    answer = await answered(app.request("GET", "/quotes", draw.shuffled(dropped) + kept, host=host))
    expect("the number of requests that reach upstreams[0]", len(upstream.requests)).equals(1)
    arrived = upstream.requests[0].values
    expect_dropped("that reach upstreams[0]", arrived, dropped)
    others = {name: values for name, values in arrived.items() if name not in WRITTEN}
    expect("the other headers that reach upstreams[0], by name", others).equals(by_name([("host", host), *kept]))
    sent = by_name(answer.headers)
    expect_dropped("that reach the client", sent, not_returned)
    expect("the other headers that reach the client, by name", sent).equals(by_name(returned))

    named = [(name, value) for name, value in dropped if name.startswith("x-")]
    await answered(app.request("GET", "/quotes", named, host=host))
    arrived = upstream.requests[-1].values
    others = {name: values for name, values in arrived.items() if name not in WRITTEN}
    about = "the other headers that reach upstreams[0], by name, where only an earlier request had a Connection header"
    expect(about, others).equals(by_name([("host", host), *named]))


@pytest.mark.points(7)
async def test_upstreams_learn_who_is_asking(stage: Stage, draw: Draw) -> None:
    """An upstream learns the client's address, scheme and host; what came in X-Forwarded-For stays before it"""
    [upstream] = await upstreams_of(stage, 1)
    app = await reverse_proxy(stage, [upstream])
    one, two, three = (f"198.51.100.{number}" for number in draw.sample(range(1, 255), 3))
    forged: Headers = [("X-Forwarded-Proto", "gopher"), ("X-Forwarded-Host", host_of(draw))]
    silenced: Headers = [("Connection", "X-Forwarded-For, X-Forwarded-Proto"), ("X-Forwarded-For", one), *forged]
    for about, headers, hops in (
        ("where nothing has come", [], []),
        ("where a list has come", [("X-Forwarded-For", f"{one}, {two}"), *forged], [one, two]),
        (
            "where two headers have come",
            [("X-Forwarded-For", f"{two}, {one}"), ("X-Forwarded-For", three)],
            [two, one, three],
        ),
        ("where Connection names X-Forwarded-For", silenced, []),
    ):
        for scheme in ("http", "https"):
            client, host = f"203.0.113.{draw.number(1, 254)}", f"{draw.word()}.example:{draw.number(8001, 8999)}"
            connection = app.over_connection(client=client, is_encrypted=scheme == "https")
            known = len(upstream.asked.calls)
            await answered(connection.request("GET", "/quotes", headers, host=host))
            expect("the number of requests that reach upstreams[0]", len(upstream.requests)).equals(known + 1)
            arrived = upstream.requests[-1].values
            chain = [each.strip() for line in arrived.get("x-forwarded-for", []) for each in line.split(",")]
            expect(f"the addresses in X-Forwarded-For, {about}", chain).equals([*hops, client])
            expect(f"X-Forwarded-Proto, {about}", arrived.get("x-forwarded-proto")).equals([scheme])
            expect(f"X-Forwarded-Host, {about}", arrived.get("x-forwarded-host")).equals([host])
            expect(f"Host at the upstream, {about}", arrived.get("host")).equals([host])


@pytest.mark.points(15)
@pytest.mark.public
async def test_upstreams_take_turns(stage: Stage, draw: Draw) -> None:
    """The upstreams are asked in turn, in the order in which requests arrive, also while others are under way"""
    upstreams = await upstreams_of(stage, draw.number(3, 4))
    app, other = await reverse_proxies(stage, upstreams, 2)
    for each in upstreams:
        each.answer = Answer(parts=[draw.word().encode()])
    upstreams[0].asked.parked = True
    under_way: list[tuple[Upstream, Exchange]] = []
    for number in range(2 * len(upstreams) + 1):
        upstream, path = upstreams[number % len(upstreams)], f"/{draw.word()}"
        before = list(upstream.paths)
        under_way.append((upstream, app.request("GET", path)))
        await stage.settled()
        seen = ", ".join(each.name for each in upstreams if path in each.paths) or "none"
        held = f", while {upstreams[0].name} is at work on others" if number else ""
        expect(f"the upstream of request number {number + 1}{held}", seen).equals(upstream.name)
        expect(f"the paths that {upstream.name} was asked for", upstream.paths).equals([*before, path])
    path = f"/{draw.word()}"
    under_way.append((upstreams[0], other.request("GET", path)))
    await stage.settled()
    seen = ", ".join(each.name for each in upstreams if path in each.paths) or "none"
    expect("the upstream of another proxy's first request", seen).equals(upstreams[0].name)
    for upstream, answer in under_way:
        upstream.answer_one()
        await answered(answer)
        expect(f"the answer to {answer.title}", answer.content).equals(upstream.answer.parts[0])


@pytest.mark.points(10)
async def test_bodies_are_streamed(stage: Stage, draw: Draw) -> None:
    """What has arrived of a body is passed on while the rest is still to come, in both directions"""
    [upstream] = await upstreams_of(stage, 1)
    app = await reverse_proxy(stage, [upstream])
    first, second = f"{draw.word()}\n".encode(), f"{draw.word()}\n".encode()
    upstream.answer, upstream.parts.parked = Answer(parts=[first, second]), True
    answer = app.request("GET", "/ticks")
    await stage.settled()
    upstream.parts.release()
    await stage.settled()
    if answer.ended and answer.error is not None:
        raise answer.error
    about = "what the client has of the answer while the upstream has sent the first of two parts"
    expect(about, answer.content).equals(first)
    upstream.parts.open()
    await answered(answer)
    expect("the body that the client has in the end", answer.content).equals(first + second)

    target, known = f"/{draw.word()}/a%20b?s={draw.word()}%26", len(upstream.read.calls)
    order = app.request("POST", target, hold_body=True)
    order.body(first, more=True)
    await stage.settled()
    read = [call.args[0] for call in upstream.read.calls[known:]]
    about = "what the upstream has of the body while the client has sent the first of two parts"
    expect(about, b"".join(read)).equals(first)
    order.body(second)
    await answered(order)
    request = upstream.requests[-1]
    expect("the body that the upstream has in the end", request.body).equals(first + second)
    expect("the method at the upstream", request.method).equals("POST")
    path, _, query = target.partition("?")
    asked_for = [path.replace("%20", " "), path.encode(), query.encode()]
    expect("path, raw_path and query_string at the upstream", request.target).equals(asked_for)


@pytest.mark.points(5)
async def test_a_failing_upstream_is_a_bad_gateway(stage: Stage, draw: Draw) -> None:
    """An upstream that raises before its answer is a 502, and after the answer has begun there is no second one"""
    upstreams = await upstreams_of(stage, 2)
    first, second = upstreams
    app, body = await reverse_proxy(stage, upstreams), draw.word().encode()
    second.answer = Answer(status=503, parts=[body])
    for error in (ConnectionError(draw.word()), ValueError(draw.word())):
        first.answer = Answer(error=error)
        failed, asked = app.request("GET", "/quotes"), len(second.paths)
        await stage.settled()
        about = f"what upstreams[1] was asked for, when upstreams[0] raised {type(error).__name__}"
        expect(about, second.paths[asked:]).is_empty("nothing")
        await expect_bad_gateway(failed, f"when upstreams[0] raises {type(error).__name__} before its answer")
        refused = await answered(app.request("GET", "/quotes"))
        expect("the status when upstreams[1] answers with 503", refused.status).equals(503)
        expect("the body when upstreams[1] answers with 503", refused.content).equals(body)
    expect("how often upstreams[0] was asked, by two requests of four", len(first.paths)).equals(2)

    first.answer, second.asked.parked, first.asked.parked, first.parts.parked = Answer(parts=[body, b"!"]), *[True] * 3
    cut, failed = app.request("GET", "/ticks"), app.request("GET", "/quotes")
    await stage.until(lambda: bool(first.asked.waiting and second.asked.waiting), "both upstreams are asked")
    first.asked.release()
    await stage.until(lambda: bool(first.parts.waiting) or cut.ended, "upstreams[0] sends the first part")
    first.parts.release()
    await stage.until(lambda: bool(first.parts.waiting) or cut.ended, "upstreams[0] comes to the second part")
    second.asked.waiting[0].fail(ConnectionError(draw.word()))
    await expect_bad_gateway(failed, "when upstreams[1] raises before its answer, in the middle of another one's")
    for part in first.parts.waiting:
        part.fail(ConnectionError(draw.word()))
    await cut.finished()
    about = "when upstreams[0] raises after the first of two parts"
    expect(f"the status {about}", cut.status).equals(200)
    expect(f"the body {about}", cut.content).equals(body)
    expect(f"the answer {about}", not cut.complete).is_true("cut off", "ended, as if nothing was missing")

    cancelled = app.request("GET", "/quotes")
    await stage.until(lambda: bool(first.asked.waiting), "upstreams[0] is asked")
    cancelled.abort()
    await cancelled.finished()
    expect("the status of an answer to a request that the server has cancelled", cancelled.status).equals(None)
    await stage.settled()
    about = "what became of the work of upstreams[0] on a request that the server has cancelled"
    expect(about, first.asked.calls[-1].state).equals("cancelled")


async def expect_bad_gateway(failed: Exchange, about: str) -> None:
    """The client gets a 502, in one piece."""
    await failed.finished()
    seen = f"no answer, but {failed.error.kind}" if failed.error and failed.status is None else failed.status
    expect(f"the status {about}", seen).equals(502)
    await failed.answered()


@pytest.mark.points(5)
async def test_the_reverse_proxy_asks_nobody_else(stage: Stage, draw: Draw) -> None:
    """Whoever asks the reverse proxy for another host gets 400, and no upstream hears of it"""
    upstreams = await upstreams_of(stage, 2)
    app, host = await reverse_proxy(stage, upstreams), host_of(draw)
    before, after = f"/{draw.word()}", f"/{draw.word()}"
    await answered(app.request("GET", before, host=host))
    expect("what upstreams[0] was asked for", upstreams[0].paths).equals([before])
    for method, target in (("GET", f"http://{host_of(draw)}/quotes"), ("CONNECT", f"{host_of(draw)}:443")):
        refused = await answered(app.request(method, target, host=host))
        asked = [path for each in upstreams for path in each.paths]
        expect(f"what the upstreams were asked for, after {refused.title}", asked).equals([before])
        expect(f"the status of {refused.title}", refused.status).equals(400)
    await answered(app.request("GET", after, host=host))
    expect("what upstreams[1] was asked for, once others had been refused", upstreams[1].paths).equals([after])


@pytest.mark.points(20)
async def test_only_allowed_hosts_are_asked(stage: Stage, draw: Draw) -> None:
    """The forward proxy fetches from the hosts that are allowed, with their ports, and from no others"""
    name, board, other = (draw.word() for _ in range(3))
    port = draw.number(8000, 8099)
    fetch, app = await forward_proxy(stage, f"{name}.example", f"{board.title()}.Example:{port}")
    allowed = (
        ("an allowed host", f"http://{name}.example/q/{draw.word()}"),
        ("an allowed host in capitals", f"http://{name.upper()}.EXAMPLE/q"),
        ("an allowed host with the port that http has anyway", f"http://{name}.example:80/q"),
        ("an allowed host with its port", f"http://{board}.example:{port}/q"),
    )
    for number, (about, target) in enumerate(allowed, start=1):
        answer = await answered(app.request("GET", target, host=f"{other}.example"))
        expect(f"the status of {answer.title}, {about}", answer.status).equals(200)
        expect(f"the number of fetches after {answer.title}, {about}", len(fetch.urls)).equals(number)
    for about, target in (
        ("another host", f"http://{other}.example/q"),
        ("an allowed host with another port", f"http://{name}.example:{port}/q"),
        ("an allowed host without its port", f"http://{board}.example/q"),
        ("an allowed host without its port", f"http://{board}.example:80/q"),
        ("a host whose name ends like an allowed one", f"http://{other}{name}.example/q"),
        ("a host whose name ends like an allowed one", f"http://{other}.{name}.example/q"),
        ("a host whose name begins like an allowed one", f"http://{name}.example.{other}.example/q"),
        ("an allowed name in the path", f"http://{other}.example/{name}.example"),
        ("an allowed URL in the path", f"http://{other}.example/http://{name}.example/q"),
        ("an allowed name in the query", f"http://{other}.example/q?next=http://{name}.example/q"),
        ("an allowed name before the @", f"http://{name}.example@{other}.example/q"),
        ("an allowed name before the @", f"http://{name}.example:80@{other}.example/q"),
        ("an allowed name and an escaped slash before the @", f"http://{name}.example%2F@{other}.example/q"),
    ):
        answer = await answered(app.request("GET", target, host=f"{name}.example"))
        expect(f"what is fetched for {answer.title}, {about}", fetch.urls[len(allowed) :]).is_empty("nothing")
        expect(f"the status of {answer.title}, {about}", answer.status).equals(403)


@dataclass
class Fetching:
    """A request to the forward proxy, and what it is answered with."""

    method: str
    target: str
    headers: Headers
    body: tuple[bytes, bytes]
    dropped: Headers
    returned: Headers
    status: int
    content: bytes

    @property
    def answer(self) -> tuple[int, Headers, bytes]:
        """What `fetch` answers."""
        return self.status, self.dropped + self.returned, self.content


def fetching_of(draw: Draw, method: str, target: str) -> Fetching:
    """Return a request with values that nobody else has."""
    dropped, returned = hop_by_hop(draw)
    content = b"\xff\x00" + draw.word().encode()
    returned += [("Content-Type", "image/png"), ("Set-Cookie", f"a={draw.word()}"), ("Set-Cookie", f"b={draw.word()}")]
    return Fetching(
        method,
        target,
        headers=[("accept", "text/plain"), ("x-note", draw.word()), ("accept", draw.word())],
        body=(draw.word().encode(), b"\xfe" + draw.word().encode()),
        dropped=dropped,
        returned=[*returned, ("Content-Length", str(len(content)))],
        status=draw.one_of([201, 404, 503]),
        content=content,
    )


@pytest.mark.points(10)
async def test_requests_are_fetched_as_they_were_sent(stage: Stage, draw: Draw) -> None:
    """A request in absolute form is fetched as it was sent, for the host of its URL, and its answer comes back"""
    host, word = host_of(draw), draw.word()
    fetch, app = await forward_proxy(stage, host, f"{host}:8080")
    methods = draw.sample(["POST", "PUT", "PATCH"], 2)
    held = fetching_of(draw, methods[0], f"http://{host}/{word}")
    other = fetching_of(draw, methods[1], f"http://{host}:8080/{word}/%20a%2Fb%3Fc?s={word}%26&t=a+b")
    answers = [
        app.request(each.method, each.target, each.headers, host=host_of(draw), hold_body=True)
        for each in (held, other)
    ]
    for each, answer in zip((held, other), answers, strict=True):
        answer.body(each.body[0], more=True)
    await stage.settled()
    for each, answer in ((other, answers[1]), (held, answers[0])):
        fetch.answer = each.answer
        answer.body(each.body[1])
        await answered(answer)
        expect("the last URL that was fetched", fetch.urls[-1:]).equals([each.target])
        expect_fetched(fetch.requests[-1], each)
        expect(f"the status of the answer to {answer.title}", answer.status).equals(each.status)
        sent = by_name(answer.headers)
        expect_dropped(f"of the answer to {answer.title}", sent, each.dropped)
        expect(f"the headers of the answer to {answer.title}, by name", sent).equals(by_name(each.returned))
        expect(f"the body of the answer to {answer.title}", answer.content).equals(each.content)
    expect("the number of fetches for two requests", len(fetch.urls)).equals(2)


def expect_fetched(request: Request, sent: Fetching) -> None:
    """What `fetch` was given is what the client has sent, with the host of the URL."""
    expect(f"the method with which {sent.target} was fetched", request.method).equals(sent.method)
    host = sent.target.split("/")[2]
    expect(f"Host in the headers with which {sent.target} was fetched", request.values.get("host")).equals([host])
    expected = by_name([("host", host), *sent.headers])
    expect(f"the headers with which {sent.target} was fetched, by name", request.values).equals(expected)
    expect(f"the body with which {sent.target} was fetched", request.body).equals(b"".join(sent.body))


@pytest.mark.points(5)
async def test_other_forms_are_refused(stage: Stage, draw: Draw) -> None:
    """The forward proxy takes no other form of request: 400 for a path alone, 501 for CONNECT"""
    host, other = host_of(draw), host_of(draw)
    fetch, app = await forward_proxy(stage, host, f"{host}:443")
    target = f"http://{host}/quotes"
    await answered(app.request("GET", target, host=host))
    expect("what is fetched for a request in absolute form", fetch.urls).equals([target])
    for method, form, status in (
        ("GET", f"/{draw.word()}", 400),
        ("GET", f"/{target}", 400),
        ("CONNECT", f"{host}:443", 501),
        ("CONNECT", f"{other}:443", 501),
    ):
        refused = await answered(app.request(method, form, host=host))
        expect(f"what is fetched for {refused.title}, Host: {host}", fetch.urls[1:]).is_empty("nothing")
        expect(f"the status of {refused.title}, Host: {host}", refused.status).equals(status)


@pytest.mark.points(15)
async def test_the_client_stays_hidden(stage: Stage, draw: Draw) -> None:
    """What is fetched tells nothing of the client: not its address, its session or its connection"""
    host, client = host_of(draw), f"10.1.{draw.number(0, 255)}.{draw.number(1, 254)}"
    fetch, proxy = await forward_proxy(stage, host)
    app = proxy.over_connection(client=client)
    telltales: Headers = [
        ("Forwarded", f"for={client}"),
        ("X-Forwarded-For", client),
        ("X-Forwarded-Host", host_of(draw)),
        ("X-Forwarded-Proto", "https"),
        ("X-Real-IP", client),
    ]
    dropped, kept = hop_by_hop(draw)
    session = f"desk_session={draw.word()}="
    kept += [("x-note", f"a ;{session}"), ("x-empty", "")]
    cookies = [f"theme={draw.word()}=", f"my_desk_session={draw.word()}", f"desk_session_x={draw.word()}", "a=b"]
    lines = [("Cookie", f"{cookies[0]}; {session}; {cookies[1]}"), ("Cookie", f"{session}; {cookies[2]}; {cookies[3]}")]
    for about, sent, left in (
        ("that tells of the client", [*telltales, *kept, *lines], cookies),
        ("that tells nothing of the client", [*kept, ("Cookie", cookies[0])], cookies[:1]),
        ("with the session as its only cookie", [*dropped, *telltales, *kept, ("Cookie", session)], []),
    ):
        target = f"http://{host}/{draw.word()}"
        await answered(app.request("GET", target, sent, host=host))
        expect("the last URL that was fetched", fetch.urls[-1:]).equals([target])
        seen = fetch.requests[-1].values
        told = {name: seen[name] for name in dict(lower(telltales)) if name in seen}
        expect(
            f"headers that tell of the client, among those that fetch is given for a request {about}", told
        ).is_empty("none")
        expect_dropped(f"that fetch is given for a request {about}", seen, dropped)
        found = [each.strip() for line in seen.pop("cookie", []) for each in line.split(";")]
        expect(f"the cookies that fetch is given for a request {about}", found).equals(left)
        expected = by_name([("host", host), *kept])
        expect(f"the other headers that fetch is given for a request {about}, by name", seen).equals(expected)
