"""Clients, lifespan and proxies: what a client waits for, what starts an application, what a proxy is sent."""

import asyncio
import threading
import warnings
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import fastapi.middleware.cors
import httpx
import pytest
import starlette.middleware.cors
from fastapi import APIRouter, BackgroundTasks, FastAPI
from fastapi.responses import StreamingResponse
from starlette.exceptions import StarletteDeprecationWarning
from tests.facts.driver import take_turns

with warnings.catch_warnings():  # it would rather have httpx2, which some environments lack
    warnings.simplefilter("ignore", StarletteDeprecationWarning)
    import fastapi.testclient
    import starlette.testclient

TestClient: Any = fastapi.testclient.TestClient  # its types are those of httpx2


def desk_with_task(log: list[str]) -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def endpoint(background: BackgroundTasks) -> str:
        background.add_task(log.append, "task")
        return "answer"

    return app


@pytest.mark.fact("V8", "test-the-desk")
def test_a_stream_that_is_not_read_cancels_the_application() -> None:
    """`TestClient.stream()` that is left unread cancels the application, so that background tasks never run."""
    log: list[str] = []
    with TestClient(desk_with_task(log)) as client:
        with client.stream("GET", "/"):
            pass
        assert log == []
        with client.stream("GET", "/") as response:
            response.read()
        assert log == ["task"]


@pytest.mark.fact("V8", "test-the-desk")
def test_the_first_bytes_of_a_stream_come_before_background_tasks() -> None:
    """The first bytes of a stream can be read while a background task is still running."""
    log: list[str] = []
    gate = threading.Event()
    app = FastAPI()

    def task() -> None:
        gate.wait()
        log.append("task")

    @app.get("/")
    async def endpoint(background: BackgroundTasks) -> str:
        background.add_task(task)
        return "answer"

    with ExitStack() as leaving:
        client = leaving.enter_context(TestClient(app))
        leaving.callback(gate.set)  # whatever happens, or the client would wait for the task
        parts = leaving.enter_context(client.stream("GET", "/")).iter_bytes()
        next(parts)
        log.append("bytes")
        gate.set()
        assert list(parts) == []
    assert log == ["bytes", "task"]


@pytest.mark.fact("V52", "background-duty", "test-the-desk")
def test_the_test_client_raises_what_a_task_raises() -> None:
    """The TestClient waits for background tasks, and raises in the test what one of them raises."""
    app = FastAPI()

    def fail() -> None:
        raise ValueError

    @app.get("/")
    async def endpoint(background: BackgroundTasks) -> None:
        background.add_task(fail)

    with pytest.raises(ValueError):  # noqa: PT011 - it has no message
        TestClient(app).get("/")
    assert TestClient(app, raise_server_exceptions=False).get("/").status_code == 200


@pytest.mark.fact("V86", "assemble-the-desk", "mock-the-feed", "test-the-desk")
async def test_what_starts_an_application() -> None:
    """The lifespan runs inside `with TestClient(app)` alone: not without `with`, and not for `httpx.ASGITransport`."""
    log: list[str] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        log.append("up")
        yield
        log.append("down")

    app = FastAPI(lifespan=lifespan)
    TestClient(app).get("/")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk") as client:
        await client.get("/")
    assert log == []
    with TestClient(app):
        assert log == ["up"]
    assert log == ["up", "down"]


@pytest.mark.fact("V86", "assemble-the-desk")
def test_whose_lifespan_runs() -> None:
    """The lifespan of an included router runs, that of a mounted application does not."""
    log: list[str] = []

    def lifespan(name: str) -> Any:
        @asynccontextmanager
        async def noted(_: FastAPI) -> AsyncGenerator[None]:
            log.append(name)
            yield

        return noted

    app = FastAPI()
    app.mount("/mounted", FastAPI(lifespan=lifespan("mounted")))
    app.include_router(APIRouter(lifespan=lifespan("included")))
    with TestClient(app):
        pass
    assert log == ["included"]


@pytest.mark.fact("V86", "test-the-desk")
def test_every_request_outside_with_has_an_event_loop_of_its_own() -> None:
    """Outside `with`, every request of a TestClient has a new event loop; inside, all have the same."""
    loops: list[asyncio.AbstractEventLoop] = []
    app = FastAPI()

    @app.get("/")
    async def endpoint() -> None:
        loops.append(asyncio.get_running_loop())

    client = TestClient(app)
    with client:
        client.get("/")
        client.get("/")
    client.get("/")
    client.get("/")
    assert loops[0] is loops[1]
    assert len(set(map(id, loops[1:]))) == 3


@pytest.mark.fact("T1", "background-receipt", "request-trail", "two-proxies")
async def test_the_transport_of_httpx_waits_for_everything() -> None:
    """`httpx.ASGITransport` gives back an answer when its body is complete and all background tasks are over."""
    body, task = asyncio.Event(), asyncio.Event()
    app = FastAPI()

    async def parts() -> AsyncGenerator[bytes]:
        yield b"one"
        await body.wait()

    @app.get("/")
    async def endpoint(background: BackgroundTasks) -> StreamingResponse:
        background.add_task(task.wait)
        return StreamingResponse(parts())

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk") as client:
        request = asyncio.create_task(client.send(client.build_request("GET", "/"), stream=True))
        for event in (body, task):
            await take_turns()
            assert not request.done()
            event.set()
        assert (await request).status_code == 200


@pytest.mark.fact("N21", "assemble-the-desk", "test-the-desk")
def test_fastapi_hands_on_what_starlette_has() -> None:
    """FastAPI's TestClient and CORSMiddleware are the very classes of Starlette."""
    assert fastapi.testclient.TestClient is starlette.testclient.TestClient
    assert fastapi.middleware.cors.CORSMiddleware is starlette.middleware.cors.CORSMiddleware


@pytest.mark.fact("V85", "two-proxies")
async def test_what_a_forward_proxy_is_sent() -> None:
    """A forward proxy is sent `GET http://host/path`, or `CONNECT host:443`; a server is sent `GET /path`."""
    lines: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append((await reader.readuntil(b"\r\n\r\n")).decode().splitlines()[0])
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        here = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with (
            httpx.AsyncClient(proxy=here, trust_env=False) as through,
            httpx.AsyncClient(trust_env=False) as direct,
        ):
            await through.get("http://quotes.example/q?s=1")
            await direct.get(f"{here}/q?s=1")
            with pytest.raises(httpx.ProxyError):
                await through.get("https://quotes.example/q")
    assert lines == [
        "GET http://quotes.example/q?s=1 HTTP/1.1",
        "GET /q?s=1 HTTP/1.1",
        "CONNECT quotes.example:443 HTTP/1.1",
    ]
