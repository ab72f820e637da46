"""The browser's view against the tables of the Fetch standard, without any application."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from proctor.checks.browser import Access, Cache, fetch
from proctor.checks.cors_protocol import Answer, cors_check, max_age, may_be_reused, preflight_check, visible_headers
from proctor.checks.fetch_request import (
    Request,
    is_forbidden_request_header,
    is_safelisted_request_header,
    needs_preflight,
    normalize_method,
    preflight_request_headers,
    request_headers,
    unsafe_request_header_names,
)
from proctor.checks.header_list import header, header_list_values

DESK = "https://desk.example"
EVIL = "https://evil.example"
Headers = list[tuple[str, str]]


def shared(origin: str = DESK) -> Headers:
    return [("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true")]


# Header lists


@pytest.mark.parametrize(
    ("headers", "value"),
    [
        ([], None),
        ([("Vary", "Origin")], None),
        ([("X-A", "")], ""),
        ([("x-a", "1")], "1"),
        ([("X-A", " \t1 2\t ")], "1 2"),
        ([("X-A", "1"), ("Y", "2"), ("x-a", "3")], "1, 3"),
        ([("X-A", "1"), ("X-A", "")], "1, "),
    ],
)
def test_a_header_is_joined_from_all_of_its_name(headers: Headers, value: str | None) -> None:
    assert header(headers, "X-a") == value


@pytest.mark.parametrize(
    ("values", "items"),
    [
        ([], None),
        ([""], []),
        ([" , ,"], []),
        (["GET"], ["GET"]),
        (["GET,POST"], ["GET", "POST"]),
        ([" GET ,\tPOST\t, "], ["GET", "POST"]),
        (["GET", "POST, PUT"], ["GET", "POST", "PUT"]),
        (["*"], ["*"]),
        (["!#$%&'*+-.^_`|~09azAZ"], ["!#$%&'*+-.^_`|~09azAZ"]),
        (["GET, , POST"], ["GET", "POST"]),
    ],
)
def test_a_list_is_read_from_all_headers_of_its_name(values: list[str], items: list[str] | None) -> None:
    headers = [("access-control-allow-methods", value) for value in values]
    assert header_list_values(headers, "Access-Control-Allow-Methods") == items


@pytest.mark.parametrize(
    "value", ["GET POST", "GET;POST", '"GET"', "GET, PO ST", "x:y", "(a)", "é", "a/b", "[]", "{}", "@"]
)
def test_a_list_with_something_that_is_no_name_is_a_failure(value: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        header_list_values([("X-List", value)], "x-list")


@pytest.mark.parametrize(
    ("values", "seconds"),
    [
        ([], 5),
        (["300"], 300),
        (["0"], 0),
        (["00300"], 300),
        ([" 600\t"], 600),
        ([""], 5),
        (["-1"], 5),
        (["+300"], 5),
        (["300.0"], 5),
        (["3e2"], 5),
        (["300s"], 5),
        (["1_000"], 5),
        (["٣٠٠"], 5),
        (["300, 300"], 5),
        (["300", "300"], 5),
        (["86400"], 86_400),
        (["9" * 5000], 2**31),
    ],
)
def test_the_age_of_a_preflight_is_five_seconds_unless_one_number_says_otherwise(
    values: list[str], seconds: int
) -> None:
    assert max_age([("Access-Control-Max-Age", value) for value in values]) == seconds


# What the script asks for


@pytest.mark.parametrize(
    ("method", "normalized"),
    [
        ("get", "GET"),
        ("Head", "HEAD"),
        ("pOST", "POST"),
        ("put", "PUT"),
        ("delete", "DELETE"),
        ("options", "OPTIONS"),
        ("patch", "patch"),
        ("PATCH", "PATCH"),
        ("query", "query"),
        ("Egg", "Egg"),
    ],
)
def test_six_methods_are_put_right_and_no_others(method: str, normalized: str) -> None:
    assert normalize_method(method) == normalized


@pytest.mark.parametrize(
    ("name", "value", "is_safe"),
    [
        ("Accept", "text/html, */*;q=0.8", True),
        ("ACCEPT", "text/html", True),
        ("Accept", "a" * 128, True),
        ("Accept", "a" * 129, False),
        ("Accept", "text/html\tx", True),
        ("Accept", "text/html\x01", False),
        *[("Accept", f"a{byte}", False) for byte in '"():<>?@[\\]{}\x7f\x00\x1f'],
        ("Accept", "caf\xe9", True),
        ("Accept-Language", "de-CH, de;q=0.9, *;q=0.5", True),
        ("accept-language", "de_CH", False),
        ("Accept-Language", "de\tCH", False),
        ("Content-Language", "en", True),
        ("Content-Language", "en@x", False),
        ("Content-Type", "text/plain", True),
        ("content-type", "TEXT/PLAIN; charset=UTF-8", True),
        ("Content-Type", "text/plain;", True),
        ("Content-Type", "text/plain ;x", True),
        ("Content-Type", "  text/plain  ", True),
        ("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8", True),
        ("Content-Type", "multipart/form-data; boundary=x-7", True),
        ("Content-Type", 'multipart/form-data; boundary="x"', False),
        ("Content-Type", "application/json", False),
        ("Content-Type", "text/plain, application/json", False),
        ("Content-Type", "application/json; text/plain", False),
        ("Content-Type", "text /plain", False),
        ("Content-Type", "text/plainly", False),
        ("Content-Type", "text", False),
        ("Content-Type", "text/", False),
        ("Content-Type", "/plain", False),
        ("Content-Type", "", False),
        ("Content-Type", "text/plain;" + "a" * 118, False),
        ("Range", "bytes=0-", True),
        ("Range", "bytes=0-499", True),
        ("Range", "bytes=7-7", True),
        ("Range", "bytes=8-7", False),
        ("Range", "bytes=-500", False),
        ("Range", "bytes=-", False),
        ("Range", "bytes= 0-499", False),
        ("Range", "bytes 0-499", False),
        ("Range", "Bytes=0-499", False),
        ("Range", "bytes=0-499, 600-", False),
        ("Authorization", "Bearer t", False),
        ("X-Idempotency-Key", "1", False),
        ("Accept-Charset", "utf-8", False),
        ("If-Match", "*", False),
    ],
)
def test_a_header_is_safelisted_by_name_and_value(name: str, value: str, is_safe: bool) -> None:
    assert is_safelisted_request_header(name, value) is is_safe


@pytest.mark.parametrize(
    ("name", "value", "is_forbidden"),
    [
        ("Origin", EVIL, True),
        ("cookie", "a=1", True),
        ("HOST", "x", True),
        ("Sec-Fetch-Site", "same-origin", True),
        ("Proxy-Authorization", "x", True),
        ("Access-Control-Request-Method", "GET", True),
        ("Secret", "x", False),
        ("Proxy", "x", False),
        ("Authorization", "x", False),
        ("User-Agent", "x", False),
        ("X-HTTP-Method-Override", "DELETE", False),
        ("X-HTTP-Method-Override", "GET, trace", True),
        ("X-HTTP-Method-Override", '"TRACE, x"', False),
        ("x-method-override", "Connect", True),
        ("X-HTTP-Method", "TRACK,", True),
        ("X-HTTP-Method", "", False),
        ("X-Other", "TRACE", False),
    ],
)
def test_some_headers_are_the_browsers_own(name: str, value: str, is_forbidden: bool) -> None:
    assert is_forbidden_request_header(name, value) is is_forbidden


@pytest.mark.parametrize(
    ("headers", "names"),
    [
        ([], []),
        ([("Accept", "*/*"), ("Content-Type", "text/plain")], []),
        ([("X-B", "1"), ("Authorization", "t"), ("x-b", "2"), ("X-A", "3")], ["authorization", "x-a", "x-b"]),
        ([("Content-Type", "application/json"), ("Accept", "*/*")], ["content-type"]),
        ([("Content-Type", "application/json"), ("Content-Type", "text/plain")], ["content-type"]),
        ([("Accept", "a" * 128)] * 8, []),
        ([*([("Accept", "a" * 128)] * 8), ("Accept-Language", "a")], ["accept", "accept-language"]),
    ],
)
def test_unsafe_names_are_lowered_sorted_and_unique(headers: Headers, names: list[str]) -> None:
    assert unsafe_request_header_names(headers) == names


@pytest.mark.parametrize(
    ("method", "headers", "is_needed"),
    [
        ("GET", [], False),
        ("HEAD", [], False),
        ("POST", [], False),
        ("POST", [("Content-Type", "text/plain")], False),
        ("POST", [("Content-Type", "application/json")], True),
        ("GET", [("X-Idempotency-Key", "1")], True),
        ("PUT", [], True),
        ("DELETE", [], True),
        ("PATCH", [], True),
        ("OPTIONS", [], True),
        ("patch", [], True),
    ],
)
def test_a_preflight_is_needed_for_the_method_or_a_header(method: str, headers: Headers, is_needed: bool) -> None:
    assert needs_preflight(method, headers) is is_needed


def test_a_preflight_names_method_and_headers_and_carries_no_cookie() -> None:
    headers = [("X-Idempotency-Key", "7"), ("Content-Type", "application/json"), ("Accept", "*/*")]
    asked = preflight_request_headers(Request(DESK, "POST", headers, credentials=True))
    assert asked == [
        ("Accept", "*/*"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type,x-idempotency-key"),
        ("Origin", DESK),
    ]
    assert header(preflight_request_headers(Request(DESK, "DELETE")), "access-control-request-headers") is None


@pytest.mark.parametrize(
    ("credentials", "cookie", "sent"), [(True, "s=1", "s=1"), (True, "", None), (False, "s=1", None)]
)
def test_a_cookie_goes_along_with_credentials_only(credentials: bool, cookie: str, sent: str | None) -> None:
    headers = request_headers(Request(DESK, credentials=credentials), cookie)
    assert header(headers, "cookie") == sent
    assert header(headers, "origin") == DESK


# What the server's answer allows


@pytest.mark.parametrize(
    ("allow_origin", "allow_credentials", "with_cookies", "without"),
    [
        # Access-Control-Allow-Origin, Access-Control-Allow-Credentials: each a list of header lines
        ([], [], False, False),
        ([], ["true"], False, False),
        (["*"], [], False, True),
        (["*"], ["true"], False, True),
        ([DESK], [], False, True),
        ([DESK], ["true"], True, True),
        ([DESK], ["True"], False, True),
        ([DESK], ["TRUE"], False, True),
        ([DESK], ["1"], False, True),
        ([DESK], [""], False, True),
        ([DESK], ["false"], False, True),
        ([DESK], [" true\t"], True, True),
        ([DESK], ["true", "true"], False, True),
        ([DESK], ["true, true"], False, True),
        ([f"\t{DESK} "], ["true"], True, True),
        ([DESK, DESK], ["true"], False, False),
        (["*", "*"], ["true"], False, False),
        (["*", DESK], ["true"], False, False),
        ([DESK, EVIL], ["true"], False, False),
        ([f"{DESK}, {EVIL}"], ["true"], False, False),
        ([f"{DESK} {EVIL}"], ["true"], False, False),
        ([f"{DESK},"], ["true"], False, False),
        ([DESK, ""], ["true"], False, False),
        ([""], ["true"], False, False),
        ([f"{DESK}/"], ["true"], False, False),
        ([f"{DESK}:443"], ["true"], False, False),
        (["https://DESK.example"], ["true"], False, False),
        (["HTTPS://desk.example"], ["true"], False, False),
        (["desk.example"], ["true"], False, False),
        (["http://desk.example"], ["true"], False, False),
        (["https://*.example"], ["true"], False, False),
        ([f"'{DESK}'"], ["true"], False, False),
        ([EVIL], ["true"], False, False),
        (["null"], ["true"], False, False),
    ],
)
def test_an_answer_is_shared_with_the_page(
    allow_origin: list[str], allow_credentials: list[str], with_cookies: bool, without: bool
) -> None:
    headers = [("access-control-allow-origin", value) for value in allow_origin]
    headers += [("ACCESS-CONTROL-ALLOW-CREDENTIALS", value) for value in allow_credentials]
    assert (cors_check(Request(DESK, credentials=True), headers) == "") is with_cookies
    assert (cors_check(Request(DESK, credentials=False), headers) == "") is without


@pytest.mark.parametrize(
    ("allow_origin", "is_shared"), [("null", True), ("Null", False), ("*", False), ("", False), (DESK, False)]
)
def test_null_is_an_origin_like_others(allow_origin: str, is_shared: bool) -> None:
    assert (cors_check(Request("null", credentials=True), shared(allow_origin)) == "") is is_shared
    assert cors_check(Request("null"), shared("*")) == ""


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ([], "it has no CORS headers"),
        ([("Access-Control-Max-Age", "5")], "no Access-Control-Allow-Origin among its CORS headers"),
        (shared("*"), "is '*', which does not count"),
        (shared(EVIL), f"is '{EVIL}', not the page's origin '{DESK}'"),
        ([*shared(), *shared()], f"is '{DESK}, {DESK}' (sent 2 times)"),
        (shared()[:1], "no Access-Control-Allow-Credentials"),
        ([*shared()[:1], ("Access-Control-Allow-Credentials", "True")], "is 'True', not 'true'"),
        (shared("\x1b[31m"), r"\x1b"),
    ],
)
def test_a_refusal_says_what_is_wrong(headers: Headers, told: str) -> None:
    why_not = cors_check(Request(DESK, credentials=True), headers)
    assert told in why_not
    assert "\x1b" not in why_not


REFUSED = [(status, False) for status in (300, 304, 307, 400, 401, 405, 500)]


@pytest.mark.parametrize(
    ("status", "succeeds"),
    [(0, False), (199, False), (200, True), (201, True), (204, True), (299, True), *REFUSED],
)
def test_a_preflight_needs_an_ok_status(status: int, succeeds: bool) -> None:
    request = Request(DESK, "DELETE", credentials=True)
    answer = Answer(status, [*shared(), ("Access-Control-Allow-Methods", "DELETE")])
    assert (preflight_check(request, answer) == []) is succeeds


def test_a_preflight_is_not_read_where_the_answer_is_not_shared() -> None:
    answer = Answer(204, [*shared(EVIL), ("Access-Control-Allow-Methods", "DELETE")])
    assert preflight_check(Request(DESK, "DELETE"), answer)


@pytest.mark.parametrize(
    ("method", "allowed", "with_cookies", "without"),
    [
        ("DELETE", ["DELETE"], True, True),
        ("DELETE", ["GET, DELETE"], True, True),
        ("DELETE", ["GET", "DELETE"], True, True),
        ("DELETE", ["GET,,DELETE,"], True, True),
        ("DELETE", ["delete"], False, False),
        ("DELETE", ["Delete"], False, False),
        ("DELETE", ["*"], False, True),
        ("DELETE", ["GET, *"], False, True),
        ("DELETE", [], False, False),
        ("DELETE", [""], False, False),
        ("DELETE", ["DELETED"], False, False),
        ("DELETE", ["GET DELETE"], False, False),
        ("DELETE", ["DELETE, GET POST"], False, False),
        ("DELETE", ["DELETE;"], False, False),
        ("PATCH", ["PATCH"], True, True),
        ("patch", ["PATCH"], False, False),
        ("patch", ["patch"], True, True),
        ("PATCH", ["patch"], False, False),
        ("*", ["*"], True, True),
        ("GET", [], True, True),
        ("HEAD", ["PUT"], True, True),
        ("POST", ["GET"], True, True),
        ("POST", ["GET POST"], False, False),
        ("OPTIONS", ["GET"], False, False),
    ],
)
def test_a_method_is_allowed_by_a_preflight(method: str, allowed: list[str], with_cookies: bool, without: bool) -> None:
    answer = Answer(204, [*shared(), *[("Access-Control-Allow-Methods", value) for value in allowed]])
    assert (preflight_check(Request(DESK, method, credentials=True), answer) == []) is with_cookies
    assert (preflight_check(Request(DESK, method, credentials=False), answer) == []) is without


@pytest.mark.parametrize(
    ("names", "allowed", "with_cookies", "without"),
    [
        (["X-A"], ["X-A"], True, True),
        (["X-A"], ["x-a"], True, True),
        (["x-a"], ["X-A"], True, True),
        (["X-A"], ["X-B, x-a"], True, True),
        (["X-A", "X-B"], ["X-B", "X-A"], True, True),
        (["X-A", "X-B"], ["X-A"], False, False),
        (["X-A"], [], False, False),
        (["X-A"], [""], False, False),
        (["X-A"], ["X-*"], False, False),
        (["X-A"], ["*"], False, True),
        (["X-A"], ["X-B, *"], False, True),
        (["X-A"], ["X-A X-B"], False, False),
        (["X-A"], ["X-A, X B"], False, False),
        (["Authorization"], ["*"], False, False),
        (["Authorization"], ["*, authorization"], True, True),
        (["Authorization", "X-A"], ["Authorization, *"], False, True),
        (["Accept"], [], True, True),
    ],
)
def test_headers_are_allowed_by_a_preflight(
    names: list[str], allowed: list[str], with_cookies: bool, without: bool
) -> None:
    headers = [(name, "1") for name in names]
    answer = Answer(204, [*shared(), *[("Access-Control-Allow-Headers", value) for value in allowed]])
    assert (preflight_check(Request(DESK, "GET", headers, credentials=True), answer) == []) is with_cookies
    assert (preflight_check(Request(DESK, "GET", headers, credentials=False), answer) == []) is without


def test_a_refused_preflight_tells_every_reason() -> None:
    request = Request(DESK, "DELETE", [("X-A", "1"), ("X-B", "2")], credentials=True)
    answer = Answer(400, [("Access-Control-Allow-Headers", "X-A"), ("Access-Control-Allow-Methods", "GET")], b"No")
    assert preflight_check(request, answer) == [
        "no Access-Control-Allow-Origin among its CORS headers",
        "status 400 with 'No', where 200 to 299 is needed",
        "the method DELETE is not allowed (Access-Control-Allow-Methods: 'GET')",
        "the header x-b is not allowed (Access-Control-Allow-Headers: 'X-A')",
    ]


SENT = [("Content-Type", "application/json"), ("X-Request-Id", "7"), ("Set-Cookie", "a=1"), ("ETag", "e"), ("*", "s")]


@pytest.mark.parametrize(
    ("exposed", "with_cookies", "without"),
    [
        ([], {"content-type"}, {"content-type"}),
        (["X-Request-Id"], {"content-type", "x-request-id"}, {"content-type", "x-request-id"}),
        (["x-REQUEST-id,"], {"content-type", "x-request-id"}, {"content-type", "x-request-id"}),
        (["X-Request-Id", "etag"], {"content-type", "etag", "x-request-id"}, {"content-type", "etag", "x-request-id"}),
        (["*"], {"content-type", "*"}, {"content-type", "x-request-id", "etag", "*"}),
        (["ETag, *"], {"content-type", "etag", "*"}, {"content-type", "x-request-id", "etag", "*"}),
        (["Set-Cookie, X-Missing"], {"content-type"}, {"content-type"}),
        (["X-Request-Id ETag"], {"content-type"}, {"content-type"}),
        (["X-Request-Id", "E Tag"], {"content-type"}, {"content-type"}),
    ],
)
def test_a_script_sees_safelisted_and_exposed_headers(
    exposed: list[str], with_cookies: set[str], without: set[str]
) -> None:
    headers = [*SENT, *[("Access-Control-Expose-Headers", value) for value in exposed]]
    expose = "access-control-expose-headers"
    assert set(visible_headers(Request(DESK, credentials=True), headers)) - {expose} == with_cookies
    assert set(visible_headers(Request(DESK), headers)) - {expose} == without


def test_all_seven_safelisted_headers_are_seen_with_their_values() -> None:
    names = [
        "Cache-Control",
        "Content-Language",
        "Content-Length",
        "Content-Type",
        "Expires",
        "Last-Modified",
        "Pragma",
    ]
    headers = [(name, "a") for name in names] + [("cache-control", "b"), ("Date", "d"), ("Vary", "v")]
    seen = visible_headers(Request(DESK), headers)
    assert seen == {name.lower(): "a" for name in names} | {"cache-control": "a, b"}


@pytest.mark.parametrize(
    ("headers", "is_reused"),
    [
        ([], True),
        ([("Vary", "Accept-Encoding")], True),
        ([("Vary", "Origin")], False),
        ([("vary", "accept-encoding, ORIGIN")], False),
        ([("Vary", "Accept-Encoding"), ("Vary", "Origin")], False),
        ([("Vary", "Origin, Origin")], False),
        ([("Vary", "*")], False),
        ([("Cache-Control", "No-Store")], False),
        ([("Cache-Control", "private, no-cache")], False),
        ([("Cache-Control", "max-age=60")], True),
    ],
)
def test_a_cache_reuses_an_answer_unless_it_varies(headers: Headers, is_reused: bool) -> None:
    first, second = [("Origin", DESK)], [("Origin", EVIL)]
    assert may_be_reused(headers, first, second) is is_reused
    cache = Cache()
    cache.keep("/quotes", first, Answer(200, headers))
    assert (cache.find("/quotes", second) is not None) is is_reused
    assert cache.find("/orders", second) is None


def test_an_answer_that_varies_is_reused_for_an_equal_request() -> None:
    assert may_be_reused([("Vary", "Origin, X-A")], [("Origin", DESK)], [("origin", f" {DESK}")])
    assert not may_be_reused([("Vary", "Origin")], [], [("Origin", DESK)])


# The whole of it


class Server:
    """Answers OPTIONS one way and everything else another; keeps what it was sent."""

    def __init__(self, permission: Answer, answer: Answer) -> None:
        self.permission, self.answer = permission, answer
        self.seen: list[tuple[str, Headers, bytes]] = []

    async def __call__(self, method: str, headers: Headers, body: bytes) -> Answer:
        self.seen.append((method, headers, body))
        return self.permission if header(headers, "access-control-request-method") else self.answer

    @property
    def methods(self) -> list[str]:
        return [method for method, _, _ in self.seen]


def run(request: Request, send: Callable[[str, Headers, bytes], Awaitable[Answer]], cookie: str = "") -> Access:
    async def one() -> Access:
        return await fetch(request, send, cookie=cookie)

    return asyncio.run(one())


def test_a_simple_request_is_sent_and_only_its_answer_is_kept_from_the_script() -> None:
    server = Server(Answer(500), Answer(201, [("X-Secret", "1")], b"placed"))
    access = run(Request(EVIL, "post", credentials=True, body=b"x"), server, "s=1")
    assert (access.sent, access.readable, access.preflighted) == (True, False, False)
    assert (access.status, access.visible_headers, access.content) == (None, {}, b"")
    assert access.why_not == "sent, but its answer is kept from the script: it has no CORS headers"
    assert server.methods == ["POST"]
    assert header(server.seen[0][1], "cookie") == "s=1"


def test_a_refused_preflight_keeps_the_request_from_being_sent() -> None:
    server = Server(Answer(405), Answer(200, shared()))
    access = run(Request(DESK, "DELETE", credentials=True), server, "s=1")
    assert (access.sent, access.readable, access.preflighted, access.max_age) == (False, False, True, None)
    assert access.why_not.startswith("not sent, because its preflight failed: ")
    assert server.methods == ["OPTIONS"]


def test_a_permitted_request_follows_its_preflight_and_is_read() -> None:
    allows = [("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Max-Age", "300")]
    server = Server(Answer(204, [*shared(), *allows]), Answer(200, [*shared(), ("Content-Type", "a/b")], b"{}"))
    access = run(Request(DESK, "put", credentials=True, body=b"1"), server, "s=1")
    assert access == Access(
        sent=True,
        readable=True,
        preflighted=True,
        max_age=300,
        status=200,
        visible_headers={"content-type": "a/b"},
        content=b"{}",
    )
    assert server.methods == ["OPTIONS", "PUT"]
    assert [header(headers, "cookie") for _, headers, _ in server.seen] == [None, "s=1"]
    assert [body for _, _, body in server.seen] == [b"", b"1"]


def test_the_answer_needs_permission_of_its_own_after_the_preflight() -> None:
    server = Server(Answer(204, [*shared(), ("Access-Control-Allow-Methods", "PUT")]), Answer(200))
    access = run(Request(DESK, "PUT", credentials=True), server)
    assert (access.sent, access.readable, access.max_age) == (True, False, 5)


@pytest.mark.parametrize("status", [200, 204, 400, 401, 404, 500, 503])
def test_an_answer_of_any_status_can_be_read(status: int) -> None:
    access = run(Request(DESK, credentials=True), Server(Answer(500), Answer(status, shared())))
    assert (access.readable, access.status) == (True, status)


@pytest.mark.parametrize(
    ("headers", "is_readable"),
    [([*shared(), ("Location", "/b")], False), (shared(), True), ([("Location", "/b")], False)],
)
def test_a_redirect_is_not_followed(headers: Headers, is_readable: bool) -> None:
    access = run(Request(DESK), Server(Answer(500), Answer(307, headers)))
    assert (access.sent, access.readable) == (True, is_readable)


@pytest.mark.parametrize(
    "request_of_script",
    [
        Request(DESK, "TRACE"),
        Request(DESK, "connect"),
        Request(DESK, "Track"),
        Request(DESK, ""),
        Request(DESK, "GE T"),
        Request(DESK, "get", body=b"x"),
        Request(DESK, "HEAD", body=b"x"),
        Request(DESK, headers=[("X A", "1")]),
        Request(DESK, headers=[("", "1")]),
        Request(DESK, headers=[("X-A", "1\r\nX-B: 2")]),
        Request(DESK, headers=[("X-A", "\u20ac")]),
    ],
)
def test_what_fetch_itself_refuses_is_not_sent(request_of_script: Request) -> None:
    server = Server(Answer(204, shared("*")), Answer(200, shared("*")))
    access = run(request_of_script, server)
    assert (access.sent, access.readable, server.seen) == (False, False, [])
    assert access.why_not.startswith("fetch() refuses")


def test_headers_of_the_browsers_own_are_passed_over() -> None:
    server = Server(Answer(500), Answer(200, shared()))
    headers = [("Origin", EVIL), ("Cookie", "a=1"), ("Sec-X", "1"), ("Accept", " text/html ")]
    assert run(Request(DESK, headers=headers, credentials=True), server).readable
    assert server.seen == [("GET", [("Accept", "text/html"), ("Origin", DESK)], b"")]
