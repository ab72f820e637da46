"""Takes coroutines out of the list that it is going through."""

from collections.abc import Coroutine, Generator, Sequence
from types import coroutine
from typing import Any


@coroutine
def pause() -> Generator[None]:
    yield


def run(coros: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    running = list(enumerate(coros))
    results: dict[int, Any] = {}
    while running:
        for number, coro in running:
            try:
                coro.send(None)
            except StopIteration as done:
                results[number] = done.value
                running.remove((number, coro))
    return [results[number] for number in range(len(coros))]
