"""The same-origin policy: what the learner's browser says and sends, beside what the Fetch standard has it do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from proctor.checks import Answer, Collaborator, Draw, Running, Stage, expect
from proctor.checks.browser import fetch
from proctor.checks.cors_protocol import cors_check
from proctor.checks.fetch_request import Request, needs_preflight

JSON = "application/json"
TEXT = "text/plain"
ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials"
ALLOW_METHODS = "Access-Control-Allow-Methods"
ALLOW_HEADERS = "Access-Control-Allow-Headers"
NOT_FOUND = Answer(404, [])
UNREADABLE = Answer(200, [])

Pairs = Sequence[tuple[str, str]]


async def expect_result(stage: Stage, what: str, expected: object, function: str, *arguments: object) -> None:
    """The function returns this."""
    about = f"{function}({', '.join(map(repr, arguments))}), {what}"
    expect(about, await stage.call(function, *arguments)).equals(expected)


# Origins


@pytest.mark.points(14)
@pytest.mark.public
async def test_an_origin_is_scheme_host_and_port(stage: Stage, draw: Draw) -> None:
    """origin_of() keeps scheme, host and a port that is not the default one, and nothing else of a URL"""
    host, port, number = f"{draw.word()}.example", draw.number(1024, 9999), draw.number(1, 99)
    for what, url, origin in (
        ("with nothing else", f"https://{host}", f"https://{host}"),
        ("with path, query and fragment", f"http://{host}/orders/7?day=1#top", f"http://{host}"),
        ("with a query right behind the host", f"https://{host}?next=https://{draw.word()}/", f"https://{host}"),
        ("with a fragment right behind the port", f"https://{host}:{port}#top", f"https://{host}:{port}"),
        ("with a port", f"http://{host}:{port}/", f"http://{host}:{port}"),
        ("with capital letters", f"HTTPS://{host.title()}:{port}/Orders", f"https://{host}:{port}"),
        ("with a user name", f"https://{draw.word()}@{host}/", f"https://{host}"),
        (
            "with a user name and a password",
            f"https://desk.example:{draw.word()}@{host}:{port}/",
            f"https://{host}:{port}",
        ),
        ("with an IPv6 address", f"http://[::{number}]/", f"http://[::{number}]"),
        (
            "with an IPv6 address and a port",
            f"http://[2001:DB8::{number}]:{port}/",
            f"http://[2001:db8::{number}]:{port}",
        ),
        ("with a dot at the end of the host", f"https://{host}./", f"https://{host}."),
        ("with the port of the other scheme", f"http://{host}:443/", f"http://{host}:443"),
        ("with the port of the other scheme", f"https://{host}:80/", f"https://{host}:80"),
        ("with the default port of its scheme", f"https://{host}:443/orders", f"https://{host}"),
        ("with the default port of its scheme", f"http://{host}:80", f"http://{host}"),
        ("with the default port of its scheme", f"HTTPS://[::{number}]:443/", f"https://[::{number}]"),
    ):
        await expect_result(stage, what, origin, "origin_of", url)


@pytest.mark.points(6)
async def test_other_texts_have_no_origin(stage: Stage, draw: Draw) -> None:
    """origin_of() finds an origin in http and https URLs, and none in any other text"""
    host = f"{draw.word()}.example"
    await expect_result(stage, "a whole URL", f"https://{host}", "origin_of", f"https://{host}/orders")
    for what, text in (
        ("a URL of a file", f"file:///home/{draw.word()}/report.html"),
        ("a URL of a file", f"file://{host}/report.html"),
        ("a URL of another scheme", f"data:text/html,{draw.word()}"),
        ("a URL of another scheme", "about:blank"),
        ("a URL of another scheme", f"{host}:8000"),
        ("without a scheme", host),
        ("without a scheme", f"//{host}/orders"),
        ("without a scheme", f"/{draw.word()}"),
        ("without a scheme", "null"),
        ("without a scheme", ""),
        ("without a host", "https://"),
        ("without a host", "http://:8000/"),
    ):
        await expect_result(stage, what, None, "origin_of", text)


@pytest.mark.points(15)
async def test_same_origin_compares_all_three(stage: Stage, draw: Draw) -> None:
    """same_origin() says yes where scheme, host and port are the same, and nowhere else"""
    host, port = f"{draw.word()}.example", draw.number(1024, 9999)
    desk = f"https://{host}"
    for what, url, is_same in (
        ("the same", f"{desk}/orders", True),
        ("in capital letters", f"HTTPS://{host.upper()}/", True),
        ("another site", f"https://{draw.word()}.example/", False),
        ("another scheme", f"http://{host}/", False),
        ("another port", f"{desk}:{port}/", False),
        ("a subdomain", f"https://api.{host}/", False),
        ("a host that only ends like it", f"https://{draw.word()}{host}/", False),
        ("a host that only begins like it", f"{desk}.{draw.word()}.example/", False),
        ("its host as a user name", f"{desk}@{draw.word()}.example/", False),
        ("with the default port", f"{desk}:443/orders/7", True),
        ("no origin", "file:///report.html", False),
    ):
        for one, other in ((f"{desk}/quotes", url), (url, f"{desk}/quotes")):
            await expect_result(stage, what, is_same, "same_origin", one, other)
    for text in (f"file:///{draw.word()}.html", "about:blank"):
        await expect_result(stage, "which has no origin", False, "same_origin", text, text)


# Preflights


async def expect_preflight(
    stage: Stage, what: str, method: str, headers: dict[str, str], body_type: str | None = None
) -> None:
    """The learner's browser asks first where the standard has it ask first."""
    pairs = [*headers.items(), *([] if body_type is None else [("Content-Type", body_type)])]
    expected = needs_preflight(method, pairs)
    await expect_result(stage, what, expected, "needs_preflight", method, headers, body_type)


