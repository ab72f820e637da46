"""Collaborators: what the submission is handed of things that live in the grader.

The grader describes one as ``{"$": kind, "name": ..., ...}`` and hears every use of it as a ``call`` message, in the
order of events. Kinds: ``async``, ``sync``, ``notify`` (no answer is waited for), ``async_generator``, ``generator``,
``async_context``, ``context``, ``object`` (with attributes), ``list`` (whose changes are reported), ``thread_pool``.

``params`` gives a callable a signature of its own, because FastAPI reads signatures: a dependency that takes
``*args, **kwargs`` would become two query parameters.
"""

import _thread
import asyncio
import inspect
import itertools
import weakref
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Final, SupportsIndex

from proctor.stage import wire
from proctor.stage.accounts import Sleeper, books
from proctor.stage.values import to_error

__all__ = ["Collaborators"]

END: Final = {"$": "end"}
"""What the grader answers to ``name.next`` when a generator has nothing more to yield."""


class Pending:
    """A synchronous call that waits for its answer."""

    __slots__ = ("error", "sleeper", "value")

    def __init__(self, name: str) -> None:
        self.sleeper = Sleeper(f"an answer to {name}")
        self.value: Any = None
        self.error: Exception | None = None


_Waiting = Pending | weakref.ref[asyncio.Future[Any]]


class Collaborators:
    """Builds collaborators, announces their calls and delivers the grader's answers."""

    def __init__(self, send: Callable[[wire.Message], None]) -> None:
        self._send = send
        self._numbers = itertools.count(1)
        self._open: dict[int, _Waiting] = {}
        self.pack: Callable[[object], Any]
        self.unpack: Callable[[Any], Any]

    # Building

    def build(self, spec: wire.Message) -> Any:
        """Build what a description of the grader stands for. Raises ValueError for an unknown kind."""
        name = spec.get("name", "")
        match spec["$"]:
            case "async" | "sync" | "notify" | "async_generator" | "generator" | "async_context" | "context" as kind:
                function = getattr(self, f"_{kind}")(name)
                function.__name__ = function.__qualname__ = name.rpartition(".")[2]
                if "params" in spec:
                    function.__signature__ = _signature(spec["params"])
                return function
            case "object":
                attributes = {key: self.unpack(value) for key, value in spec["attributes"].items()}
                return type(name, (), {key: _member(value) for key, value in attributes.items()})()
            case "list":
                return ReportedList(name, self._notify)
            case "thread_pool":
                return ThreadPoolExecutor(spec["workers"])
            case "end":
                return END
            case kind:
                raise ValueError(f"no collaborator is of kind {kind!r}")

    def _async(self, name: str) -> Any:
        async def method(*args: Any, **kwargs: Any) -> Any:
            return await self._ask(name, args, kwargs)

        return method

    async def _ask(self, name: str, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None) -> Any:
        # Only this frame refers to `answer`: a task that nobody keeps is really lost, as it is with a real network.
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        call = next(self._numbers)
        try:
            self._announce(call, name, args, kwargs or {}, weakref.ref(answer))
            return await answer
        except asyncio.CancelledError:
            self._send({"t": "cancelled", "id": call})
            raise
        except GeneratorExit:
            self._send({"t": "dropped", "id": call})
            raise
        finally:
            self._open.pop(call, None)

    def _sync(self, name: str) -> Any:
        def method(*args: Any, **kwargs: Any) -> Any:
            return self._ask_and_wait(name, args, kwargs)

        return method

    def _ask_and_wait(self, name: str, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None) -> Any:
        call, pending = next(self._numbers), Pending(name)
        self._announce(call, name, args, kwargs or {}, pending)
        pending.sleeper.sleep()
        del self._open[call]
        if pending.error is not None:
            raise pending.error
        return pending.value

    def _notify(self, name: str) -> Any:
        def method(*args: Any, **kwargs: Any) -> None:
            self._announce(next(self._numbers), name, args, kwargs)

        return method

    def _async_generator(self, name: str) -> Any:
        closed = self._notify(f"{name}.closed")

        async def generator(*args: Any, **kwargs: Any) -> AsyncGenerator[Any]:
            await self._ask(name, args, kwargs)
            try:
                while (value := await self._ask(f"{name}.next")) is not END:
                    yield value
            finally:
                closed()

        return generator

    def _generator(self, name: str) -> Any:
        closed = self._notify(f"{name}.closed")

        def generator(*args: Any, **kwargs: Any) -> Generator[Any]:
            self._ask_and_wait(name, args, kwargs)
            try:
                while (value := self._ask_and_wait(f"{name}.next")) is not END:
                    yield value
            finally:
                closed()

        return generator

    def _async_context(self, name: str) -> Any:
        @asynccontextmanager
        async def entered(*args: Any, **kwargs: Any) -> AsyncGenerator[Any]:
            value = await self._ask(f"{name}.enter", args, kwargs)
            try:
                yield value
            except BaseException as error:
                await self._ask(f"{name}.exit", (error,))
                raise
            await self._ask(f"{name}.exit", (None,))

        return entered

    def _context(self, name: str) -> Any:
        @contextmanager
        def entered(*args: Any, **kwargs: Any) -> Generator[Any]:
            value = self._ask_and_wait(f"{name}.enter", args, kwargs)
            try:
                yield value
            except BaseException as error:
                self._ask_and_wait(f"{name}.exit", (error,))
                raise
            self._ask_and_wait(f"{name}.exit", (None,))

        return entered

    def _announce(
        self, call: int, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], waiting: _Waiting | None = None
    ) -> None:
        message = {
            "t": "call",
            "id": call,
            "name": name,
            "args": [self.pack(value) for value in args],
            "kwargs": {key: self.pack(value) for key, value in kwargs.items()},
            "on_loop": asyncio._get_running_loop() is not None,  # noqa: SLF001 - the only way to ask without an exception
            "thread": _thread.get_ident(),
            "wants_answer": waiting is not None,
        }
        with books.lock:  # a call that waits is one that the grader has heard of
            self._send(message)
            if waiting is not None:
                self._open[call] = waiting

    # The grader's answers; on the channel thread

    def answer(self, call: int, value: Any, error: wire.Message | None) -> None:
        """Deliver an answer; one that nobody waits for any more is dropped."""
        raised = to_error(error) if error else None
        slot = self._open.get(call)
        if isinstance(slot, Pending):
            slot.value, slot.error = value, raised
            with books.lock:
                slot.sleeper.wake()
        elif slot is not None:
            future = slot()
            if future is not None:
                loop = future.get_loop()
                del future  # the posted callback must not keep a lost task alive
                with suppress(RuntimeError):  # a loop of the submission's own may be closed already
                    loop.call_soon_threadsafe(self._resolve, call, value, raised)

    def _resolve(self, call: int, value: Any, error: Exception | None) -> None:
        slot = self._open.get(call)
        future = slot() if isinstance(slot, weakref.ref) else None
        if future is None or future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)

    def alive(self) -> list[int]:
        """Return the calls that wait for an answer and are still held by somebody."""
        with books.lock:  # nobody is about to be announced
            waiting = list(self._open.items())
        return [call for call, slot in waiting if isinstance(slot, Pending) or slot() is not None]


