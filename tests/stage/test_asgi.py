"""An application is driven message by message: requests, streams, WebSockets and the lifespan, as a server would."""

import asyncio
import json
import re
from collections.abc import AsyncIterator

import pytest

from proctor.checks import Exchange, Mismatch, Never, SubmissionError

from .conftest import Perform

ECHO = """
    from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
    from fastapi.responses import StreamingResponse

    def create_app(log=None):
        app = FastAPI()

        @app.post("/echo")
        async def echo(request: Request):
            return {
                "query": str(request.url.query),
                "path": request.url.path,
                "body": (await request.body()).decode(),
                "host": request.headers["host"],
                "type": request.headers.get("content-type"),
                "length": request.headers.get("content-length"),
            }

        @app.get("/ticks")
        async def ticks():
            async def lines():
                for number in range(3):
                    yield f"{number}\\n"
            return StreamingResponse(lines())

        @app.get("/endless")
        async def endless():
            async def lines():
                while True:
                    yield "more\\n"
            return StreamingResponse(lines())

        @app.websocket("/shout")
        async def shout(socket: WebSocket):
            await socket.accept()
            try:
                while True:
                    text = await socket.receive_text()
                    if text == "bye":
                        await socket.close(4000)
                        return
                    await socket.send_text(text.upper())
            except WebSocketDisconnect as gone:
                log.append(["gone", gone.code])

        return app
"""


STRANGE = """
    async def app(scope, receive, send):
        for message in MESSAGES:
            await send(message)

    def create_app():
        return app
"""

BEGUN = '{"type": "http.response.start", "status": 200}'
PART = '{"type": "http.response.body", "body": b"x", "more_body": True}'
LAST = '{"type": "http.response.body", "body": b"x"}'


# Requests


async def test_a_request_has_its_query_body_and_headers(perform: Perform) -> None:
    app = await (await perform(ECHO)).app("create_app")
    answer = await app.request("POST", "/echo?a=%20b", json={"x": 1}, host="other.example").answered()
    assert (answer.title, answer.status) == ("POST /echo?a=%20b", 200)
    assert answer.header("Content-Type") == "application/json"
    assert json.loads(answer.content) == {
        "query": "a=%20b",
        "path": "/echo",
        "body": '{"x": 1}',
        "host": "other.example",
        "type": "application/json",
        "length": "8",
    }
    assert answer.ended
    assert answer.error is None


async def test_a_check_chooses_the_connection_and_may_repeat_a_header(perform: Perform) -> None:
    stage = await perform("""
        from fastapi import FastAPI, Request, WebSocket

        def create_app():
            app = FastAPI()

            @app.get("/")
            async def connection(request: Request):
                return [request.client.host, str(request.url), request.headers.getlist("x-hop")]

            @app.websocket("/")
            async def socket(socket: WebSocket):
                await socket.accept()
                await socket.send_text(f"{socket.client.host} {socket.url}")

            return app
    """)
    usual = await stage.app("create_app")
    chosen = usual.over_connection(client="203.0.113.7", is_encrypted=True)
    hops = [("X-Hop", "first"), ("X-Hop", "second")]
    for app, address, suffix in ((usual, "10.0.0.9", ""), (chosen, "203.0.113.7", "s")):
        answer = await app.request("GET", "/", hops).answered()
        assert answer.json == [address, f"http{suffix}://desk.example/", ["first", "second"]]
        socket = app.websocket("/")
        await stage.until(lambda socket=socket: bool(socket.texts), "the text is sent")
        assert socket.texts == [f"{address} ws{suffix}://desk.example/"]


async def test_a_withheld_body_parks_whoever_reads_it(perform: Perform) -> None:
    stage = await perform(ECHO)
    app = await stage.app("create_app")
    answer = app.request("POST", "/echo", hold_body=True)
    await stage.settled()
    assert (answer.started, answer.ended, answer.status) == (False, False, None)
    with pytest.raises(Never, match="the answer to POST /echo begins"):
        await answer.response_started()
    answer.body(b"one,", more=True)
    await stage.settled()
    assert not answer.started
    answer.body(b"two")
    assert json.loads((await answer.answered()).content)["body"] == "one,two"


async def test_a_gated_answer_waits_at_every_message(perform: Perform) -> None:
    stage = await perform(ECHO)
    answer = (await stage.app("create_app")).request("GET", "/ticks", gated=True)
    await stage.settled()
    assert stage.log[-1:] == ["start 200"]
    seen: list[bytes] = []
    while not answer.complete:
        answer.permit()
        await stage.settled()
        seen.append(answer.content)
    assert seen == [b"0\n", b"0\n1\n", b"0\n1\n2\n", b"0\n1\n2\n"]
    assert not answer.ended
    answer.permit(2)
    await answer.finished()
    assert [kind.rpartition(".")[2] for kind in answer.types] == ["start", "body", "body", "body", "body"]


