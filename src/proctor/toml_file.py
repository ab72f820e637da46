"""Reading what somebody has written by hand: every fault is told with file and field."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from proctor.errors import CourseError

__all__ = ["read_toml", "validated"]


Model = TypeVar("Model", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a file. Raises CourseError when it is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"`{path}` is missing") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"`{path}` cannot be read: {error}") from error


def validated(model: type[Model], data: Any, path: Path, *where: str) -> Model:
    """Return what was read as a model; ``where`` is its place in the file. Raises CourseError, with every fault."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = "".join(
            f"\n  {'.'.join([*where, *map(str, fault['loc'])]) or 'the file'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise CourseError(f"`{path}` is not as it should be:{faults}") from error
