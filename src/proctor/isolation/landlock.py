"""The layer of files: a stage reads what the interpreter needs and its own folder, and writes to its own folder.

Landlock also refuses plain TCP connections, and from ABI 6 on signals and abstract sockets that lead out of the stage.
There are ways around the former (MPTCP, data with the first packet), so the network is left to the layer of system
calls. Nor does it see stat(2): names, sizes and times of files whose path is known can be
found out, until the layer of the private view hides them.

Sources: landlock(7), https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import os
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from proctor.isolation.layers import Profile
from proctor.isolation.server_programs import ServerProgram, find_server_program

__all__ = ["interpreter_paths", "program_paths", "restrict", "why_missing"]

_CREATE_RULESET: Final = 444
_VERSION: Final = 1
"""landlock_create_ruleset(2), the same number on every machine, and its flag that asks for the version of the ABI."""

_SYSTEM: Final = (
    "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib", "/usr/share/zoneinfo",
    "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types", "/dev/null", "/dev/zero", "/dev/urandom",
)  # fmt: skip
"""Shared libraries, time zones, and the devices that everybody opens."""


def why_missing() -> str:
    """Say why this layer cannot be had on this machine, or return an empty text."""
    if sys.platform != "linux":
        return f"Landlock is Linux's, and this is {sys.platform}"
    if ctypes.CDLL(None, use_errno=True).syscall(_CREATE_RULESET, None, 0, _VERSION) < 1:
        return (
            f"this kernel has no Landlock ({os.strerror(ctypes.get_errno())}): it takes Linux 5.13 or newer with "
            "`landlock` among its security modules (kernel parameter `lsm=landlock,...`); in a container, "
            "a seccomp profile that allows it (Docker 23 or newer does)"
        )
    return ""


def program_paths() -> list[Path]:
    """Return what it takes to start this interpreter, a program beside it, or one of the servers of the system."""
    executable, settings = Path(sys.executable), Path(sys.prefix) / "pyvenv.cfg"
    folders = [executable.parent, executable.resolve().parent]
    installed = [path for path in map(find_server_program, ServerProgram) if path is not None]
    return [path for path in dict.fromkeys([*folders, settings, *installed]) if path.exists()]


def interpreter_paths() -> list[Path]:
    """Return everything that a running interpreter still reads: its library, its packages, shared libraries.

    Of this project it is the side of the submission alone, wherever that is installed.
    """
    ours = Path(__file__).parents[1]
    wanted = [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    wanted += [Path(sys.base_prefix) / "lib", *map(Path, _SYSTEM)]
    wanted += [ours / "__init__.py", ours / "stage", ours / "isolation"]
    existing = dict.fromkeys(path for path in wanted if path.exists())
    return [path for path in existing if not any(parent in existing for parent in path.parents)]


def restrict(profile: Profile, readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """Bind this thread and all that it starts, for good. Raises OSError when the kernel refuses."""
    from landlockpy import AccessFS, AccessNet, Ruleset, Scope  # noqa: PLC0415 - Linux only

    read = AccessFS.READ_FILE | AccessFS.READ_DIR
    write = AccessFS.WRITE_FILE | AccessFS.TRUNCATE | AccessFS.MAKE_REG | AccessFS.MAKE_DIR | AccessFS.REFER
    write |= AccessFS.REMOVE_FILE | AccessFS.REMOVE_DIR
    network = AccessNet.BIND_TCP | AccessNet.CONNECT_TCP
    if profile is Profile.SERVERS:  # they run programs, and have a network of their own
        read |= AccessFS.EXECUTE
        write |= AccessFS.MAKE_SOCK | AccessFS.MAKE_SYM | AccessFS.MAKE_FIFO
        network = AccessNet.NONE
    of_files = AccessFS.READ_FILE | AccessFS.WRITE_FILE | AccessFS.TRUNCATE | AccessFS.EXECUTE
    with Ruleset(handled_net=network, scoped=Scope.ABSTRACT_UNIX_SOCKET | Scope.SIGNAL) as rules:
        for path in readable:
            rules.allow_path(path, read if path.is_dir() else read & of_files)
        rules.allow_path("/dev/null", AccessFS.READ_FILE | AccessFS.WRITE_FILE)
        for path in writable:
            rules.allow_path(path, read | write)
        rules.restrict()
