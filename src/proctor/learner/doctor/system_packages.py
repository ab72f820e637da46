"""The commands that install a package of the system here."""

import os
import shutil
from collections.abc import Mapping
from typing import Final

__all__ = ["install"]

_MANAGERS: Final = {
    "apt": ("apt update && {sudo}apt install {package}", "Debian, Ubuntu"),
    "dnf": ("dnf install {package}", "Fedora"),
    "pacman": ("pacman -S {package}", "Arch"),
    "zypper": ("zypper install {package}", "openSUSE"),
    "apk": ("apk add {package}", "Alpine"),
    "brew": ("brew install {package}", "Homebrew"),
}
"""Program, command and where it is at home. A new container has no lists of packages: apt has to fetch them first."""


def install(packages: Mapping[str, str]) -> list[str]:
    """Return the command that installs a package, for the package managers that are here, or for all of them.

    ``packages`` says how the package is called, by package manager.
    """
    here = [manager for manager in packages if shutil.which(manager)]
    return [_command(manager, packages[manager]) for manager in here or packages]


def _command(manager: str, package: str) -> str:
    """Return a line for a shell, with the systems behind the sign of a comment."""
    sudo = "" if manager == "brew" or os.geteuid() == 0 else "sudo "
    command, systems = _MANAGERS[manager]
    return f"{sudo}{command.format(sudo=sudo, package=package)}  # {systems}"
