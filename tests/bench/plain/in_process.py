"""What the plain checks are written with: the submission is imported into this very process and called directly.

Two variables of the environment say what and how. ``PROCTOR_BENCH_SUBMISSIONS`` is a folder that mirrors
``exercises/``. ``PROCTOR_BENCH_CLIENT`` is ``httpx`` (default), as a test of one's own application would have it, or
``asgi``, which sends the same requests with the least that does (for the floor, see `tests.bench.floor`).

The checks are for right answers alone: where a wrong one leaves something out, a test in one process waits for ever.
"""

import asyncio
import importlib.util
import json as json_module
import os
import sys
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any, Protocol, Self

ROOT = Path(__file__).parents[3]
Header = tuple[str, str]

# What is tested


class _FreshSource(SourceFileLoader):
    """Compiles what it loads, as is due for a file that somebody has just saved."""

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        return self.source_to_code(self.get_data(self.path), self.path)


def _load(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path, loader=_FreshSource(name, str(path)))
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def submission(slug: str) -> Any:
    """Import the ``main.py`` of an exercise, once in a process unless it is told to `forget`."""
    given = str(ROOT / "exercises" / slug)
    if given not in sys.path:
        sys.path.append(given)
    return _load(f"main_{slug}", Path(os.environ["PROCTOR_BENCH_SUBMISSIONS"]) / slug / "main.py")


@cache
def props(slug: str) -> Any:
    """Import the objects that the hidden checks hand to this submission too."""
    submission(slug)
    return _load(f"props_{slug}", ROOT / "graders" / slug / "props.py")


def forget() -> None:
    """Import everything anew for another submission: it, its props and the modules that it is given."""
    submission.cache_clear()
    props.cache_clear()
    exercises = str(ROOT / "exercises")
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(exercises):
            del sys.modules[name]


# Requests


class Response(Protocol):
    """As much of `httpx.Response` as the checks look at."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...
    def json(self) -> Any: ...


class Client(Protocol):
    """As much of `httpx.AsyncClient` as the checks use."""

    async def request(self, method: str, url: str, *, headers: Sequence[Header] = (), json: Any = None) -> Response: ...


def client(app: Any) -> AbstractAsyncContextManager[Client]:
    """Return a client of an application in this process; use it in an ``async with``."""
    if os.environ.get("PROCTOR_BENCH_CLIENT") == "asgi":
        return _AsgiClient(app)
    import httpx  # noqa: PLC0415 - the floor does without

    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk.example")


class Exchange:
    """One request as raw ASGI messages.

    For what `httpx.ASGITransport` cannot do, which returns when the application does: a body that has not come yet
    (``hold_body``), an answer that leaves piece by piece (``gated``), background work that is still under way.
    """

    def __init__(
        self,
        app: Any,
        method: str,
        target: str,
        headers: Sequence[Header] = (),
        *,
        json: Any = None,
        hold_body: bool = False,
        gated: bool = False,
    ) -> None:
        body = b"" if json is None else json_module.dumps(json).encode()
        sent = [("host", "desk.example"), *headers]
        sent += [("content-type", "application/json"), ("content-length", str(len(body)))] if body else []
        path, _, query = target.partition("?")
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in sent],
            "client": ("10.0.0.9", 51234),
            "server": ("desk.example", 80),
        }
        self._app, self._body = app, body
        self._body_may_come, self._permits = asyncio.Event(), asyncio.Semaphore(0)
        self._gated, self._asked = gated, 0
        self.body_is_awaited, self.news = asyncio.Event(), asyncio.Event()
        self.messages: list[dict[str, Any]] = []
        self.completed = asyncio.Event()
        if not hold_body:
            self.release_body()

    async def run(self) -> Self:
        """Call the application."""
        await self._app(self._scope, self._receive, self._send)
        return self

    def release_body(self) -> None:
        """Let the application have the body."""
        self._body_may_come.set()

    def permit(self, count: int = 1) -> None:
        """Let so many messages of a gated answer leave."""
        for _ in range(count):
            self._permits.release()

    async def next_message(self) -> None:
        """Wait for another message of the answer."""
        await self.news.wait()
        self.news.clear()

    async def _receive(self) -> dict[str, Any]:
        self._asked += 1
        if self._asked > 1:
            await self.completed.wait()
            return {"type": "http.disconnect"}
        self.body_is_awaited.set()
        await self._body_may_come.wait()
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def _send(self, message: dict[str, Any]) -> None:
        self.messages.append(message)
        self.news.set()
        if self._gated:
            await self._permits.acquire()
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.completed.set()

    @property
    def whole_answer_is_sent(self) -> bool:
        """Has the application sent the last part of its answer, permitted or not?"""
        last = self.messages[-1] if self.messages else {}
        return last.get("type") == "http.response.body" and not last.get("more_body")

    @property
    def status_code(self) -> int:
        """The status of the answer."""
        return self.messages[0]["status"]

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the answer, names in lower case."""
        return {name.decode().lower(): value.decode("latin-1") for name, value in self.messages[0]["headers"]}

    @property
    def content(self) -> bytes:
        """The body of the answer."""
        return b"".join(message.get("body", b"") for message in self.messages[1:])

    def json(self) -> Any:
        """The body of the answer, read as JSON."""
        return json_module.loads(self.content)


class _AsgiClient:
    """Calls the application and nothing else."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def request(self, method: str, url: str, *, headers: Sequence[Header] = (), json: Any = None) -> Response:
        return await Exchange(self._app, method, url, headers, json=json).run()


# Functions that a submission is given


class Collaborator:
    """Functions of the test, `blocking` and `awaited`, that note their calls; while parked they do not return."""

    def __init__(self, name: str, log: list[str] | None = None, *, returns: Any = None, parked: bool = False) -> None:
        self.name, self.returns = name, returns
        self.calls: list[list[Any]] = []
        self.threads: list[int] = []
        self.called = asyncio.Event()
        self._log = [] if log is None else log
        self._loop = asyncio.get_running_loop()
        self._thread_gate, self._gate = threading.Event(), asyncio.Event()
        if not parked:
            self.open()

    def open(self) -> None:
        """Return, and from now on at once."""
        self._thread_gate.set()
        self._gate.set()

    def _note(self, args: tuple[Any, ...]) -> None:
        self._log.append(self.name)
        self.calls.append(list(args))
        self.threads.append(threading.get_ident())

    def blocking(self, *args: Any) -> Any:
        """Block the thread until the gate is open."""
        self._note(args)
        self._loop.call_soon_threadsafe(self.called.set)
        self._thread_gate.wait()
        return self.returns

    async def awaited(self, *args: Any) -> Any:
        """Wait until the gate is open."""
        self._note(args)
        self.called.set()
        await self._gate.wait()
        return self.returns

    def of_kind(self, kind: str) -> Callable[..., Any]:
        """Return the function of that kind: ``sync`` or ``async``."""
        return self.blocking if kind == "sync" else self.awaited


def begin(work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """Run something beside the test."""
    return asyncio.get_running_loop().create_task(work)
