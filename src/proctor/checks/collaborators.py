"""Collaborators as the grader holds them: hand them to the submission, see what it did with them, answer when it suits.

A collaborator answers at once with what it ``returns`` or ``does``. A *parked* one answers nobody until the grader
releases it: that is how a check holds a request at a known place without any clock.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from proctor.errors import StageLost

if TYPE_CHECKING:
    from proctor.checks.waiting import WaitingStage
    from proctor.stage.wire import Message

__all__ = ["Call", "Collaborator", "Described", "Generated"]


class Described:
    """Something that the stage builds from a description."""

    def __init__(self, description: "Message") -> None:
        self.description = description


class Call:
    """One call of a collaborator.

    ``state`` is ``waiting``, ``answered``, ``told`` (no answer is waited for), ``cancelled`` or ``dropped`` (the
    coroutine that waited was collected).
    """

    def __init__(self, stage: "WaitingStage", message: "Message") -> None:
        self._stage = stage
        self.id: int = message["id"]
        self.name: str = message["name"]
        self.on_loop: bool = message["on_loop"]
        self.thread: int = message["thread"]
        self.args: list[Any] = [stage.unpack(value) for value in message["args"]]
        self.kwargs: dict[str, Any] = {key: stage.unpack(value) for key, value in message["kwargs"].items()}
        self.state = "waiting" if message["wants_answer"] else "told"

    def answer(self, value: Any = None) -> None:
        """Let the call return."""
        self.state = "answered"
        self._stage.post({"t": "answer", "id": self.id, "value": self._stage.pack(value)})

    def fail(self, error: Exception) -> None:
        """Let the call raise; a built-in exception arrives as itself, any other as RuntimeError."""
        self.state = "answered"
        spec = {"type": type(error).__name__, "message": str(error)}
        self._stage.post({"t": "answer", "id": self.id, "error": spec})

    def __repr__(self) -> str:
        arguments = [repr(value) for value in self.args]
        arguments += [f"{key}={value!r}" for key, value in self.kwargs.items()]
        return f"{self.name}({', '.join(arguments)})"


class Collaborator(Described):
    """A callable that lives in the grader. What the submission did with it is `calls`, in order."""

    def __init__(
        self,
        name: str,
        kind: str = "async",
        *,
        parked: bool = False,
        does: Callable[..., Any] | None = None,
        returns: Any = None,
        params: Sequence[str] | None = None,
    ) -> None:
        description = {"$": kind, "name": name}
        super().__init__(description if params is None else {**description, "params": list(params)})
        self.name, self.parked = name, parked
        self.calls: list[Call] = []
        self._does = does
        self._returns = returns

    @property
    def waiting(self) -> list[Call]:
        """The calls that wait for an answer."""
        return [call for call in self.calls if call.state == "waiting"]

    @property
    def arguments(self) -> list[Any]:
        """The first argument of every call, in order."""
        return [call.args[0] if call.args else None for call in self.calls]

    def heard(self, call: Call) -> None:
        """Take note of a call, and answer it unless parked."""
        self.calls.append(call)
        if call.state == "waiting" and not self.parked:
            self._answer(call)

    def _answer(self, call: Call) -> None:
        try:
            value = self._does(*call.args, **call.kwargs) if self._does else self._returns
        except Exception as error:  # noqa: BLE001 - `does` raises what the submission is to meet
            call.fail(error)
        else:
            call.answer(value)

    def release(self) -> None:
        """Answer everybody who waits."""
        for call in self.waiting:
            self._answer(call)

    def open(self) -> None:
        """Answer everybody who waits, and from now on at once."""
        self.parked = False
        self.release()


class Generated(Collaborator):
    """A generator function, asynchronous or not: a step is a call of ``name.next``, the end one of ``name.closed``."""

    def __init__(self, name: str, kind: str, values: Sequence[Any], params: Sequence[str] | None = None) -> None:
        super().__init__(name, kind, params=params)
        remaining = list(values)
        end = Described({"$": "end"})
        self.steps = Collaborator(f"{name}.next", does=lambda: remaining.pop(0) if remaining else end)
        self.closed = Collaborator(f"{name}.closed")

    @property
    def parts(self) -> list[Collaborator]:
        """Everything of it that is called."""
        return [self, self.steps, self.closed]


class Collaborators:
    """The collaborators of one stage, by name."""

    def __init__(self) -> None:
        self._by_name: dict[str, Collaborator] = {}
        self.calls: dict[int, Call] = {}

    def add(self, *collaborators: Collaborator) -> None:
        """Make them known. Raises StageLost when a grader uses one name twice."""
        for one in collaborators:
            if one.name in self._by_name:
                raise StageLost(f"this check names two collaborators {one.name!r}; each needs a name of its own")
            self._by_name[one.name] = one

    def heard(self, call: Call) -> None:
        """Take note of a call. Raises KeyError when the name is not of a collaborator: only a forged call has that."""
        self.calls[call.id] = call
        self._by_name[call.name].heard(call)
