"""What the grader may do with an object of the submission. Each verb takes the object first and returns a value."""

from collections.abc import AsyncIterable, Callable
from itertools import islice
from typing import Any, Final

from proctor.stage import wire
from proctor.stage.values import to_error

__all__ = ["VERBS"]


def _call(target: Any, name: str | None, args: list[Any], kwargs: dict[str, Any]) -> Any:
    function = target if name is None else getattr(target, name)
    return function(*args, **kwargs)


def _set_attribute(target: Any, name: str, value: Any) -> None:
    setattr(target, name, value)


def _item(target: Any, key: Any) -> Any:
    return target[key]


def _is(target: Any, other: Any) -> bool:
    return target is other


def _itself(target: Any) -> Any:
    """Return the object; the performer awaits what is awaitable."""
    return target


def _is_async_iterable(target: Any) -> bool:
    return isinstance(target, AsyncIterable)


def _set_item(target: Any, key: Any, value: Any) -> None:
    target[key] = value


def _enter(target: Any) -> Any:
    return target.__enter__()


def _exit(target: Any, error: wire.Message | None) -> Any:
    raised = to_error(error) if error else None
    return target.__exit__(type(raised) if raised else None, raised, None)


async def _enter_async(target: Any) -> Any:
    return await target.__aenter__()


async def _exit_async(target: Any, error: wire.Message | None) -> Any:
    raised = to_error(error) if error else None
    return await target.__aexit__(type(raised) if raised else None, raised, None)


def _next(target: Any) -> list[Any]:
    """Return ``[value]``, or ``[]`` at the end."""
    return list(islice(target, 1))


async def _next_async(target: Any) -> list[Any]:
    """Return ``[value]``, or ``[]`` at the end."""
    try:
        return [await anext(target)]
    except StopAsyncIteration:
        return []


VERBS: Final[dict[str, Callable[..., Any]]] = {
    "call": _call,
    "attribute": getattr,
    "set_attribute": _set_attribute,
    "item": _item,
    "set_item": _set_item,
    "length": len,
    "is": _is,
    "await": _itself,
    "is_async_iterable": _is_async_iterable,
    "iterate": iter,
    "next": _next,
    "iterate_async": aiter,
    "next_async": _next_async,
    "enter": _enter,
    "exit": _exit,
    "enter_async": _enter_async,
    "exit_async": _exit_async,
}
