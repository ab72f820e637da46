"""The feed, and a server between client and application. Runs beside the submission, and judges nothing."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Any, Send], Awaitable[None]]

_known: Final[set[asyncio.Task[Any]]] = set()


class Feed:
    """Numbers the subscriptions. What becomes of them is said by the grader, and told to it."""

    def __init__(
        self,
        begun: Callable[[int, str], object],
        find_price: Callable[[int, str], Awaitable[str | None]],
        ended: Callable[[int, str], object],
    ) -> None:
        self.begun, self.find_price, self.ended = begun, find_price, ended
        self.numbers = itertools.count(1)
        self.waiting: set[asyncio.Task[Any] | None] = set()

    def subscribe(self, symbol: str) -> "Subscription":
        """Return a subscription, which has not begun."""
        return Subscription(self, next(self.numbers), symbol)


class Subscription(AsyncIterator[str]):
    """The prices of one symbol, one at a time."""

    def __init__(self, feed: Feed, number: int, symbol: str) -> None:
        self._feed, self._number, self._symbol = feed, number, symbol

    async def __aenter__(self) -> AsyncIterator[str]:
        self._feed.begun(self._number, self._symbol)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._feed.ended(self._number, self._symbol)

    async def __anext__(self) -> str:
        task = asyncio.current_task()
        self._feed.waiting.add(task)  # as every feed does: who waits for a price is not lost to the garbage collector
        try:
            price = await self._feed.find_price(self._number, self._symbol)
        finally:
            self._feed.waiting.discard(task)
        if price is None:
            raise StopAsyncIteration
        return price


def feed(
    begun: Callable[[int, str], object],
    find_price: Callable[[int, str], Awaitable[str | None]],
    ended: Callable[[int, str], object],
) -> Feed:
    """Return a feed that asks the grader for every price."""
    return Feed(begun, find_price, ended)


def served(app: Application, drain: Callable[[], Awaitable[object]] | None = None) -> Application:
    """Return the application as a server calls it that lets it answer a handshake, and waits for a slow client."""

    async def serve(scope: Scope, receive: Any, send: Send) -> None:
        async def send_and_drain(message: MutableMapping[str, Any]) -> None:
            await send(message)
            if drain is not None and message["type"] == "websocket.send":
                await drain()

        await app({**scope, "extensions": {"websocket.http.response": {}}}, receive, send_and_drain)

    return serve


def wait_for(bell: Callable[[], object]) -> None:
    """Keep the event loop busy until the grader rings: what it sends meanwhile arrives together."""
    bell()


async def remember_tasks() -> None:
    """Remember the tasks that there are."""
    _known.update(asyncio.all_tasks())


async def new_tasks() -> list[str]:
    """Return the names of the coroutines that run in tasks which were not there to be remembered."""
    tasks = asyncio.all_tasks() - _known - {asyncio.current_task()}
    return sorted(getattr(task.get_coro(), "__name__", "a coroutine") for task in tasks)