@pytest.mark.points(12)
async def test_methods_and_headers_need_a_preflight(stage: Stage, draw: Draw) -> None:
    """needs_preflight() knows the simple methods, and the simple headers in any case"""
    for method in ("GET", "DELETE", "HEAD", "POST", "PUT", "PATCH", "OPTIONS", draw.word(7).upper()):
        await expect_preflight(stage, "by its method", method, {})
    language, made_up = draw.one_of(("de", "fr", "it")), f"X-{draw.word().title()}"
    for names in (
        ("Accept",),
        ("Accept-Language",),
        ("Content-Language",),
        ("accept", "ACCEPT-LANGUAGE", "content-Language"),
        (made_up,),
        (made_up.lower(),),
        ("Authorization",),
        ("If-None-Match",),
        ("Accept", made_up),
        (made_up, "Accept"),
        ("X-Accept",),
    ):
        for method in ("GET", "POST"):
            await expect_preflight(stage, "by its headers", method, dict.fromkeys(names, language))
    await expect_preflight(stage, "by its method", "PUT", {"Accept": language})


@pytest.mark.points(13)
async def test_content_types_need_a_preflight(stage: Stage, draw: Draw) -> None:
    """needs_preflight() knows the three simple content types, in any case and with parameters"""
    word = draw.word()
    for what, body_type in (
        ("without a content type", None),
        ("with a simple content type", TEXT),
        ("with a simple content type", "application/x-www-form-urlencoded"),
        ("with a simple content type", "multipart/form-data"),
        ("with JSON", JSON),
        ("with a simple content type and a parameter", f"{TEXT};charset=UTF-8"),
        ("with a simple content type and a parameter", f"multipart/form-data; boundary={word}"),
        ("with a simple content type in capital letters", "Text/Plain; charset=utf-8"),
        ("with a simple content type and a parameter", f"{TEXT}; {JSON}"),
        ("with JSON and a parameter", f"{JSON}; charset=utf-8"),
        ("with another content type", f"application/vnd.{word}+json"),
        ("with another content type", "application/xml"),
        ("with another content type", "text/csv"),
        ("with another content type", f"{TEXT}-{word}"),
    ):
        await expect_preflight(stage, what, "POST", {}, body_type)
    await expect_preflight(stage, "with a simple content type", "PUT", {}, TEXT)
    await expect_preflight(stage, "with JSON", "POST", {"Accept": "text/html"}, JSON)


# Reading


