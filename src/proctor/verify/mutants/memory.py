"""What came of mutants in earlier runs, so that a run grades only what has changed.

One file an exercise. It is forgotten as a whole when anything that could decide otherwise has changed: the checks, the
given files, Proctor itself, Python, or the packages that a submission imports. Our own faults are never remembered.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

from proctor import __file__ as package
from proctor.catalog import Exercise

__all__ = ["Memory"]

NOT_DECIDING: Final = frozenset({"verify", "reports"})
"""Parts of Proctor on which no verdict depends."""


class Memory:
    """The checks that killed each graded text, by the digest of the text; no checks where it survived."""

    def __init__(self, folder: Path | None, exercise: Exercise) -> None:
        self._path = folder / f"{exercise.slug}.json" if folder is not None else None
        self._circumstances = _circumstances(exercise) if folder is not None else ""
        self.killers: Mapping[str, list[str]] = self._read()

    def _read(self) -> dict[str, list[str]]:
        if self._path is None or not self._path.is_file():
            return {}
        try:
            content = json.loads(self._path.read_bytes())
            return content["killers"] if content["circumstances"] == self._circumstances else {}
        except (ValueError, KeyError, TypeError):
            return {}  # a memory that cannot be read is none: everything is graded again

    def keep(self, killers: Mapping[str, list[str]]) -> None:
        """Remember this run, and nothing that it did not have."""
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = self._path.with_suffix(".new")
            unfinished.write_text(json.dumps({"circumstances": self._circumstances, "killers": killers}, indent=1))
            unfinished.replace(self._path)


def _circumstances(exercise: Exercise) -> str:
    return f"{exercise.graders_digest} {_surroundings()}"


@cache
def _surroundings() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in sorted(f"{one.name} {one.version}" for one in distributions()):
        digest.update(f"{name}\n".encode())
    root = Path(package).parent
    for path in sorted(root.rglob("*.py")):
        if path.relative_to(root).parts[0] not in NOT_DECIDING:
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
