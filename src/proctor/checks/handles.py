"""What the grader holds of the submission's objects, and of its calls that may not have returned yet."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from proctor.errors import Frame, SubmissionError
from proctor.hostile_text import neutral, one_line
from proctor.wording import spell

if TYPE_CHECKING:
    from proctor.checks.waiting import WaitingStage

__all__ = ["Handle", "Outcome", "RaisedError", "Running", "error_of", "frames_of"]

LONGEST_NAME: Final = 100
"""Characters shown of the name of an exception or a function."""


class RaisedError:
    """An exception object of the submission, as data."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind, self.message = kind, message

    def __repr__(self) -> str:
        return f"{self.kind}({self.message!r})"


@dataclass(frozen=True)
class Outcome:
    """How a call of the submission ended: with a value, or with an error."""

    value: Any = None
    error: SubmissionError | None = None


class Running:
    """A call of the submission that may not have returned yet; await it for the result."""

    def __init__(self, stage: "WaitingStage", number: int, what: str) -> None:
        self._stage, self._number, self._what = stage, number, what
        self._cancelled = False

    @property
    def done(self) -> bool:
        """Has it returned, raised or been cancelled?"""
        return self._number in self._stage.results

    def cancel(self) -> None:
        """Cancel the task that the call runs in."""
        self._cancelled = True
        self._stage.post({"t": "cancel", "call": self._number})

    async def result(self) -> Any:
        """Wait for the value. Raises SubmissionError when the call raised, CancelledError when `cancel` ended it."""
        await self._stage.until(lambda: self.done, f"{self._what} returns")
        outcome = self._stage.results[self._number]
        if outcome.error is None:
            return outcome.value
        if outcome.error.kind == "CancelledError" and self._cancelled:
            raise asyncio.CancelledError
        raise outcome.error

    def __await__(self) -> Generator[Any, None, Any]:
        return self.result().__await__()


class Handle:
    """An object that stays with the submission. What is asked of it happens there; answers are data or handles."""

    def __init__(self, stage: "WaitingStage", number: int, kind: str) -> None:
        self.stage, self.number, self.kind = stage, number, kind

    def __repr__(self) -> str:
        return f"<an object of type {self.kind}>"

    def begin(
        self, name: str | None, /, *args: Any, keep: bool = False, in_thread: bool = False, **kwargs: Any
    ) -> Running:
        """Call a method (or, with None, the object itself) and do not wait."""
        return self.stage.perform(
            self.number, "call", name, list(args), kwargs, keep=keep, in_thread=in_thread, what=f"{self.kind}.{name}()"
        )

    async def call(self, name: str | None, /, *args: Any, **kwargs: Any) -> Any:
        """Call a method (or, with None, the object itself) and return its value; coroutines are awaited."""
        return await self.begin(name, *args, **kwargs)

    async def attribute(self, name: str, *, keep: bool = False) -> Any:
        """Return an attribute; ``keep`` asks for a handle even where it is plain data."""
        what = f"the attribute {name}"
        return await self.stage.perform(self.number, "attribute", name, keep=keep, wait=False, what=what)

    async def set_attribute(self, name: str, value: Any) -> None:
        """Set an attribute."""
        await self.stage.perform(self.number, "set_attribute", name, value, what=f"setting {name}")

    async def item(self, key: Any, *, keep: bool = False) -> Any:
        """Return an item; ``keep`` asks for a handle even where it is plain data."""
        what = f"the item {spell(key)}"
        return await self.stage.perform(self.number, "item", key, keep=keep, wait=False, what=what)

    async def set_item(self, key: Any, value: Any) -> None:
        """Set an item."""
        await self.stage.perform(self.number, "set_item", key, value, what=f"setting the item {spell(key)}")

    async def length(self) -> int:
        """Return its length."""
        return await self.stage.perform(self.number, "length", what="its length")

    async def is_same_as(self, other: "Handle") -> bool:
        """Tell whether both handles stand for one object."""
        return await self.stage.perform(self.number, "is", other, what="the comparison")

    async def awaited(self) -> Any:
        """Await it and return the value."""
        return await self.stage.perform(self.number, "await", what="the awaited object")

    async def __aiter__(self) -> AsyncIterator[Any]:
        """Iterate over it, whether it is an ordinary iterable or an asynchronous one."""
        is_async = await self.stage.perform(self.number, "is_async_iterable", what="a look at the object")
        suffix = "_async" if is_async else ""
        iterator: Handle = await self.stage.perform(self.number, f"iterate{suffix}", keep=True, what="the iteration")
        while step := await self.stage.perform(iterator.number, f"next{suffix}", what="the next item"):
            yield step[0]

    @asynccontextmanager
    async def entered(self, *, is_async: bool = False, raising: Exception | None = None) -> AsyncGenerator[Any]:
        """Enter the context manager for the body of the ``async with``.

        ``raising`` leaves it as if the body had raised that exception; whether it was suppressed is not reported.
        """
        suffix = "_async" if is_async else ""
        yield await self.stage.perform(self.number, f"enter{suffix}", what="entering the context manager")
        error = None if raising is None else {"type": type(raising).__name__, "message": str(raising)}
        await self.stage.perform(self.number, f"exit{suffix}", error, what="leaving the context manager")


def error_of(value: Any) -> SubmissionError:
    """Read a described exception of a message. Raises KeyError or TypeError when the message was tampered with."""
    return SubmissionError(
        one_line(str(value["type"]), LONGEST_NAME), neutral(str(value["message"])), frames_of(value["frames"])
    )


def frames_of(value: Any) -> list[Frame]:
    """Read the frames of a message. Raises KeyError or TypeError when the message was tampered with."""
    return [
        Frame(
            file=str(each["file"]),
            line=int(each["line"]),
            function=one_line(str(each["in"]), LONGEST_NAME),
            code=one_line(str(each["code"])),
        )
        for each in value
    ]
