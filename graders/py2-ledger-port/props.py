"""Reads what JSON cannot carry: fills, hints, exceptions. Runs beside the submission, and judges nothing."""

import inspect
import typing
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, cast

FIELDS: Final = ("trader", "quantity", "fee")


def fields_of(fill: object) -> dict[str, Any]:
    """Return the attributes of a fill that it has, whatever kind of class it is of."""
    return {name: getattr(fill, name) for name in FIELDS if hasattr(fill, name)}


def read(fills: object) -> list[dict[str, Any]] | None:
    """Read fills as the next reader would; None where there is nothing to iterate over."""
    return [fields_of(fill) for fill in cast("Iterable[object]", fills)] if isinstance(fills, Iterable) else None


def iterator_over(fills: list[object]) -> Iterator[object]:
    """Return fills that can be read once."""
    return iter(fills)


def is_list(value: object) -> bool:
    """Tell whether a value is a list, which a tuple on its way to the grader is not told from."""
    return isinstance(value, list)


def raised_by(parse_fill: Callable[[bytes], object], raw: bytes) -> dict[str, Any] | None:
    """Return what a line makes the function raise, or None where it returns."""
    try:
        parse_fill(raw)
    except Exception as error:  # noqa: BLE001 - whatever it raises is a fact to report
        return {"name": type(error).__name__, "is_value_error": isinstance(error, ValueError)}
    return None


def hints_of(function: Callable[..., object]) -> dict[str, Any]:
    """Look the hints of a function up, as FastAPI does; tell what that raised, and what has none."""
    try:
        hints = typing.get_type_hints(function)
    except Exception as error:  # noqa: BLE001 - whatever comes of evaluating a hint is a fact to report
        return {"raised": f"{type(error).__name__}: {error}", "missing": []}
    missing = [f"the parameter {name}" for name in inspect.signature(function).parameters if name not in hints]
    return {"raised": None, "missing": missing if "return" in hints else [*missing, "the return value"]}