async def test_background_work_goes_on_after_the_answer(perform: Perform) -> None:
    stage = await perform("""
        from fastapi import BackgroundTasks, FastAPI

        def create_app(send):
            app = FastAPI()

            @app.post("/orders")
            async def order(tasks: BackgroundTasks):
                tasks.add_task(send, 7)
                return {}

            return app
    """)
    send = stage.collaborator("send", parked=True)
    answer = await (await stage.app("create_app", send)).request("POST", "/orders").response_complete()
    assert not answer.ended
    await stage.settled()
    assert (answer.ended, send.arguments) == (False, [7])
    send.open()
    await answer.finished()


async def test_an_application_that_raises_without_an_answer_raises_in_the_check(perform: Perform) -> None:
    stage = await perform("""
        async def app(scope, receive, send):
            raise LookupError("no such desk")

        async def started(scope, receive, send):
            await send({"type": "http.response.start", "status": 200})
            raise LookupError("too late")

        async def silent(scope, receive, send):
            pass

        def give(name):
            return globals()[name]
    """)
    with pytest.raises(SubmissionError, match="LookupError: no such desk") as caught:
        await (await stage.app("give", "app")).request("GET", "/").answered()
    assert [(frame.function, frame.code) for frame in caught.value.frames] == [
        ("app", 'raise LookupError("no such desk")')
    ]
    with pytest.raises(SubmissionError, match="LookupError: no such desk"):
        await (await stage.app("give", "app")).request("GET", "/").response_started()


async def test_an_application_that_raises_in_the_middle_of_its_answer_raises_in_the_check(perform: Perform) -> None:
    stage = await perform("""
        async def app(scope, receive, send):
            await send({"type": "http.response.start", "status": 200})
            await send({"type": "http.response.body", "body": b"so far", "more_body": True})
            raise LookupError("too late")

        def create_app():
            return app
    """)
    app = await stage.app("create_app")
    for wanted in (Exchange.answered, Exchange.response_complete):
        with pytest.raises(SubmissionError, match="LookupError: too late"):
            await wanted(app.request("GET", "/"))
    answer = await app.request("GET", "/").finished()
    assert (answer.status, answer.content, answer.complete) == (200, b"so far", False)
    assert str(answer.error).startswith("your code raised LookupError: too late")
    assert (await app.request("GET", "/").response_started()).status == 200


async def test_what_an_application_raises_after_its_answer_is_left_to_the_check(perform: Perform) -> None:
    stage = await perform("""
        async def app(scope, receive, send):
            await send({"type": "http.response.start", "status": 202})
            await send({"type": "http.response.body", "body": b"all"})
            raise LookupError("afterwards")

        def create_app():
            return app
    """)
    answer = await (await stage.app("create_app")).request("GET", "/").answered()
    assert (answer.status, answer.content, answer.complete) == (202, b"all", True)
    assert str(answer.error).startswith("your code raised LookupError: afterwards")


@pytest.mark.parametrize(
    ("messages", "expected", "seen"),
    [
        ("", "an answer", "none: your app returned without sending http.response.start"),
        (BEGUN, "a complete answer", "a start without a body: your app never sent http.response.body"),
        (
            f"{BEGUN}, {PART}",
            "a complete answer",
            "a body without an end: every part that your app sent says more_body=True",
        ),
    ],
)
async def test_what_is_missing_of_an_answer_is_said_in_words(
    messages: str, expected: str, seen: str, perform: Perform
) -> None:
    stage = await perform(f"{STRANGE}    MESSAGES = [{messages}]\n")
    app = await stage.app("create_app")
    for wanted in (Exchange.answered, Exchange.response_complete):
        with pytest.raises(Mismatch) as caught:
            await wanted(app.request("GET", "/"))
        assert (caught.value.about, caught.value.expected, caught.value.seen) == ("the answer to GET /", expected, seen)
    answer = await app.request("GET", "/").finished()
    assert (answer.status, answer.headers, answer.complete) == (200 if messages else None, [], False)
    if messages:
        assert (await app.request("GET", "/").response_started()).started
    else:
        with pytest.raises(Mismatch, match="none: your app returned"):
            await app.request("GET", "/").response_started()


