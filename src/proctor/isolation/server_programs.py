"""Servers of the system, which no Python package brings: where they are, and which packages they come with."""

import os
import shutil
from enum import StrEnum
from pathlib import Path
from typing import Final

__all__ = ["PACKAGES", "ServerProgram", "find_server_program"]


class ServerProgram(StrEnum):
    """A server by the name of its program."""

    NGINX = "nginx"


PACKAGES: Final = {
    ServerProgram.NGINX: {
        "apt": "nginx-light", "dnf": "nginx-core", "pacman": "nginx", "zypper": "nginx", "apk": "nginx",
    },
}  # fmt: skip
"""How the package is called that a program comes with, by package manager."""

_ADMINISTRATORS: Final = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where servers are installed, and what the path of an ordinary user often leaves out."""


def find_server_program(program: ServerProgram) -> Path | None:
    """Return where a program is, or None where it is not installed."""
    path = shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *_ADMINISTRATORS]))
    return None if path is None else Path(path)
