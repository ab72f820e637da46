"""Background tasks: when they run, when they do not, and what they hold."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Coroutine
from typing import Annotated, Any

import pytest
from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask
from starlette.middleware.base import RequestResponseEndpoint
from starlette.types import Message
from tests.facts.driver import call, take_turns


def fail() -> None:
    raise ValueError


@pytest.mark.fact("V5", "background-receipt", "request-trail")
async def test_behind_a_middleware_tasks_wait_for_the_last_byte() -> None:
    """Behind BaseHTTPMiddleware an async task starts after the last byte, however slow the client is."""
    log: list[str] = []
    app = FastAPI()

    @app.middleware("http")
    async def layer(request: Request, call_next: RequestResponseEndpoint) -> Response:
        return await call_next(request)

    async def task() -> None:
        log.append("task")

    @app.get("/")
    async def endpoint(background: BackgroundTasks) -> None:
        background.add_task(task)

    async def slowly(_: Message) -> None:
        await take_turns()

    await call(app, log=log, before_sending=slowly)
    assert [event for event in log if event != "body"] == ["start", "task", "returned"]
    assert log.index("task") > max(index for index, event in enumerate(log) if event == "body")


@pytest.mark.fact("V52", "background-receipt", "background-duty")
async def test_tasks_run_in_a_row_and_the_first_failure_ends_it() -> None:
    """Tasks run after the answer, one after another; a failure stops those after it and reaches no client."""
    log: list[str] = []
    app = FastAPI()

    async def long() -> None:
        log.append("long begins")
        await take_turns()
        log.append("long ends")

    @app.get("/")
    async def endpoint(background: BackgroundTasks) -> None:
        background.add_task(long)
        background.add_task(log.append, "short")
        background.add_task(fail)
        background.add_task(log.append, "never")

    answer = await call(app, log=log)
    assert log == ["start", "body", "long begins", "long ends", "short", "returned"]
    assert answer.status == 200
    assert isinstance(answer.error, ValueError)


@pytest.mark.fact("V53", "background-receipt")
@pytest.mark.parametrize(("way", "runs"), [("raised", []), ("returned", ["task"]), ("set", ["task"])])
async def test_what_is_raised_drops_the_tasks(way: str, runs: list[str]) -> None:
    """Tasks are dropped when the endpoint raises, and run when it returns an answer with an error status."""
    log: list[str] = []
    app = FastAPI()

    @app.get("/")
    async def endpoint(background: BackgroundTasks, response: Response) -> Any:
        background.add_task(log.append, "task")
        if way == "raised":
            raise HTTPException(404)
        response.status_code = 404
        return JSONResponse(None, 404) if way == "returned" else None

    assert ((await call(app)).status, log) == (404, runs)


@pytest.mark.fact("V54", "background-receipt")
@pytest.mark.parametrize(("has_own", "runs"), [(True, ["own"]), (False, ["dependency", "endpoint"])])
async def test_the_background_of_a_response_replaces_the_injected_tasks(has_own: bool, runs: list[str]) -> None:
    """A returned response with a background drops all injected tasks, of dependencies too; one without keeps them."""
    log: list[str] = []
    app = FastAPI()

    def dependency(background: BackgroundTasks) -> None:
        background.add_task(log.append, "dependency")

    @app.get("/")
    async def endpoint(background: BackgroundTasks, _: Annotated[None, Depends(dependency)]) -> Response:
        background.add_task(log.append, "endpoint")
        return JSONResponse(None, background=BackgroundTask(log.append, "own") if has_own else None)

    await call(app)
    assert log == runs


@pytest.mark.fact("V55", "background-receipt", "unit-of-work")
@pytest.mark.parametrize(("scope", "runs"), [("request", []), ("function", ["task"])])
async def test_after_yield_it_is_too_late_for_a_task(scope: Any, runs: list[str]) -> None:
    """A task that a dependency adds after `yield` is dropped, except with `scope="function"`."""
    log: list[str] = []
    app = FastAPI()

    async def dependency(background: BackgroundTasks) -> AsyncIterator[None]:
        yield
        background.add_task(log.append, "task")

    @app.get("/")
    async def endpoint(_: Annotated[None, Depends(dependency, scope=scope)]) -> None: ...

    await call(app)
    assert log == runs


@pytest.mark.fact("V56", "background-receipt")
@pytest.mark.parametrize("is_async", [False, True])
async def test_a_call_is_no_task(is_async: bool) -> None:
    """`add_task(f())` runs f at once, or makes a coroutine of it, and is a TypeError after the answer."""
    log: list[str] = []
    made: list[Any] = []
    app = FastAPI()

    def work() -> None:
        log.append("work")

    async def async_work() -> None:
        log.append("work")

    @app.get("/")
    async def endpoint(background: BackgroundTasks) -> None:
        made.append(async_work() if is_async else work())
        background.add_task(made[0])
        log.append("endpoint")

    answer = await call(app, log=log)
    assert log == [*([] if is_async else ["work"]), "endpoint", "start", "body", "returned"]
    assert isinstance(answer.error, TypeError)
    if is_async:
        made[0].close()


@pytest.mark.fact("V56", "background-receipt")
async def test_a_function_that_returns_a_coroutine_is_no_coroutine_function() -> None:
    """The coroutine that a lambda returns as a task is never awaited."""
    made: list[Coroutine[Any, Any, None]] = []
    app = FastAPI()

    async def coroutine() -> None: ...

    def task() -> Coroutine[Any, Any, None]:
        made.append(coroutine())
        return made[0]

    @app.get("/")
    async def endpoint(background: BackgroundTasks) -> None:
        background.add_task(task)

    assert (await call(app)).error is None
    assert inspect.getcoroutinestate(made[0]) == inspect.CORO_CREATED
    made[0].close()


@pytest.mark.fact("V57", "background-receipt")
async def test_tasks_made_by_hand_belong_to_nobody() -> None:
    """A BackgroundTasks() that is neither injected nor given to a response never runs."""
    log: list[str] = []
    app = FastAPI()

    @app.get("/")
    async def endpoint() -> None:
        BackgroundTasks().add_task(log.append, "task")

    await call(app)
    assert log == []


@pytest.mark.fact("V58", "background-receipt")
async def test_without_a_client_no_task_runs() -> None:
    """When sending the answer fails, because the client has gone, the tasks do not run."""
    log: list[str] = []
    app = FastAPI()

    @app.get("/")
    async def endpoint(background: BackgroundTasks) -> None:
        background.add_task(log.append, "task")

    async def gone(message: Message) -> None:
        if message["type"] == "http.response.body":
            raise OSError

    answer = await call(app, log=log, before_sending=gone)
    assert (log, answer.error is not None) == (["start", "returned"], True)


@pytest.mark.fact("V59", "background-duty", "unit-of-work")
async def test_a_task_keeps_dependencies_open() -> None:
    """What a dependency has opened stays open until the background tasks have ended."""
    log: list[str] = []
    begun, gate = asyncio.Event(), asyncio.Event()
    app = FastAPI()

    async def resource() -> AsyncIterator[None]:
        yield
        log.append("closed")

    async def task() -> None:
        begun.set()
        await gate.wait()

    @app.get("/")
    async def endpoint(background: BackgroundTasks, _: Annotated[None, Depends(resource)]) -> None:
        background.add_task(task)

    request = asyncio.create_task(call(app, log=log))
    await begun.wait()
    await take_turns()
    assert log == ["start", "body"]
    gate.set()
    await request
    assert log == ["start", "body", "closed", "returned"]