async def test_an_application_that_is_no_object_or_no_callable_is_told_so(perform: Perform) -> None:
    stage = await perform("""
        def nothing():
            return None

        def something():
            return object()
    """)
    with pytest.raises(Mismatch, match="an ASGI application"):
        await stage.app("nothing")
    with pytest.raises(SubmissionError, match="TypeError: 'object' object is not callable"):
        await (await stage.app("something")).request("GET", "/").answered()


async def test_aborting_cancels_the_application(perform: Perform) -> None:
    stage = await perform(ECHO)
    answer = (await stage.app("create_app")).request("POST", "/echo", hold_body=True)
    await stage.settled()
    answer.abort()
    assert (await answer.finished()).error is not None
    with pytest.raises(SubmissionError, match="CancelledError"):
        await answer.answered()


# Clients that leave


async def test_a_client_that_leaves_is_noticed_when_it_is_listened_to(perform: Perform) -> None:
    stage = await perform("""
        async def app(scope, receive, send):
            kinds = [(await receive())["type"] for _ in range(3)]
            try:
                await send({"type": "http.response.start", "status": 200, "headers": []})
            except OSError as error:
                raise RuntimeError(f"{kinds} {error}")

        def create_app():
            return app
    """)
    answer = (await stage.app("create_app")).request("GET", "/")
    await stage.settled()
    answer.disconnect()
    with pytest.raises(SubmissionError) as caught:
        await answer.answered()
    kinds = ["http.request", "http.disconnect", "http.disconnect"]
    assert caught.value.message == f"{kinds} the client has disconnected"


async def test_a_client_that_leaves_does_not_keep_a_gated_answer_waiting(perform: Perform) -> None:
    stage = await perform(ECHO)
    answer = (await stage.app("create_app")).request("GET", "/endless", gated=True)
    answer.permit(3)
    await stage.settled()
    assert answer.content == b"more\n" * 3
    answer.disconnect()
    assert "ClientDisconnect" in str((await answer.finished()).error)


async def test_receiving_after_the_answer_means_that_the_client_has_gone(perform: Perform) -> None:
    stage = await perform("""
        async def app(scope, receive, send):
            await receive()
            await send({"type": "http.response.start", "status": 204})
            await send({"type": "http.response.body"})
            kinds.append((await receive())["type"])
            kinds.append((await receive())["type"])

        kinds = []

        def create_app():
            return app
    """)
    await (await stage.app("create_app")).request("GET", "/").answered()
    assert await stage.attribute("kinds") == ["http.disconnect"] * 2


# What the application sends is data of a stranger


async def test_headers_may_be_any_iterable_of_pairs(perform: Perform) -> None:
    stage = await perform(
        STRANGE + '    START = {"type": "http.response.start", "status": 200, "headers": '
        '{b"A": b"1", b"b": b"2"}.items()}\n'
        '    MESSAGES = [START, {"type": "http.response.body", "body": b"x"}]\n'
    )
    answer = await (await stage.app("create_app")).request("GET", "/").answered()
    assert answer.headers == [("a", "1"), ("b", "2")]


async def test_a_header_that_is_sent_twice_is_joined(perform: Perform) -> None:
    stage = await perform(
        STRANGE + '    START = {"type": "http.response.start", "status": 200, "headers": '
        '[(b"Vary", b"a"), [b"vary", b"b"]]}\n    MESSAGES = [START, {"type": "http.response.body"}]\n'
    )
    answer = await (await stage.app("create_app")).request("GET", "/").answered()
    assert (answer.header("VARY"), answer.header("other"), answer.content) == ("a, b", None, b"")


ORDER = "http.response.start or http.response.body"
HEADERS = "the headers of the answer to GET /"


