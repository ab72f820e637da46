"""Objects that JSON cannot carry. Runs beside the submission: it builds and reports, and judges nothing."""

import inspect
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, Final

VENUE: Final = "XNYS"


def price(venue: str) -> str:
    """Return a price."""
    return venue


async def fetch(venue: str) -> str:
    """Return a price, some time."""
    return venue


async def ticks(venue: str) -> AsyncIterator[str]:
    """Yield prices, one at a time."""
    yield venue


class Provider:
    """Has methods of both kinds."""

    def price(self, venue: str) -> str:
        """Return a price."""
        return venue

    async def fetch(self, venue: str) -> str:
        """Return a price, some time."""
        return venue


class Callee:
    """An object that is called like a function."""

    def __init__(self, function: Callable[..., Any] = price) -> None:
        self.function = function

    def __call__(self, *args: Any) -> Any:
        """Call the function."""
        return self.function(*args)


class AsyncCallee:
    """An object that is called like an async function."""

    def __init__(self, function: Callable[..., Awaitable[Any]] = fetch) -> None:
        self.function = function

    async def __call__(self, *args: Any) -> Any:
        """Await the function."""
        return await self.function(*args)


SAMPLES: Final[dict[str, Callable[[], object]]] = {
    "a def function": lambda: price,
    "a lambda": lambda: lambda venue: venue,  # pyright: ignore[reportUnknownLambdaType] - it is never called
    "a def method": lambda: Provider().price,
    "the builtin len": lambda: len,
    "an async def function": lambda: fetch,
    "an async def method": lambda: Provider().fetch,
    "a coroutine object": lambda: fetch(VENUE),
    "an async def function with yield": lambda: ticks,
    "what calling an async def function with yield returns": lambda: ticks(VENUE),
    "the number 42": lambda: 42,
    "the text 'fetch'": lambda: "fetch",
    "None": lambda: None,
    "a list of functions": lambda: [price, fetch],
    "functools.partial of a def function": lambda: partial(price, VENUE),
    "functools.partial of an async def function": lambda: partial(fetch, VENUE),
    "an object with def __call__": Callee,
    "an object with async def __call__": AsyncCallee,
    "functools.partial of an object with def __call__": lambda: partial(Callee(), VENUE),
    "functools.partial of an object with async def __call__": lambda: partial(AsyncCallee(), VENUE),
}
"""What `classify` is asked about, each made afresh."""


def classified(classify: Callable[[object], object], sample: str) -> object:
    """Return what the learner's ``classify`` says of a sample."""
    made = SAMPLES[sample]()
    try:
        return classify(made)
    finally:
        if inspect.iscoroutine(made):
            made.close()  # it is made to be looked at; Python would warn that nobody awaited it


def partial_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a partial of a function of the grader, with the venue as its first argument."""
    return partial(function, VENUE)


def object_around(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return an object whose ``__call__`` is of the kind of a function of the grader, and calls it."""
    return AsyncCallee(function) if inspect.iscoroutinefunction(function) else Callee(function)


def loop_thread() -> int:
    """Return the thread of the event loop; called on it."""
    return threading.get_ident()
