"""The teacher's half of a release: the salts, and what the archives were. Whoever has it can open the commitments.

It is written once, for its owner alone to read, and nothing of it is ever printed. ``revision`` is the commit of the
teacher's repository at the time, where there was one: the place to reveal from.
"""

import json
import os
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from proctor.errors import UsageError
from proctor.toml_file import validated

__all__ = ["Key", "KeyOfExercise", "read_key", "write_key"]

OWNER_ALONE: Final = 0o600

_STRICT: Final = ConfigDict(extra="forbid", frozen=True)
_Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class KeyOfExercise(BaseModel):
    """The salt of one exercise, and the SHA-256 of its archive."""

    model_config = _STRICT

    salt: _Hex
    archive: _Hex


class Key(BaseModel):
    """The whole file."""

    model_config = _STRICT

    schema_: Annotated[Literal["proctor/release-key/v1"], Field(alias="schema")] = "proctor/release-key/v1"
    title: str
    revision: str = ""
    exercises: dict[str, KeyOfExercise]


def write_key(path: Path, key: Key) -> None:
    """Write a new file that nobody else may read. Raises UsageError when it exists or cannot be written."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ALONE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(key.model_dump_json(by_alias=True, indent=2) + "\n")
    except OSError as error:
        raise UsageError(f"the key `{path}` cannot be written: {error.strerror}") from error


def read_key(path: Path) -> Key:
    """Read a file that a release has written. Raises UsageError when it is not there, CourseError when it is no key."""
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(
            f"the key `{path}` cannot be read: {error.strerror}. `--key` names what the release has written"
        ) from error
    except ValueError as error:
        raise UsageError(f"`{path}` is no key: {error}. `--key` names what the release has written") from error
    return validated(Key, data, path)