@pytest.mark.parametrize(
    ("messages", "about", "expected", "seen"),
    [
        ('{"type": "http.response.start", "status": "200"}', "the status of the answer to GET /", "a number", "'200'"),
        ('{"type": "http.response.start", "status": True}', "the status of the answer to GET /", "a number", "True"),
        ('{"type": "http.response.start"}', "the status of the answer to GET /", "a number", "None"),
        (f'{BEGUN[:-1]}, "headers": [("a", "b")]}}, {LAST}', HEADERS, "pairs of bytes", "('a', 'b')"),
        (f'{BEGUN[:-1]}, "headers": [(b"a",)]}}, {LAST}', HEADERS, "pairs of bytes", "(b'a',)"),
        (f'{BEGUN[:-1]}, "headers": [7]}}, {LAST}', HEADERS, "pairs of bytes", "7"),
        (f'{BEGUN[:-1]}, "headers": 7}}, {LAST}', HEADERS, "pairs of bytes", "7"),
        (f'{BEGUN}, {LAST[:-1]}, "body": "text"}}', "the body of the answer to GET /", "bytes", "'text'"),
        (
            f"{LAST}, {BEGUN}",
            "the answer to GET /",
            "http.response.start first",
            "your app sent http.response.body before http.response.start",
        ),
        (
            f"{BEGUN}, {BEGUN}, {LAST}",
            "the answer to GET /",
            "one http.response.start",
            "your app sent http.response.start twice",
        ),
        (
            f"{BEGUN}, {PART}, {LAST}, {LAST}",
            "the answer to GET /",
            "one, which ends with the last part of its body",
            "your app sent http.response.body after it",
        ),
        (
            f"{BEGUN}, {LAST}, {BEGUN}, {LAST}",
            "the answer to GET /",
            "one, which ends with the last part of its body",
            "your app sent http.response.start after it",
        ),
        (f'{BEGUN}, {{"type": "http.response"}}', "the answer to GET /", ORDER, "your app sent http.response"),
        (
            f'{BEGUN}, {LAST}, {{"type": "http.response.trailers"}}',
            "the answer to GET /",
            ORDER,
            "your app sent http.response.trailers",
        ),
        ('{"type": "a\\nb"}', "the answer to GET /", ORDER, "your app sent a b"),
        ("{}", "the answer to GET /", ORDER, "your app sent a message of type None"),
        ('{"type": []}', "the answer to GET /", ORDER, "your app sent a message of type []"),
        ("{7: 8}", "the answer to GET /", ORDER, "your app sent a message of type None"),
        ('"text"', "the answer to GET /", ORDER, "your app sent no message but 'text'"),
        ("None", "the answer to GET /", ORDER, "your app sent no message but None"),
        ("[1, {}]", "the answer to GET /", ORDER, "your app sent no message but [1, {}]"),
    ],
)
async def test_what_a_server_would_refuse_is_said_in_words(
    messages: str, about: str, expected: str, seen: str, perform: Perform
) -> None:
    stage = await perform(f"{STRANGE}    MESSAGES = [{messages}]\n")
    app = await stage.app("create_app")
    with pytest.raises(Mismatch) as caught:
        await app.request("GET", "/").answered()
    assert (caught.value.about, caught.value.expected, caught.value.seen) == (about, expected, seen)
    answer = await app.request("GET", "/").finished()
    for accessor in ("status", "headers", "content", "json"):
        with pytest.raises(Mismatch, match=re.escape(seen)):
            getattr(answer, accessor)


async def test_what_a_server_would_refuse_is_told_although_the_application_goes_on(perform: Perform) -> None:
    stage = await perform("""
        import asyncio

        async def app(scope, receive, send):
            await send({"type": "http.response.body", "body": b"x"})
            await send({"type": "http.response.start", "status": 200})
            await asyncio.Event().wait()

        def create_app():
            return app
    """)
    app = await stage.app("create_app")
    for wanted in (Exchange.answered, Exchange.response_complete, Exchange.response_started):
        answer = app.request("GET", "/")
        with pytest.raises(Mismatch, match=r"http\.response\.body before http\.response\.start"):
            await wanted(answer)
        assert (answer.started, answer.complete, answer.ended) == (False, False, False)


async def test_what_came_first_is_told_first(perform: Perform) -> None:
    stage = await perform("""
        async def app(scope, receive, send):
            await send({"type": "http.response.body", "body": b"x"})
            raise LookupError("nobody took it")

        def create_app():
            return app
    """)
    with pytest.raises(Mismatch, match=r"http\.response\.body before http\.response\.start"):
        await (await stage.app("create_app")).request("GET", "/").answered()


@pytest.mark.parametrize(("more", "complete"), [("False", True), ("None", True), ("[]", True), ("True", False)])
async def test_the_last_part_is_the_one_without_more(more: str, complete: bool, perform: Perform) -> None:
    body = f'{{"type": "http.response.body", "body": b"x", "more_body": {more}}}'
    stage = await perform(f"{STRANGE}    MESSAGES = [{BEGUN}, {body}]\n")
    answer = await (await stage.app("create_app")).request("GET", "/").finished()
    assert answer.complete is complete


# WebSockets


async def test_a_websocket_talks_both_ways(perform: Perform) -> None:
    stage = await perform(ECHO)
    socket = (await stage.app("create_app")).websocket("/shout")
    await stage.settled()
    assert (socket.accepted, socket.close_code) == (True, None)
    for text in ("aapl", "msft"):
        socket.send_text(text)
    await stage.settled()
    assert socket.texts == ["AAPL", "MSFT"]
    socket.send_text("bye")
    await socket.finished()
    assert socket.close_code == 4000


