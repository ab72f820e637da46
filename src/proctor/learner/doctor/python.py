"""Is this Python one that Proctor supports?"""

import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from proctor.learner.doctor.finding import Finding, Section, note, ok, problem
from proctor.learner.doctor.project import Project, read_project

__all__ = ["examine_python"]

_FOUR_GIB: Final = 1 << 32


def examine_python(root: Path | None) -> Section:
    """Look at the interpreter that runs this."""
    return Section("Python", _findings(read_project(root)))


def _findings(project: Project) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    newest = max(project.tried, key=lambda text: [int(part) for part in text.split(".")], default="3")
    other = f"uvx --python {newest} nox  # with uv, which gets that Python where it is not there"
    known = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not project.pythons.contains(version, prereleases=True):
        yield problem(f"Python {version} is not supported, which is {project.pythons}", other)
    elif project.tried and known not in project.tried:
        yield note(f"Python {version} may well do, but Proctor was tried on {', '.join(project.tried)}", other)
    else:
        yield ok(f"Python {version} is supported")
    kind = platform.python_implementation()
    if kind != "CPython":
        yield note(f"it is {kind}, and Proctor was tried on CPython only", other)
    if sys.maxsize < _FOUR_GIB:
        yield note("it is a 32-bit Python, and Proctor was tried on 64 bits only", other)
    where = "of its own environment" if sys.prefix != sys.base_prefix else "outside of any virtual environment"
    yield ok(f"{kind}, {64 if sys.maxsize > _FOUR_GIB else 32} bits, {where}: `{sys.executable}`")
