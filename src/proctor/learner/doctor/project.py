"""What Proctor asks of Python and of packages: `pyproject.toml` says so, and where there is none, the installation."""

import tomllib
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final, Self

from packaging.requirements import Requirement  # pytest, without which nothing is graded, brings it
from packaging.specifiers import SpecifierSet

__all__ = ["Project", "read_project"]

_TRIED: Final = "Programming Language :: Python :: "


@dataclass(frozen=True)
class Project:
    """Pythons that are allowed, those (as ``3.12``) on which all of it was tried, and packages. ``source`` says so."""

    source: str
    pythons: SpecifierSet
    tried: tuple[str, ...]
    requirements: tuple[Requirement, ...]

    @classmethod
    def of(cls, source: str, pythons: str, classifiers: list[str], requirements: list[str]) -> Self:
        """Read what was written. Raises ValueError when it is not as it should be."""
        tried = (one.removeprefix(_TRIED) for one in classifiers if one.startswith(_TRIED))
        return cls(source, SpecifierSet(pythons), tuple(tried), tuple(map(Requirement, requirements)))


def read_project(root: Path | None) -> Project:
    """Return what the `pyproject.toml` of this course folder asks for, or what the installed package asks for.

    The file goes first: after an update of the course the installation may be older.
    """
    with suppress(OSError, ValueError, KeyError, TypeError):
        if root is not None:
            project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
            if project["name"] == "proctor":
                fields = project["requires-python"], project["classifiers"], project["dependencies"]
                return Project.of("`pyproject.toml`", *fields)
    try:
        installed = metadata.metadata("proctor")
    except metadata.PackageNotFoundError:
        return Project.of("nobody", "", [], [])
    wanted = [one for one in metadata.requires("proctor") or () if "extra ==" not in one]
    classifiers = installed.get_all("Classifier") or []
    return Project.of("the installed Proctor", installed["Requires-Python"] or "", classifiers, wanted)