async def expect_reading(stage: Stage, what: str, headers: Pairs, origin: str, *, credentials: bool) -> None:
    """The learner's browser lets the page read where the standard does."""
    expected = cors_check(Request(origin, credentials=credentials), headers) == ""
    await expect_result(stage, what, expected, "may_read", headers, origin, credentials)


@pytest.mark.points(10)
async def test_one_origin_or_a_star_lets_read(stage: Stage, draw: Draw) -> None:
    """may_read() lets a page read without credentials by its exact origin or `*`, named once"""
    page, other = f"https://{draw.word()}.example", f"https://{draw.word()}.example:{draw.number(1024, 9999)}"
    plain = ("Content-Type", JSON)
    cases: list[tuple[str, Pairs]] = [
        ("the page's origin", [plain, (ALLOW_ORIGIN, page)]),
        ("no CORS headers", [plain]),
        ("any origin", [(ALLOW_ORIGIN, "*"), plain]),
        ("a name in small letters", [(ALLOW_ORIGIN.lower(), page), (ALLOW_CREDENTIALS.lower(), "true")]),
        ("another origin", [(ALLOW_ORIGIN, other)]),
        ("another header", [("X-Origin", page), (ALLOW_METHODS, "GET")]),
        ("no origin", [(ALLOW_ORIGIN, "null"), (ALLOW_CREDENTIALS, "true")]),
        ("a longer text", [(ALLOW_ORIGIN, f"{page}.{draw.word()}.example")]),
        ("a longer text", [(ALLOW_ORIGIN, f"{page}/")]),
        ("a shorter text", [(ALLOW_ORIGIN, page[:-1])]),
        ("a list of origins", [(ALLOW_ORIGIN, f"{page}, {other}")]),
        ("a list of origins", [(ALLOW_ORIGIN, f"{other} {page}")]),
        ("a pattern", [(ALLOW_ORIGIN, "https://*.example")]),
        ("other letters", [(ALLOW_ORIGIN, page.upper())]),
        ("one origin twice", [(ALLOW_ORIGIN, page), (ALLOW_ORIGIN, page)]),
        ("two origins", [(ALLOW_ORIGIN, other), (ALLOW_ORIGIN.lower(), page)]),
        ("two origins", [(ALLOW_ORIGIN, page), (ALLOW_ORIGIN, "*")]),
    ]
    for what, headers in cases:
        await expect_reading(stage, what, headers, page, credentials=False)
    for what, value in (("no origin", "null"), ("another origin", page)):
        await expect_reading(stage, what, [(ALLOW_ORIGIN, value)], "null", credentials=False)


@pytest.mark.points(10)
async def test_credentials_need_more(stage: Stage, draw: Draw) -> None:
    """may_read() lets a page read with credentials by its exact origin and `true`, and not by `*`"""
    page, other = f"https://{draw.word()}.example", f"https://{draw.word()}.example"
    mine, trusted = (ALLOW_ORIGIN, page), (ALLOW_CREDENTIALS, "true")
    for what, headers in (
        ("the page's origin and true", [mine, trusted]),
        ("any origin and true", [(ALLOW_ORIGIN, "*"), trusted]),
        ("any origin", [(ALLOW_ORIGIN, "*")]),
        ("the page's origin alone", [mine]),
        ("names in small letters", [(ALLOW_CREDENTIALS.lower(), "true"), (ALLOW_ORIGIN.lower(), page)]),
        ("the page's origin and something else", [mine, (ALLOW_CREDENTIALS, "True")]),
        ("the page's origin and something else", [mine, (ALLOW_CREDENTIALS, "false")]),
        ("the page's origin and something else", [mine, (ALLOW_CREDENTIALS, "")]),
        ("the page's origin and true twice", [mine, trusted, trusted]),
        ("another origin and true", [(ALLOW_ORIGIN, other), trusted]),
        ("true alone", [trusted]),
    ):
        await expect_reading(stage, what, headers, page, credentials=True)
    await expect_reading(stage, "no origin and true", [(ALLOW_ORIGIN, "null"), trusted], "null", credentials=True)


# Verdicts


