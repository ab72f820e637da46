"""What other tools say of the code that is meant to be right: ruff on style, basedpyright on types.

They are told nothing but the files: their settings are those of the repository. One that is not installed is noted.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from proctor.catalog import Exercise
from proctor.errors import OurFault
from proctor.verify.finding import Finding, Flaw, Weight

__all__ = ["TOOLS", "Tool", "examine_code"]

Objection = tuple[Path, str]
"""A file, and what a tool says of it, in one line."""


def _style(output: str, _root: Path) -> Iterator[Objection]:
    for one in json.loads(output):
        yield Path(one["filename"]), f"line {one['location']['row']}: {one['code']} {one['message']}"


def _layout(output: str, root: Path) -> Iterator[Objection]:
    file = root
    for line in output.splitlines():
        if line.startswith("--- "):
            file = root / line.removeprefix("--- ")
        elif not line.startswith("+++ "):
            yield file, line


def _types(output: str, _root: Path) -> Iterator[Objection]:
    diagnostics: list[dict[str, Any]] = json.loads(output)["generalDiagnostics"]
    for one in diagnostics:
        if one["severity"] in {"error", "warning"}:
            message = " ".join(one["message"].split())
            yield Path(one["file"]), f"line {one['range']['start']['line'] + 1}: {message} ({one.get('rule', '')})"


@dataclass(frozen=True)
class Tool:
    """A command, the rule that it knows, and how to read what it says."""

    command: Sequence[str]
    rule: str
    sentence: str
    read: Callable[[str, Path], Iterator[Objection]]


TOOLS: Final = (
    Tool(("ruff", "check", "--output-format", "json"), "code_passes_ruff", "Solutions and checks pass ruff.", _style),
    Tool(("ruff", "format", "--diff"), "code_is_laid_out", "Solutions and checks are laid out by ruff.", _layout),
    Tool(
        ("basedpyright", "--outputjson", "--pythonpath", sys.executable),
        "code_is_typed",
        "Solutions and checks pass strict types.",
        _types,
    ),
)


def examine_code(root: Path, exercises: Sequence[Exercise], tools: Sequence[Tool] = TOOLS) -> list[Finding]:
    """Run every tool once on the right answers and the checks of all these exercises.

    Raises OurFault when a tool does not do its work.
    """
    owners = {path.resolve(): exercise for exercise in exercises for path in _code_of(exercise)}
    return [finding for tool in tools for finding in _examine(tool, root, owners)] if owners else []


def _examine(tool: Tool, root: Path, owners: dict[Path, Exercise]) -> Iterator[Finding]:
    name = tool.command[0]
    executable = shutil.which(
        name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    )
    slugs = list(dict.fromkeys(exercise.slug for exercise in owners.values()))
    if executable is None:
        where, what = "solutions and graders", f"not checked: {name} is not installed"
        for slug in slugs:
            yield Flaw(where, what, f"install {name}", weight=Weight.NOTE).found_in(slug, tool.rule)
        return
    objections: dict[Path, list[str]] = {}
    for path, objection in _run([executable, *tool.command[1:]], tool, root, list(owners)):
        objections.setdefault(path.resolve(), []).append(objection)
    for path, exercise in owners.items():
        if said := objections.get(path):
            where, what = path.relative_to(root.resolve()).as_posix(), f"{name} objects"
            remedy = f"correct what `{' '.join(tool.command[:2])}` says"
            yield Flaw(where, what, remedy, "\n".join(said)).found_in(exercise.slug, tool.rule)


def _run(command: Sequence[str], tool: Tool, root: Path, files: Sequence[Path]) -> Iterator[Objection]:
    done = subprocess.run([*command, *map(str, files)], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        raise OurFault(f"`{tool.command[0]}` ended with {done.returncode}: {(done.stderr or done.stdout).strip()}")
    try:
        yield from tool.read(done.stdout, root)
    except (ValueError, KeyError, TypeError) as error:
        raise OurFault(f"what `{tool.command[0]}` said was not understood: {error!r}") from error


def _code_of(exercise: Exercise) -> list[Path]:
    """Return the files that are meant to be right. Mistakes are not, and stubs are unfinished."""
    variants = [path for variant in exercise.accepted_variants() for path in variant.files.values()]
    reference = [exercise.solution / name for name in exercise.manifest.files]
    return [path for path in (*reference, *variants, *sorted(exercise.grader.glob("*.py"))) if path.is_file()]
