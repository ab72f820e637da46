"""Has every turn in the thread of a pool."""

from collections import deque
from collections.abc import Coroutine, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import coroutine
from typing import Any


@coroutine
def pause() -> Generator[None]:
    yield


def run(coros: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    waiting = deque(enumerate(coros))
    results: dict[int, Any] = {}
    pool = ThreadPoolExecutor(1)
    while waiting:
        number, coro = waiting.popleft()
        try:
            pool.submit(coro.send, None).result()
        except StopIteration as done:
            results[number] = done.value
        else:
            waiting.append((number, coro))
    return [results[number] for number in range(len(coros))]
