"""What the doctor finds: that something is well, that it is worth knowing, or that it hinders; and what mends it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Finding", "Kind", "Section", "note", "ok", "problem"]


class Kind(StrEnum):
    """How much a finding matters. Only a problem changes the exit code."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One finding. ``details`` are sentences more; ``mends`` are commands, each of which can be copied as it is."""

    kind: Kind
    text: str
    mends: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """Findings about one thing, which are looked for while they are iterated."""

    title: str
    findings: Iterator[Finding]


def ok(text: str) -> Finding:
    """Return a finding of something that is as it should be."""
    return Finding(Kind.OK, text)


def note(text: str, *mends: str, details: tuple[str, ...] = ()) -> Finding:
    """Return a finding of something that works, and could work better."""
    return Finding(Kind.NOTE, text, mends, details)


def problem(text: str, *mends: str, details: tuple[str, ...] = ()) -> Finding:
    """Return a finding of something that hinders or weakens what this repository is for."""
    return Finding(Kind.PROBLEM, text, mends, details)
