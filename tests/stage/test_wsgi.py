"""A WSGI application is called as a server of many threads would, and what it does is reported part by part."""

import ast
import importlib.util
import json
import re
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any
from wsgiref import util, validate

import pytest

from proctor.checks import Mismatch, Never, Stage, StageEnded, Stuck, SubmissionError, WsgiApplication, WsgiExchange
from proctor.errors import CourseError

from .conftest import Perform

FILE = Path(__file__).parent / "submissions" / "wsgi.py"
SOURCE = FILE.read_text()
NAMES = [node.name for node in ast.parse(SOURCE).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
BAD, GAPS, STRICT = ([name for name in NAMES if name.startswith(prefix)] for prefix in ("bad_", "gap_", "strict_"))


async def named(stage: Stage, name: str) -> WsgiApplication:
    """Return one application of the submission."""
    return WsgiApplication(stage, await stage.attribute(name, keep=True))


# Requests


async def test_the_environ_is_complete(perform: Perform) -> None:
    app = await (await perform(SOURCE)).wsgi("give", "whole_environ")
    headers = [
        ("X-Trader", "alice"),
        ("x-trader", "bob"),
        ("Cookie", "a=1"),
        ("Cookie", "b=2"),
        ("Content-Type", "a/b"),
    ]
    answer = await app.request("PUT", "/quotes/%C3%A9?a=%20b", headers, body=b"12345", host="other.example").answered()
    lines = [line.partition("=") for line in answer.content.decode().splitlines()]
    environ = {key: value for key, _, value in lines}
    errors, stream = environ.pop("wsgi.errors"), environ.pop("wsgi.input")
    assert "Errors object" in errors
    assert "Input object" in stream
    assert environ == {
        "CONTENT_LENGTH": "'5'",
        "CONTENT_TYPE": "'a/b'",
        "HTTP_COOKIE": "'a=1; b=2'",
        "HTTP_HOST": "'other.example'",
        "HTTP_X_TRADER": "'alice, bob'",
        "PATH_INFO": repr("/quotes/\u00c3\u00a9"),
        "QUERY_STRING": "'a=%20b'",
        "REMOTE_ADDR": "'10.0.0.9'",
        "REMOTE_PORT": "'51234'",
        "REQUEST_METHOD": "'PUT'",
        "SCRIPT_NAME": "''",
        "SERVER_NAME": "'other.example'",
        "SERVER_PORT": "'80'",
        "SERVER_PROTOCOL": "'HTTP/1.1'",
        "wsgi.multiprocess": "False",
        "wsgi.multithread": "True",
        "wsgi.run_once": "False",
        "wsgi.url_scheme": "http",
        "wsgi.version": "(1, 0)",
    }


async def test_the_environ_is_one_that_the_authority_accepts(perform: Perform) -> None:
    stage = await perform("""
        from wsgiref.validate import validator

        def app(environ, start_response):
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.errors"].write("a complaint")
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [body]

        app = validator(app)
    """)
    app = await named(stage, "app")
    for method, body in (("GET", b""), ("POST", b"some")):
        assert (await app.request(method, "/", body=body).answered()).content == body


async def test_an_answer_is_read_in_comfort(perform: Perform) -> None:
    stage = await perform(SOURCE)
    answer = await (await named(stage, "echo")).request("POST", "/echo", json={"x": 1}).answered()
    assert (answer.title, answer.status, answer.status_line) == ("POST /echo", 200, "200 OK")
    assert answer.headers == [("content-type", "text/plain"), ("content-length", "8")]
    assert (answer.header("Content-Type"), answer.json, answer.parts) == ("text/plain", {"x": 1}, [b'{"x": 1}'])
    assert (answer.started, answer.complete, answer.ended, answer.error) == (True, True, True, None)
    assert answer.types == ["start_response", "returned", "part", "complete"]
    assert stage.log[-5:] == ["start_response 200 OK", "returned", "part", "complete", "app returned"]


async def test_a_withheld_body_parks_whoever_reads_it(perform: Perform) -> None:
    stage = await perform(SOURCE)
    answer = (await named(stage, "echo")).request("POST", "/echo", body=b"one,two", hold_body=True)
    await stage.settled()
    assert (answer.started, answer.ended, answer.status, answer.status_line) == (False, False, None, None)
    with pytest.raises(Never, match="the answer to POST /echo begins"):
        await answer.response_started()
    answer.body(b"one,", more=True)
    await stage.settled()
    assert not answer.started
    answer.body(b"two")
    assert (await answer.answered()).content == b"one,two"


async def test_the_input_offers_what_was_announced_and_no_more(perform: Perform) -> None:
    app = await named(await perform(SOURCE), "reads_on")
    text = b"first\nsecond\nthird\nfourth\nfifth"
    expected = [b"first\n", b"se", b"con", b"d\n", b"third\n", b"fourth\n", b"fifth", b"", b"", b""]
    whole = await app.request("POST", "/", body=text).answered()
    assert whole.content.decode() == repr(expected)
    longer = await app.request("POST", "/", [("Content-Length", str(len(text)))], body=text + b"\nnext").answered()
    assert longer.content.decode() == repr(expected)
    in_parts = app.request("POST", "/", body=text, hold_body=True)
    for at in range(len(text)):
        in_parts.body(text[at : at + 1], more=True)
    assert (await in_parts.answered()).content.decode() == repr(expected)
    assert (await app.request("GET", "/").answered()).content.decode() == repr([b"", b"", b"", b"", b"", b""])


async def test_a_client_that_leaves_ends_the_input(perform: Perform) -> None:
    stage = await perform(SOURCE)
    answer = (await named(stage, "echo")).request("POST", "/", body=b"one,two", hold_body=True)
    answer.body(b"one,", more=True)
    await stage.settled()
    answer.disconnect()
    await answer.finished()
    assert answer.types == ["start_response", "returned", "part"]
    with pytest.raises(Mismatch, match="the connection ended before its last part"):
        await answer.answered()


async def test_a_body_is_not_withheld_that_nobody_has_announced(perform: Perform) -> None:
    app = await named(await perform(SOURCE), "echo")
    with pytest.raises(CourseError, match="POST / withholds a body"):
        app.request("POST", "/", hold_body=True)
    answer = app.request("POST", "/", [("content-length", "3")], hold_body=True)
    answer.body(b"abc")
    assert (await answer.answered()).content == b"abc"


async def test_requests_run_side_by_side_each_in_a_thread_of_its_own(perform: Perform) -> None:
    stage = await perform(SOURCE)
    meet = stage.collaborator("meet", "sync", parked=True)
    app = await stage.wsgi("create_meeting", meet)
    answers = [app.request("GET", f"/{number}") for number in range(20)]
    await stage.settled()
    assert len({call.thread for call in meet.waiting}) == len(answers)
    assert not any(call.on_loop for call in meet.waiting)
    for call in reversed(meet.waiting):
        call.answer()
    assert [(await answer.answered()).content for answer in answers] == [b"/%d" % number for number in range(20)]


async def test_complaints_are_shown_as_what_the_submission_prints(perform: Perform) -> None:
    stage = await perform(SOURCE)
    answer = await (await named(stage, "complains")).request("GET", "/").answered()
    assert (answer.status, answer.content, answer.parts) == (204, b"", [])
    assert stage.printed == "a complaint\nand another\n"


# Answers in parts


async def test_a_generator_is_asked_part_by_part(perform: Perform) -> None:
    stage = await perform(SOURCE)
    answer = (await named(stage, "ticks")).request("GET", "/ticks", gated=True)
    await stage.settled()
    seen: list[list[bytes]] = []
    while not answer.complete:
        seen.append(answer.parts)
        assert stage.printed == ""
        answer.permit()
        await stage.settled()
    assert seen == [[b"0\n"], [b"0\n", b"1\n"], [b"0\n", b"1\n", b"2\n"]]
    assert answer.types[:2] == ["returned", "start_response"]
    await answer.finished()
    assert (answer.closed, stage.printed) == (1, "the generator was closed\n")


async def test_write_sends_at_once_and_before_what_is_returned(perform: Perform) -> None:
    stage = await perform(SOURCE)
    answer = (await named(stage, "writes")).request("GET", "/", gated=True)
    await stage.settled()
    assert (answer.parts, answer.types[-1]) == ([b"one,"], "write")
    answer.permit(9)
    assert (await answer.answered()).content == b"one,two,three"


async def test_a_client_that_leaves_does_not_keep_a_gated_answer_waiting(perform: Perform) -> None:
    stage = await perform(SOURCE)
    for name in ("endless", "writes"):
        answer = (await named(stage, name)).request("GET", "/", gated=True)
        await stage.settled()
        answer.disconnect()
        await answer.finished()
        assert not answer.complete
    assert str(answer.error).startswith("your code raised OSError: the client has disconnected")


async def test_an_answer_without_end_is_told(perform: Perform) -> None:
    app = await named(await perform(SOURCE), "endless")
    with pytest.raises(Stuck, match="the application returns from GET /"):
        await app.request("GET", "/").answered()


async def test_an_application_that_computes_for_ever_is_convicted(perform: Perform) -> None:
    stage = await perform("""
        def app(environ, start_response):
            while True:
                pass
    """)
    with pytest.raises(Stuck, match=r"main\.py, line \d, in app"):
        await (await named(stage, "app")).request("GET", "/").answered()


# close


async def test_close_is_called_once_after_the_last_part(perform: Perform) -> None:
    stage = await perform(SOURCE)
    closed = stage.collaborator("closed", "sync", parked=True)
    answer = (await stage.wsgi("create_closing", closed, [b"one", b"two"])).request("GET", "/")
    await answer.response_complete()
    await stage.settled()
    assert (len(closed.waiting), answer.ended) == (1, False)
    closed.open()
    await answer.answered()
    assert (answer.closed, len(closed.calls), answer.content) == (1, 1, b"onetwo")
    assert answer.types[-2:] == ["complete", "close"]


@pytest.mark.parametrize(("parts", "error"), [([b"one"], "no such desk"), ([b"one", "two"], None)])
async def test_close_is_called_once_after_an_error_too(
    parts: list[object], error: str | None, perform: Perform
) -> None:
    stage = await perform(SOURCE)
    closed = stage.collaborator("closed", "sync")
    answer = (await stage.wsgi("create_closing", closed, parts, error)).request("GET", "/")
    with pytest.raises(SubmissionError if error else Mismatch, match="no such desk" if error else "'two'"):
        await answer.answered()
    await answer.finished()
    assert (answer.closed, len(closed.calls)) == (1, 1)


async def test_close_is_called_when_the_client_leaves(perform: Perform) -> None:
    stage = await perform(SOURCE)
    closed = stage.collaborator("closed", "sync")
    answer = (await stage.wsgi("create_closing", closed, [b"one", b"two"])).request("GET", "/", gated=True)
    await stage.settled()
    answer.abort()
    await answer.finished()
    assert (answer.parts, answer.closed, len(closed.calls)) == ([b"one"], 1, 1)


async def test_what_close_raises_comes_after_a_complete_answer(perform: Perform) -> None:
    stage = await perform(SOURCE)
    closed = stage.collaborator("closed", "sync", parked=True)
    answer = (await stage.wsgi("create_closing", closed, [b"one"])).request("GET", "/")
    await answer.response_complete()
    await stage.settled()
    closed.waiting[0].fail(LookupError("afterwards"))
    assert (await answer.answered()).content == b"one"
    assert answer.error is not None
    assert answer.error.kind == "LookupError"


# Errors


async def test_an_application_that_raises_raises_in_the_check(perform: Perform) -> None:
    app = await named(await perform(SOURCE), "raises")
    for wanted in (WsgiExchange.answered, WsgiExchange.response_started):
        with pytest.raises(SubmissionError, match="LookupError: no such desk") as caught:
            await wanted(app.request("GET", "/"))
        assert [frame.function for frame in caught.value.frames] == ["raises"]


async def test_what_was_not_sent_may_be_replaced(perform: Perform) -> None:
    answer = await (await named(await perform(SOURCE), "corrects_itself")).request("GET", "/").answered()
    assert (answer.status_line, answer.header("x-old"), answer.content) == ("500 Sorry", None, b"sorry")


async def test_what_was_sent_stays_and_the_error_is_raised(perform: Perform) -> None:
    app = await named(await perform(SOURCE), "corrects_itself_too_late")
    with pytest.raises(SubmissionError, match="LookupError: no such desk"):
        await app.request("GET", "/").answered()
    answer = await app.request("GET", "/").finished()
    assert (answer.status, answer.content, answer.complete, answer.closed) == (200, b"so far", False, 1)


async def test_an_answer_to_head_announces_what_it_does_not_have(perform: Perform) -> None:
    app = await named(await perform(SOURCE), "head")
    assert (await app.request("HEAD", "/").answered()).content == b""
    assert (await app.request("GET", "/").answered()).content == b"four"


async def test_an_application_that_is_no_wsgi_application_is_told_so(perform: Perform) -> None:
    stage = await perform("""
        from fastapi import FastAPI

        asgi_app = FastAPI()
        none = None

        def nothing():
            return None
    """)
    with pytest.raises(Mismatch, match="a WSGI application"):
        await stage.wsgi("nothing")
    with pytest.raises(SubmissionError, match="TypeError: 'NoneType' object is not callable"):
        await (await named(stage, "none")).request("GET", "/").answered()
    with pytest.raises(SubmissionError, match="missing 1 required positional argument: 'send'"):
        await (await named(stage, "asgi_app")).request("GET", "/").answered()


# The protocol

STATUS = "the status of the answer to GET /"
HEADERS = "the headers of the answer to GET /"
START = "the call of start_response for GET /"
RETURNED = "what your app returns for GET /"
PART = "a part of the body of the answer to GET /"
ANSWER = "the answer to GET /"
PAIRS = "a list of pairs of str, each pair a tuple"
ITERABLE = "an iterable of bytes, such as a list"
STATUS_HEADER = (
    "The Status header cannot be used; it conflicts with CGI script, and HTTP status is not given through headers "
    "(value: '200 OK')."
)
ACCEPTED = "what wsgiref.validate accepts"

WORDS = {
    "bad_status_is_a_number": (STATUS, "a text such as '200 OK'", "200"),
    "bad_status_is_bytes": (STATUS, "a text such as '200 OK'", "bytes '200 OK'"),
    "bad_status_is_short": (STATUS, "a text such as '200 OK'", "'20 OK'"),
    "gap_status_has_no_reason": (STATUS, "a text such as '200 OK'", "'200'"),
    "gap_status_beyond_599": (STATUS, "a text such as '200 OK'", "'999 OK'"),
    "bad_headers_are_a_dict": (HEADERS, PAIRS, "{'Content-Type': 'text/plain'}"),
    "bad_headers_are_a_tuple": (HEADERS, PAIRS, "(('Content-Type', 'text/plain'),)"),
    "bad_headers_are_missing": (START, "a status and a list of headers", "1 argument"),
    "bad_header_is_a_list": (HEADERS, PAIRS, "['X-A', '1']"),
    "bad_header_is_bytes": (HEADERS, PAIRS, "(b'X-A', b'1')"),
    "bad_header_value_is_a_number": (HEADERS, PAIRS, "('Content-Length', 1)"),
    "bad_header_has_a_line_break": (
        HEADERS,
        ACCEPTED,
        r"it says: Bad header value: '1\r\nX-B: 2' (bad char: '\r')",
    ),
    "bad_header_name": (HEADERS, ACCEPTED, "it says: Bad header name: 'X A'"),
    "bad_status_header": (
        HEADERS,
        ACCEPTED,
        f"it says: {STATUS_HEADER}",
    ),
    "gap_hop_by_hop": (
        HEADERS,
        "no hop-by-hop header, which is the server's to send",
        "('Connection', 'close')",
    ),
    "gap_header_value_is_no_latin": (
        HEADERS,
        "values that fit into ISO-8859-1",
        "('X-A', '\N{EURO SIGN}')",
    ),
    "bad_arguments_by_name": (START, "arguments by position", "arguments by name: headers, status"),
    "bad_exc_info": (START, "exc_info as sys.exc_info() returns it", "an object of type ValueError"),
    "gap_starts_twice": (
        START,
        "one call, or a later one with exc_info as its third argument",
        "a second call without exc_info",
    ),
    "bad_never_starts": (ANSWER, "start_response first", "your app gave bytes 'x' before it called start_response"),
    "gap_never_starts_and_has_no_body": (
        ANSWER,
        "an answer",
        "none: your app returned without calling start_response",
    ),
    "bad_starts_after_its_body": (
        ANSWER,
        "start_response first",
        "your app gave bytes 'x' before it called start_response",
    ),
    "bad_part_is_a_text": (PART, "bytes", "'text'"),
    "bad_part_is_a_bytearray": (PART, "bytes", "a bytearray: bytes 'x'"),
    "bad_returns_bytes": (RETURNED, ITERABLE, "bytes by themselves, whose items are numbers: bytes 'text'"),
    "bad_returns_a_text": (RETURNED, ITERABLE, "a text by itself, whose items are texts: 'text'"),
    "bad_returns_nothing": (RETURNED, ITERABLE, "None"),
    "bad_returns_a_number": (RETURNED, ITERABLE, "an object of type int"),
    "bad_async": (RETURNED, ITERABLE, "a coroutine: your app is an async function, which WSGI does not await"),
    "bad_async_generator": (
        RETURNED,
        ITERABLE,
        "an async generator: your app is an async function, which WSGI does not await",
    ),
    "bad_writes_a_text": ("what your app gives to write() for the body of the answer to GET /", "bytes", "'text'"),
    "gap_body_is_longer": ("the body of the answer to GET /", "1 bytes, as its Content-Length says", "2 bytes"),
    "gap_body_is_shorter": ("the body of the answer to GET /", "3 bytes, as its Content-Length says", "1 bytes"),
}


@pytest.mark.parametrize("name", [*BAD, *GAPS])
async def test_what_breaks_the_protocol_is_said_in_words(name: str, perform: Perform) -> None:
    stage = await perform(SOURCE)
    app = await named(stage, name)
    for wanted in (WsgiExchange.answered, WsgiExchange.response_complete):
        with pytest.raises(Mismatch) as caught:
            await wanted(app.request("GET", "/"))
        assert (caught.value.about, caught.value.expected, caught.value.seen) == WORDS[name]
    answer = await app.request("GET", "/").finished()
    for accessor in ("status", "status_line", "headers", "content", "parts", "json"):
        with pytest.raises(Mismatch, match=re.escape(WORDS[name][2])):
            getattr(answer, accessor)
    assert stage.printed == ""


@pytest.mark.parametrize("name", STRICT)
async def test_what_the_protocol_allows_is_accepted(name: str, perform: Perform) -> None:
    answer = await (await named(await perform(SOURCE), name)).request("POST", "/", body=b"some").answered()
    assert answer.content == b"".join(answer.parts)
    assert answer.complete


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # it cannot cope with what is no iterable
@pytest.mark.parametrize("name", [*BAD, *GAPS, *STRICT])
def test_the_authority_refuses_and_accepts_what_we_say_it_does(name: str) -> None:
    assert _is_refused_by_authority(getattr(_imported(), name)) is not name.startswith("gap_")


def _imported() -> ModuleType:
    spec = importlib.util.spec_from_file_location("wsgi_submission", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _is_refused_by_authority(app: Any) -> bool:
    """Tell whether `wsgiref.validate` lets an application end with an exception; its warnings are none."""

    def write(_: Any) -> None:
        pass

    def start_response(*_: Any) -> Any:
        return write

    environ: dict[str, Any] = {}
    util.setup_testing_defaults(environ)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            iterator: Any = validate.validator(app)(environ, start_response)
        except (AssertionError, TypeError):
            return True
        try:
            list(iterator)
        except AssertionError:
            return True
        finally:
            iterator.close()
    return False


# Facts of a stranger


@pytest.mark.parametrize(
    "fact",
    [
        {"type": "part"},
        {"type": "no such thing"},
        {"type": "start_response", "status": "200 OK"},
        {"type": "start_response", "status": "200 OK", "headers": [], "count": 2, "keywords": [], "exc_info": []},
        [],
        7,
    ],
)
async def test_a_forged_fact_ends_the_stage_and_not_the_grader(fact: object, perform: Perform) -> None:
    stage = await perform(
        """
        import gc, json

        def app(environ, start_response):
            from proctor.stage.performer import Performer
            performer = next(each for each in gc.get_objects() if isinstance(each, Performer))
            performer.send(json.loads(FACT))
    """
        f"    FACT = {json.dumps({'t': 'wsgi', 'x': 0, 'message': fact})!r}\n"
    )
    app = await named(stage, "app")
    with pytest.raises(StageEnded, match="wrote on the grader's channel"):
        await app.request("GET", "/").answered()
