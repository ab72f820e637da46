"""What is a coroutine, and what is only a function? See README.md beside this file."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Literal

from fastapi import FastAPI

Kind = Literal["function", "coroutine function", "coroutine", "async generator", "other"]


def classify(obj: object) -> Kind:
    """Say what `obj` is, in the words of the table in README.md."""
    # TODO: 1. tell the five kinds apart, and see through functools.partial and callable objects
    return "other"


async def call(fn: Callable[..., Any], *args: Any) -> Any:
    """Return what `fn(*args)` yields in the end, whether `fn` is an ordinary function or an async one."""
    # TODO: 2. await an async one here; keep an ordinary one off the event loop
    return None


def lazy(fn: Callable[[], Awaitable[Any]]) -> Coroutine[Any, Any, Any] | None:
    """Return a coroutine object for one call of the async function `fn`, of which nothing has run yet."""
    # TODO: 3. what does calling an async function do, and what does it not do?
    return None


async def run_log(steps: list[Callable[[], Awaitable[Any]]]) -> list[Any]:
    """Run the async functions one after another; return what each of them returned, in order."""
    # TODO: 4. a step begins when the one before it has returned
    return []


def create_app(fetch: Callable[[str], Any]) -> FastAPI:
    """Return the desk. `fetch(symbol)` looks up a price; it may be an ordinary function or an async one."""
    app = FastAPI()

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> dict[str, Any]:
        # TODO: 5. the price is what `fetch` finds
        return {"symbol": symbol, "price": None}

    return app
