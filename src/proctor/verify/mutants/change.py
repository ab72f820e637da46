"""What an operator is and what it proposes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import libcst as cst

from proctor.verify.mutants.scene import Scene

__all__ = ["Change", "Operator"]


@dataclass(frozen=True)
class Change:
    """One small change: what it does, in words, and what takes the place of the node that was looked at.

    No node at all removes it from its list, several take its place one after another. ``target`` is the node that is
    replaced where it is another one than the one that was looked at.
    """

    description: str
    replacement: tuple[cst.CSTNode, ...]
    target: cst.CSTNode | None = None


@dataclass(frozen=True)
class Operator:
    """A kind of change. ``name`` is for teachers; ``changes`` is asked about every node of the types in ``on``."""

    name: str
    on: tuple[type[cst.CSTNode], ...]
    changes: Callable[[Any, Scene], Iterable[Change]]