async def test_a_websocket_that_the_client_closes_is_disconnected(perform: Perform) -> None:
    stage = await perform(ECHO)
    log = stage.list("log")
    socket = (await stage.app("create_app", log)).websocket("/shout")
    await stage.settled()
    socket.disconnect()
    await socket.finished()
    assert log.arguments == [["gone", 1000]]


# Lifespan


async def test_the_state_of_the_lifespan_reaches_requests_as_a_copy(perform: Perform) -> None:
    stage = await perform("""
        from contextlib import asynccontextmanager
        from fastapi import FastAPI, Request

        def create_app(log):
            @asynccontextmanager
            async def lifespan(app):
                log.append("up")
                yield {"hits": [], "last": "nobody"}
                log.append("down")

            app = FastAPI(lifespan=lifespan)

            @app.get("/{name}")
            async def hit(name: str, request: Request):
                seen = request.state.last
                request.state.last = name
                request.state.hits.append(name)
                return [seen, len(request.state.hits)]

            return app
    """)
    log = stage.list("log")
    app = await stage.app("create_app", log)
    lifespan = await app.started()
    assert lifespan.types == ["lifespan.startup.complete"]
    answers = [await app.request("GET", f"/{name}").answered() for name in ("a", "b")]
    assert [json.loads(answer.content) for answer in answers] == [["nobody", 1], ["nobody", 2]]
    assert log.arguments == ["up"]
    lifespan.feed({"type": "lifespan.shutdown"})
    await lifespan.finished()
    assert (lifespan.types[-1], log.arguments) == ("lifespan.shutdown.complete", ["up", "down"])


async def test_a_lifespan_that_fails_says_so(perform: Perform) -> None:
    stage = await perform("""
        from contextlib import asynccontextmanager
        from fastapi import FastAPI

        @asynccontextmanager
        async def lifespan(app):
            raise RuntimeError("no database")
            yield

        def create_app():
            return FastAPI(lifespan=lifespan)
    """)
    lifespan = await (await stage.app("create_app")).started()
    assert lifespan.types == ["lifespan.startup.failed"]


# httpx


async def test_an_httpx_client_gets_ordinary_answers(perform: Perform) -> None:
    app = await (await perform(ECHO)).app("create_app")
    async with app.client() as client:
        answer = await client.post("/echo", params={"a": "b"}, content=b"text")
        assert (answer.status_code, answer.json()["query"], answer.json()["body"]) == (200, "a=b", "text")
        assert answer.json()["host"] == "desk.example"
        answers = await asyncio.gather(*[client.get("/ticks") for _ in range(20)])
        assert {each.text for each in answers} == {"0\n1\n2\n"}
        assert (await client.get("/nowhere")).status_code == 404


async def test_an_httpx_client_streams(perform: Perform) -> None:
    stage = await perform(ECHO)
    app = await stage.app("create_app")

    async def parts() -> AsyncIterator[bytes]:
        for part in (b"one,", b"two"):
            yield part

    async with app.client() as client:
        async with client.stream("GET", "/ticks") as answer:
            assert "".join([text async for text in answer.aiter_text()]) == "0\n1\n2\n"
        assert (await client.post("/echo", content=parts())).json()["body"] == "one,two"


async def test_closing_a_stream_early_is_the_clients_disconnect(perform: Perform) -> None:
    stage = await perform(ECHO)
    app = await stage.app("create_app")
    async with app.client() as client, client.stream("GET", "/endless") as answer:
        exchange = answer.extensions["exchange"]
        async for text in answer.aiter_text():
            assert text.startswith("more\n")
            break
    assert "ClientDisconnect" in str((await exchange.finished()).error)


async def test_a_compressed_answer_is_not_inflated(perform: Perform) -> None:
    stage = await perform(
        STRANGE + '    START = {"type": "http.response.start", "status": 200, "headers": '
        '[(b"content-encoding", b"gzip"), (b"content-type", b"text/plain")]}\n'
        '    MESSAGES = [START, {"type": "http.response.body", "body": b"no gzip at all"}]\n'
    )
    async with (await stage.app("create_app")).client() as client:
        assert (await client.get("/")).text == "no gzip at all"


async def test_an_application_without_an_answer_is_told_so_with_httpx_too(perform: Perform) -> None:
    stage = await perform(f"{STRANGE}    MESSAGES = []\n")
    async with (await stage.app("create_app")).client() as client:
        with pytest.raises(Mismatch, match="none: your app returned without sending"):
            await client.get("/")
