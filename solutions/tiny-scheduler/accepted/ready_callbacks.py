"""Built like an event loop: a queue of functions to be called, and tasks that put themselves into it."""

from collections import deque
from collections.abc import Callable, Coroutine, Generator, Sequence
from typing import Any


class Pause:
    def __await__(self) -> Generator[None]:
        yield


class Task:
    result: Any

    def __init__(self, coro: Coroutine[Any, Any, Any], call_soon: Callable[[Callable[[], None]], None]) -> None:
        self.coro, self.call_soon = coro, call_soon
        call_soon(self.step)

    def step(self) -> None:
        try:
            self.coro.send(None)
        except StopIteration as done:
            self.result = done.value
        else:
            self.call_soon(self.step)


def pause() -> Pause:
    return Pause()


def run(coros: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    ready: deque[Callable[[], None]] = deque()
    tasks = [Task(coro, ready.append) for coro in coros]
    while ready:
        ready.popleft()()
    return [task.result for task in tasks]
