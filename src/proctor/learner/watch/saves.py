"""Which exercises were saved: told by the file system where it tells, looked for where it does not.

Editors save in many ways: in place, through a file that is renamed, through a backup, or piece by piece. So an event
is only an occasion to look, and what counts is whether the content has changed.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from watchfiles import Change, awatch  # pyright: ignore[reportUnknownVariableType] - it knows Trio's events, too

__all__ = ["Saved", "saves"]

QUIET_MS: Final = 10
"""Milliseconds without an event after which those before are told."""

LONGEST_MS: Final = 100
POLL_MS: Final = 150


@dataclass(frozen=True)
class Saved:
    """The exercises in whose folder something was saved, and whether the course itself has changed."""

    slugs: frozenset[str]
    has_course_changed: bool = False


async def saves(root: Path, *, poll: bool, stop: asyncio.Event) -> AsyncIterator[Saved]:
    """Yield what was saved below ``root``, until ``stop`` is set. ``poll`` looks at the files again and again."""
    exercises, graders = root / "exercises", root / "graders"
    rooms = [room for room in (exercises, graders) if room.is_dir()]
    changes = awatch(
        *rooms,
        watch_filter=_is_source,
        debounce=LONGEST_MS,
        step=QUIET_MS,
        stop_event=stop,
        force_polling=poll,
        poll_delay_ms=POLL_MS,
    )
    async for change in changes:
        yield _told(exercises, (Path(path) for _, path in change))


def _is_source(_change: Change, path: str) -> bool:
    return path.endswith((".py", ".toml"))


def _told(exercises: Path, paths: Iterable[Path]) -> Saved:
    """Learners save Python files in the folder of an exercise; everything else belongs to the course."""
    of_learners: set[str] = set()
    has_course_changed = False
    for path in paths:
        if path.parent.parent == exercises and path.suffix == ".py":
            of_learners.add(path.parent.name)
        else:
            has_course_changed = True
    return Saved(frozenset(of_learners), has_course_changed)