@dataclass(frozen=True)
class Visit:
    """What the script of a page asks a server for, and how that server answers."""

    what: str
    page: str
    origin: str
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body_type: str | None = None
    body: str = ""
    credentials: bool = False
    permission: Answer = NOT_FOUND
    """The answer to a preflight."""
    answer: Answer = UNREADABLE
    is_own: bool = False
    """Is the page of the server's own origin?"""

    @property
    def request(self) -> dict[str, Any]:
        """The request as the learner's function is given it."""
        return {
            "method": self.method,
            "url": self.url,
            "headers": self.headers,
            "body_type": self.body_type,
            "body": self.body,
        }

    @property
    def own_headers(self) -> Pairs:
        """The headers that the script has set."""
        return [*self.headers.items(), *([] if self.body_type is None else [("Content-Type", self.body_type)])]

    @property
    def target(self) -> str:
        """The URL as the server hears it."""
        return f"/{self.url.split('/', 3)[3]}"

    def decide(self, method: str) -> Answer:
        """Return what the server answers."""
        return self.permission if method == "OPTIONS" else self.answer


@dataclass(frozen=True)
class Sent:
    """One request: what a browser sends, or what a server has heard. Names of headers are in small letters."""

    method: str
    headers: dict[str, str]
    body: bytes


def joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers by name in small letters, several values of one name joined."""
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value)
    return {name: ", ".join(each) for name, each in values.items()}


async def in_a_browser(visit: Visit) -> tuple[list[Sent], str]:
    """Return what the Fetch standard has a browser send, and the verdict on it."""
    requests: list[Sent] = []
    if visit.is_own:
        return [Sent(visit.method, joined(visit.own_headers), visit.body.encode())], "ok"

    async def send(method: str, headers: Pairs, body: bytes) -> Answer:
        requests.append(Sent(method, joined(headers), body))
        return visit.decide(method)

    body = visit.body.encode()
    access = await fetch(Request(visit.origin, visit.method, visit.own_headers, visit.credentials, body), send)
    blocked = "sent-but-unreadable" if access.sent else "blocked-before"
    return requests, "ok" if access.readable else blocked


async def begin(stage: Stage, visit: Visit, *, parked: bool = False) -> tuple[Collaborator, Running]:
    """Begin a visit and do not wait."""

    def decide(heard: dict[str, Any]) -> dict[str, Any]:
        answer = visit.decide(heard["method"])
        return {"status": answer.status, "headers": list(answer.headers)}

    server = stage.collaborator(f"the server of {visit.what}", parked=parked, does=decide)
    app = await stage.props("server", server)
    return server, stage.begin("verdict", app, visit.page, visit.request, visit.credentials)


async def expect_verdict(visit: Visit, server: Collaborator, running: Running) -> None:
    """The server hears what a browser sends, and the verdict is that on a browser."""
    requests, verdict = await in_a_browser(visit)
    seen = await running
    targets = [f"{heard['method']} {heard['target']}" for heard in server.arguments]
    expect(f"what reached the server, for {visit.what}", targets).equals(
        [f"{request.method} {visit.target}" for request in requests]
    )
    for request, heard in zip(requests, server.arguments, strict=True):
        expect_sent(visit, request, Sent(heard["method"], joined(heard["headers"]), heard["body"]))
    expect(f"verdict() of {visit.what}", seen).equals(verdict)


def expect_sent(visit: Visit, request: Sent, heard: Sent) -> None:
    """The server has heard this request; what a client says of itself is its own affair."""
    own = joined(visit.own_headers)
    watched = {"content-type", "access-control-request-method", "access-control-request-headers"}
    watched |= set() if visit.is_own else {"origin"}
    if request.method == visit.method:
        watched |= set(own)
    else:
        about = f"headers of the request that are on its preflight, for {visit.what}"
        expect(about, [name for name in own if heard.headers.get(name) == own[name]]).is_empty("none")
    about = f"the headers of {request.method} {visit.target}, for {visit.what}"
    expect(about, {name: value for name, value in sorted(heard.headers.items()) if name in watched}).equals(
        {name: value for name, value in sorted(request.headers.items()) if name in watched}
    )
    expect(f"the body of {request.method} {visit.target}, for {visit.what}", heard.body).equals(request.body)


async def expect_verdicts(stage: Stage, visits: Iterable[Visit]) -> None:
    """Each visit, one after another, goes as it goes in a browser."""
    for visit in visits:
        await expect_verdict(visit, *await begin(stage, visit))


async def expect_verdicts_side_by_side(stage: Stage, visits: Iterable[Visit]) -> None:
    """Each visit goes as it goes in a browser, although all are under way at the same time."""
    begun = [(visit, *await begin(stage, visit, parked=True)) for visit in visits]
    await stage.settled()
    for _, server, _ in begun:
        server.release()
        await stage.settled()
    for visit, server, running in begun:
        server.open()
        await expect_verdict(visit, server, running)


@dataclass(frozen=True)
class Tab:
    """A page, and the URL of an order at an API that lives elsewhere."""

    page: str
    origin: str
    url: str

    def get(self, what: str, answer: Answer, *, method: str = "GET", credentials: bool = False) -> Visit:
        """Return a simple request."""
        what = f"a {method} {what}"
        return Visit(what, self.page, self.origin, method, self.url, credentials=credentials, answer=answer)

    def post(
        self, what: str, headers: dict[str, str], body_type: str, body: str, permission: Answer, answer: Answer
    ) -> Visit:
        """Return a request with headers and a body."""
        sent, answers = (headers, body_type, body), (False, permission, answer)
        return Visit(f"a POST {what}", self.page, self.origin, "POST", self.url, *sent, *answers)

    def with_header(self, method: str, name: str, value: str, permission: Answer, answer: Answer) -> Visit:
        """Return a request that is simple but for one header."""
        what, answers = f"a {method} with {name}, which is permitted", (False, permission, answer)
        return Visit(what, self.page, self.origin, method, self.url, {name: value}, None, "", *answers)

    def delete(self, what: str, permission: Answer, answer: Answer, *, credentials: bool = False) -> Visit:
        """Return a request that is not simple, although its headers are."""
        what, answers = f"a DELETE {what}", (credentials, permission, answer)
        return Visit(what, self.page, self.origin, "DELETE", self.url, {"Accept": "text/csv"}, None, "", *answers)


def open_tab(draw: Draw) -> Tab:
    """Return a page of any site."""
    origin, word = f"https://{draw.word()}.example", draw.word()
    url = f"https://{draw.word()}.example/orders/{draw.number(1, 999)}?by={word}"
    return Tab(f"{origin}/{word}?tab=1", origin, url)


@pytest.mark.points(7)
async def test_simple_requests_are_sent(stage: Stage, draw: Draw) -> None:
    """verdict() sends a simple request at once, and tells by its answer whether the page can read it"""
    tab = open_tab(draw)
    file = replace(tab, page=f"file:///{draw.word()}.html", origin="null")
    mine, trusted, no_preflight = (ALLOW_ORIGIN, tab.origin), (ALLOW_CREDENTIALS, "true"), NOT_FOUND
    other = (ALLOW_ORIGIN, f"https://{draw.word()}.example")
    note, language = draw.word(), {"Accept-Language": draw.one_of(("de", "fr", "it"))}
    visits = (
        tab.post("of text to a server without CORS", language, TEXT, note, no_preflight, UNREADABLE),
        tab.post("of text that the page may read", {}, TEXT, note, no_preflight, Answer(201, [mine])),
        tab.get("that any page may read", Answer(200, [(ALLOW_ORIGIN, "*")])),
        tab.get("that another page may read", Answer(200, [other, trusted])),
        tab.get("answered with 500, which the page may read", Answer(500, [mine])),
        tab.get("with credentials that the page may read", Answer(200, [mine, trusted]), credentials=True),
        tab.get("with credentials that the page may read without them", Answer(200, [mine]), credentials=True),
        file.get("by a page in a file that may read", Answer(200, [(ALLOW_ORIGIN, "null")])),
        file.get("by a page in a file that may not read", Answer(200, [mine]), method="HEAD"),
    )
    await expect_verdicts(stage, visits)


@pytest.mark.points(8)
async def test_other_requests_ask_first(stage: Stage, draw: Draw) -> None:
    """verdict() sends what is not simple after a preflight that succeeds, and not at all after one that fails"""
    tab = open_tab(draw)
    elsewhere = replace(open_tab(draw), url=tab.url)
    mine, trusted = (ALLOW_ORIGIN, tab.origin), (ALLOW_CREDENTIALS, "true")
    others, anybody = (ALLOW_ORIGIN, elsewhere.origin), (ALLOW_ORIGIN, "*")
    key, note = f"X-{draw.word().title()}", draw.word()
    keyed = {key: draw.word(), "Authorization": f"Bearer {draw.word()}", "Accept": "text/csv"}
    methods, names = (ALLOW_METHODS, "GET, DELETE"), (ALLOW_HEADERS, f"Authorization,{key.upper()} , content-type")
    permission, readable = Answer(200, [mine, methods]), Answer(200, [mine])
    for_all, trusting = Answer(200, [anybody, methods, names]), Answer(200, [mine, trusted, methods])
    visits = (
        tab.delete("to a server without CORS", NOT_FOUND, readable),
        tab.delete("that is permitted", permission, readable),
        tab.delete("that is permitted, and then cannot be read", for_all, UNREADABLE),
        tab.delete("permitted in a list without spaces", Answer(200, [mine, (ALLOW_METHODS, "PUT,DELETE")]), readable),
        tab.delete("where GET and PUT are permitted", Answer(200, [mine, (ALLOW_METHODS, "GET,PUT")]), readable),
        tab.delete("that another page may send", Answer(200, [others, methods]), readable),
        *(
            tab.delete(f"whose preflight is answered with {status}", Answer(status, [mine, methods]), readable)
            for status in (204, 299, 300, 401, 500)
        ),
        tab.delete("with credentials", trusting, trusting, credentials=True),
        tab.delete("with credentials, permitted without them", permission, trusting, credentials=True),
        *(
            tab.with_header(method, key, draw.word(), Answer(200, [mine, (ALLOW_HEADERS, key)]), readable)
            for method in ("GET", "HEAD", "POST")
        ),
        tab.post("of JSON and headers, all permitted", keyed, JSON, note, Answer(200, [mine, names]), readable),
        *(
            tab.post(
                f"{what} permitted", sent, content_type, note, Answer(200, [mine, (ALLOW_HEADERS, only)]), readable
            )
            for what, sent, content_type, only in (
                ("of JSON and a header that alone is", {key: note}, JSON, key),
                ("of text and headers of which only the first is", keyed, TEXT, "Authorization"),
                ("of text and headers of which only the last is", keyed, TEXT, key),
            )
        ),
    )
    await expect_verdicts(stage, visits)

    home = tab.url.removesuffix(tab.url.split("/", 3)[3])
    told_anyway = Answer(200, [(ALLOW_ORIGIN, home.removesuffix("/"))])
    own = replace(tab, page=home).get("by the server's own page while another one asks", told_anyway)
    side_by_side = (
        tab.delete("while another page asks, too", permission, UNREADABLE),
        elsewhere.post("while another page asks, too", keyed, JSON, note, Answer(200, [others, names]), UNREADABLE),
    )
    await expect_verdicts_side_by_side(stage, side_by_side)
    side_by_side = (
        tab.delete("while the server's own page asks, too", permission, UNREADABLE),
        replace(own, is_own=True),
    )
    await expect_verdicts_side_by_side(stage, side_by_side)


@pytest.mark.points(5)
async def test_own_pages_need_no_permission(stage: Stage, draw: Draw) -> None:
    """verdict() sends whatever a page asks of its own origin, with no preflight, and the page can read the answer"""
    host, note = f"{draw.word()}.example", draw.word()
    own, url = f"https://{host}", f"https://{host}/orders/{draw.number(1, 999)}?by={note}"
    put = Visit(
        "a PUT of JSON by the server's own page",
        f"{own}/{note}",
        own,
        "PUT",
        url,
        {f"X-{note.title()}": note},
        JSON,
        note,
        is_own=True,
    )
    visits = (
        put,
        replace(put, what="a PUT with credentials by the server's own page", credentials=True),
        replace(
            put,
            what="a POST by the server's own page, whose URL is in capital letters",
            method="POST",
            page=f"HTTPS://{host.upper()}/",
        ),
        replace(
            put,
            what="a GET by the server's own page, answered with 404",
            method="GET",
            body_type=None,
            body="",
            answer=NOT_FOUND,
        ),
    )
    await expect_verdicts(stage, visits)
