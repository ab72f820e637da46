"""Threads: who runs where, what goes along, and what blocks the event loop."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from typing import Annotated, Any

import anyio.to_thread
import pytest
from anyio import CapacityLimiter
from fastapi import BackgroundTasks, Depends, FastAPI
from tests.facts.driver import call

who: ContextVar[str] = ContextVar("who", default="nobody")


def limiter() -> CapacityLimiter:
    return anyio.to_thread.current_default_thread_limiter()


@pytest.mark.fact("V65", "trader-context", "pricing-pool")
async def test_which_threads_are_given_the_context() -> None:
    """`asyncio.to_thread` and AnyIO copy the context; `run_in_executor` and `submit` do not, unless told to."""
    who.set("alice")
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as pool:
        assert await asyncio.to_thread(who.get) == "alice"
        assert await anyio.to_thread.run_sync(who.get) == "alice"
        assert await loop.run_in_executor(pool, who.get) == "nobody"
        assert await asyncio.wrap_future(pool.submit(who.get)) == "nobody"
        assert await loop.run_in_executor(pool, copy_context().run, who.get) == "alice"
        assert await loop.run_in_executor(pool, lambda: copy_context().run(who.get)) == "nobody"
    await asyncio.to_thread(who.set, "thread")
    assert who.get() == "alice"


@pytest.mark.fact("V66", "trader-context")
@pytest.mark.parametrize(("is_async", "seen"), [(True, "alice"), (False, "nobody")])
async def test_what_a_plain_dependency_sets_is_lost(is_async: bool, seen: str) -> None:
    """A ContextVar that a plain `def` dependency sets does not reach the endpoint; an async one's does."""

    async def asynchronous() -> None:
        who.set("alice")

    def plain() -> None:
        who.set("alice")

    app = FastAPI()

    @app.get("/")
    async def endpoint(_: Annotated[None, Depends(asynchronous if is_async else plain)]) -> str:
        return who.get()

    assert (await call(app)).json == seen


@pytest.mark.fact("V66", "trader-context")
@pytest.mark.parametrize(("is_async", "error"), [(True, None), (False, ValueError)])
async def test_a_plain_dependency_cannot_reset(is_async: bool, error: type[Exception] | None) -> None:
    """A plain `def` dependency that resets its ContextVar after `yield` raises ValueError; an async one can."""

    async def asynchronous() -> AsyncIterator[None]:
        token = who.set("alice")
        yield
        who.reset(token)

    def plain() -> Iterator[None]:
        token = who.set("alice")
        yield
        who.reset(token)

    app = FastAPI()

    @app.get("/")
    async def endpoint(_: Annotated[None, Depends(asynchronous if is_async else plain)]) -> None: ...

    answer = await call(app)
    assert (None if answer.error is None else type(answer.error)) is error


@pytest.mark.fact("V67", "trader-context")
async def test_a_thread_local_is_shared_by_all_coroutines() -> None:
    """What one coroutine puts into a `threading.local` is overwritten by the next; a ContextVar keeps them apart."""
    local = threading.local()
    seen: list[tuple[str, str]] = []

    async def request(name: str) -> None:
        local.trader = name
        who.set(name)
        await asyncio.sleep(0)
        seen.append((local.trader, who.get()))

    await asyncio.gather(request("alice"), request("bob"))
    assert seen == [("bob", "alice"), ("bob", "bob")]


@pytest.mark.fact("V67", "trader-context")
async def test_a_thread_local_is_left_over_for_the_next_request() -> None:
    """A `def` endpoint finds in a `threading.local` what an earlier request left on that thread of the pool."""
    local = threading.local()
    app = FastAPI()

    @app.get("/{name}")
    def endpoint(name: str) -> Any:
        before = getattr(local, "trader", None)
        local.trader = name
        return before

    assert [(await call(app, path)).json for path in ("/alice", "/bob")] == [None, "alice"]


@pytest.mark.fact("V68", "pricing-pool", "keep-the-loop-turning")
async def test_forty_threads_are_shared_by_all_plain_functions() -> None:
    """Plain `def` endpoints, dependencies and background tasks share 40 tokens; `asyncio.to_thread` takes none."""
    tokens = limiter()
    taken: dict[str, float] = {}
    app = FastAPI()

    def note(name: str) -> None:
        taken[name] = tokens.borrowed_tokens

    @app.get("/")
    def endpoint(background: BackgroundTasks, _: Annotated[None, Depends(lambda: note("dependency"))]) -> None:
        note("endpoint")
        background.add_task(note, "task")

    await call(app)
    await asyncio.to_thread(note, "to_thread")
    assert tokens.total_tokens == 40
    assert taken == {"dependency": 1, "endpoint": 1, "task": 1, "to_thread": 0}


@pytest.mark.fact("V68", "pricing-pool")
async def test_a_request_without_a_token_waits() -> None:
    """When all tokens are taken, the next plain `def` endpoint waits for one."""
    inside, gate = threading.Semaphore(0), threading.Event()
    app = FastAPI()

    @app.get("/")
    def endpoint() -> None:
        inside.release()
        gate.wait()

    tokens, before = limiter(), limiter().total_tokens
    tokens.total_tokens = 2
    requests = [asyncio.create_task(call(app)) for _ in range(3)]
    for _ in range(2):
        await asyncio.to_thread(inside.acquire)
    statistics = tokens.statistics()
    gate.set()
    await asyncio.gather(*requests)
    tokens.total_tokens = before
    assert (statistics.borrowed_tokens, statistics.tasks_waiting) == (2, 1)


@pytest.mark.fact("V68", "pricing-pool")
def test_every_event_loop_has_tokens_of_its_own() -> None:
    """The number of tokens belongs to an event loop, and cannot be changed where none is running."""
    with pytest.raises(RuntimeError):
        limiter()

    async def own() -> CapacityLimiter:
        return limiter()

    with ThreadPoolExecutor(1) as pool:  # the event loop of the main thread is the plugin's
        assert pool.submit(asyncio.run, own()).result() is not pool.submit(asyncio.run, own()).result()


def leave_a_pool(job: Callable[[], None]) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(job)


def ask_for_the_result(job: Callable[[], None]) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(job).result()


@pytest.mark.fact("V69", "keep-the-loop-turning", "pricing-pool")
@pytest.mark.parametrize("way", [leave_a_pool, ask_for_the_result])
async def test_waiting_for_a_pool_blocks_the_loop(way: Callable[[Callable[[], None]], None]) -> None:
    """The end of `with ThreadPoolExecutor()`, and `future.result()`, block the event loop; in a thread they do not."""
    loop, turns = asyncio.get_running_loop(), list[str]()

    def job() -> None:
        loop.call_soon_threadsafe(turns.append, "turn")

    way(job)
    assert turns == []
    await asyncio.to_thread(way, job)
    assert turns == ["turn", "turn"]
