"""Goes on with the same coroutine until it is done."""

from collections.abc import Coroutine, Generator, Sequence
from types import coroutine
from typing import Any


@coroutine
def pause() -> Generator[None]:
    yield


def run(coros: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    results: list[Any] = []
    for coro in coros:
        while True:
            try:
                coro.send(None)
            except StopIteration as done:
                results.append(done.value)
                break
    return results
