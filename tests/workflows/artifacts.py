"""Artifacts of one run: a name is given once, rights are lost, and hidden files are left out unless they are wanted.

Source: https://github.com/actions/upload-artifact at v7.0.0 and https://github.com/actions/download-artifact at v8.0.1.
"""

import os
import re
from fnmatch import fnmatchcase
from itertools import count
from pathlib import Path

from tests.workflows.step import Step, StepFailed

__all__ = ["Artifacts"]


class Artifacts:
    """What the jobs of a run have left, a folder for each artifact."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ids: dict[str, str] = {}
        self._numbers = count()
        folder.mkdir(parents=True)

    def names(self) -> list[str]:
        """Return the artifacts that there are."""
        return sorted(one.name for one in self.folder.iterdir())

    def upload(self, step: Step) -> None:
        """Keep what `path` names. Raises StepFailed for a name that is taken, or where there is nothing."""
        name, place = step.inputs.get("name", "artifact"), step.workspace
        wanted = [place / line.strip() for line in step.inputs["path"].splitlines() if line.strip()]
        files = sorted({file for path in wanted for file in _files(path)})
        if step.inputs.get("include-hidden-files") != "true":
            files = [one for one in files if not any(part.startswith(".") for part in one.relative_to(place).parts)]
        if not files:
            if step.inputs.get("if-no-files-found", "warn") == "error":
                raise StepFailed(f"no files were found for the artifact {name}")
            return
        target = self.folder / name
        if target.exists():
            raise StepFailed(f"409 Conflict: an artifact with the name {name} exists already on this run")
        root = Path(os.path.commonpath(wanted)) if len(wanted) > 1 else wanted[0]
        root = root.parent if root.is_file() else root
        for file in files:
            _copy(file, target / file.relative_to(root))
        step.outputs["artifact-id"] = self._new_id(name)

    def replace(self, name: str, path: str, content: bytes) -> None:
        """Change a file of an artifact, which is another artifact of that name then: none is ever changed."""
        (self.folder / name / path).write_bytes(content)
        self._new_id(name)

    def _new_id(self, name: str) -> str:
        self._ids[name] = str(1000 + next(self._numbers))
        return self._ids[name]

    def download(self, step: Step) -> None:
        """Bring artifacts into the workspace. Raises StepFailed where the one that is named is not there."""
        place = step.workspace / step.inputs.get("path", ".")
        if "artifact-ids" in step.inputs:
            wanted = [one for one in self.names() if self._ids[one] == step.inputs["artifact-ids"]]
            if not wanted:
                raise StepFailed("None of the provided artifact IDs were found")
            self._bring(wanted[0], place)
            return
        if name := step.inputs.get("name"):
            if name not in self.names():
                raise StepFailed(f"Artifact not found for name: {name}")
            self._bring(name, place)
            return
        patterns = _alternatives(step.inputs.get("pattern", "*"))
        found = [one for one in self.names() if any(fnmatchcase(one, pattern) for pattern in patterns)]
        is_flat = step.inputs.get("merge-multiple") == "true" or len(found) == 1
        for one in found:
            self._bring(one, place if is_flat else place / one)

    def _bring(self, name: str, place: Path) -> None:
        source = self.folder / name
        for file in _files(source):
            _copy(file, place / file.relative_to(source))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [one for one in path.rglob("*") if one.is_file()]
    return [path] if path.is_file() else []


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def _alternatives(pattern: str) -> list[str]:
    found = re.fullmatch(r"(.*)\{([^{}]*)\}(.*)", pattern)
    return [f"{found[1]}{one}{found[3]}" for one in found[2].split(",")] if found else [pattern]
