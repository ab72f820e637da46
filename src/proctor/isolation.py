"""Which layers hold a submission, and what they do not hold. Every report names them."""

from enum import StrEnum
from typing import Final

from proctor.errors import UsageError

__all__ = ["Isolation", "active_layers"]

_LAYERS: Final = (
    "separate process",
    "fresh fork per check",
    "clean environment",
    "private copy of declared files",
    "resource limits",
)


class Isolation(StrEnum):
    """What the user asks for."""

    AUTO = "auto"
    STRICT = "strict"
    PROCESS = "process"


def active_layers(wanted: Isolation) -> tuple[str, ...]:
    """Return the layers of this run. Raises UsageError where strict ones are asked for, which there are none of yet."""
    if wanted is Isolation.STRICT:
        raise UsageError(
            "strict isolation needs a sandbox around the stage (file system, network, system calls), and this version "
            "has none. Use `--isolation auto` for code that you trust not to attack your machine."
        )
    return _LAYERS