class ReportedList(list[Any]):
    """A real list. What is put at its end is reported as ``name.append``, any other change as ``name.changed``."""

    def __init__(self, name: str, notify: Callable[[str], Any]) -> None:
        super().__init__()
        self._append = notify(f"{name}.append")
        self._changed = notify(f"{name}.changed")

    def append(self, item: Any) -> None:
        """Append one item."""
        super().append(item)
        self._append(item)

    def extend(self, items: Any) -> None:
        """Append several items."""
        for item in list(items) if items is self else items:
            self.append(item)

    def __iadd__(self, items: Any) -> "ReportedList":  # noqa: PYI034 - Self would promise subclasses
        self.extend(items)
        return self

    def insert(self, index: SupportsIndex, item: Any) -> None:
        """Insert one item; at the end it is an append."""
        at_end = index.__index__() >= len(self)
        super().insert(index, item)
        (self._append if at_end else self._changed)(item)

    def clear(self) -> None:
        """Remove everything."""
        super().clear()
        self._changed("clear")

    def pop(self, index: SupportsIndex = -1) -> Any:
        """Remove one item."""
        item = super().pop(index)
        self._changed("pop")
        return item

    def remove(self, item: Any) -> None:
        """Remove one item by value."""
        super().remove(item)
        self._changed("remove")

    def sort(self, **how: Any) -> None:
        """Sort in place."""
        super().sort(**how)
        self._changed("sort")

    def reverse(self) -> None:
        """Reverse in place."""
        super().reverse()
        self._changed("reverse")

    def __imul__(self, count: SupportsIndex) -> "ReportedList":  # noqa: PYI034 - same
        super().__imul__(count)
        self._changed("repeat")
        return self

    def __setitem__(self, index: Any, item: Any) -> None:
        super().__setitem__(index, item)
        self._changed("set")

    def __delitem__(self, index: Any) -> None:
        super().__delitem__(index)
        self._changed("delete")


def _signature(params: list[str]) -> inspect.Signature:
    named = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Signature([inspect.Parameter(name, named) for name in params])


def _member(value: Any) -> Any:
    return staticmethod(value) if callable(value) else value
