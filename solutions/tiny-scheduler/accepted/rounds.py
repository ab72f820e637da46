"""Goes round after round through those that are not done, and what is awaited is an object with __await__."""

from collections.abc import Coroutine, Generator, Sequence
from typing import Any


class pause:  # noqa: N801 - it is called like a function
    def __await__(self) -> Generator[None]:
        yield


def run(coros: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    results: list[Any] = [None] * len(coros)
    waiting: Sequence[int] = range(len(coros))
    while waiting:
        paused: list[int] = []
        for number in waiting:
            try:
                coros[number].send(None)
            except StopIteration as done:
                results[number] = done.value
            else:
                paused.append(number)
        waiting = paused
    return results
