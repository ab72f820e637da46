"""The layer of the private view: a file system, processes and a network in which there is nothing else.

bubblewrap starts the warm server in namespaces of its own. It needs no privilege where the kernel lets ordinary users
have user namespaces; started by root it needs none, and the server then takes a user that owns nothing.

Source: bwrap(1), https://github.com/containers/bubblewrap
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from proctor.isolation.landlock import interpreter_paths, program_paths

__all__ = ["View", "find_view"]

_ALWAYS: Final = (
    "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
    "--die-with-parent", "--cap-drop", "ALL", "--proc", "/proc", "--dev", "/dev",
)  # fmt: skip

_AS_ROOT: Final = ("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
_AS_USER: Final = ("--unshare-user", "--disable-userns")

_READABLE_BY_ALL: Final = 0o004

_RESTRICTED: Final = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
_MAXIMUM: Final = Path("/proc/sys/user/max_user_namespaces")
_DEBIAN: Final = Path("/proc/sys/kernel/unprivileged_userns_clone")


@dataclass(frozen=True)
class View:
    """How bubblewrap can be used here, or why it cannot: ``missing`` is empty where it can."""

    missing: str = ""
    program: str = ""
    options: tuple[str, ...] = ()
    needs_own_user: bool = False

    def wrap(self, command: Iterable[str], writable: Path) -> list[str]:
        """Return the command that runs ``command`` where only the interpreter and ``writable`` are to be seen.

        Without a program to do it, that is the command itself.
        """
        if not self.program:
            return [*command]
        arguments = [self.program, *_ALWAYS, *self.options]
        visible = _visible()
        above = {parent for path in (*visible, writable) for parent in path.parents}
        for path in sorted(above - {Path("/")}):  # those that bubblewrap makes by itself are closed to other users
            arguments += ["--dir", os.fspath(path)]
        for path in visible:
            arguments += ["--ro-bind", os.fspath(path), os.fspath(path)]
        arguments += ["--bind", os.fspath(writable), os.fspath(writable), "--remount-ro", "/"]
        return [*arguments, "--chdir", os.fspath(writable), "--", *command]


def _visible() -> list[Path]:
    """Return what the interpreter needs, and what it needs to be started."""
    return [path for path in (*interpreter_paths(), *program_paths()) if not path.is_relative_to("/dev")]


@cache
def find_view() -> View:
    """Find out whether bubblewrap works here, by having it start this interpreter."""
    if sys.platform != "linux":
        return View(f"bubblewrap is Linux's, and this is {sys.platform}")
    program = shutil.which("bwrap")
    if program is None:
        return View("`bwrap` is not installed (Debian, Ubuntu and Fedora: the package `bubblewrap`)")
    said = ""
    for options in _options():
        view = View("", program, options, needs_own_user=options is _AS_ROOT)
        trial = subprocess.run(
            view.wrap([sys.executable, "--version"], Path(__file__).parent),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if trial.returncode == 0:
            return view
        said = trial.stderr.strip().splitlines()[-1] if trial.stderr.strip() else f"exit status {trial.returncode}"
    return View(f"`bwrap` does not work here ({said}): {_remedy()}")


def _options() -> list[tuple[str, ...]]:
    """Return the ways to start it, best first. A user that owns nothing must be able to read the interpreter."""
    if os.geteuid() != 0:
        return [_AS_USER]
    is_readable = all(path.stat().st_mode & _READABLE_BY_ALL for path in _visible())
    return [_AS_ROOT, (), _AS_USER] if is_readable else [(), _AS_USER]


def _remedy() -> str:
    """Say what lets ordinary users have namespaces, as far as the kernel says what forbids it."""
    if _read(_RESTRICTED) == "1":
        return "AppArmor forbids user namespaces; `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`"
    if _read(_MAXIMUM) == "0":
        return "user namespaces are switched off; `sudo sysctl -w user.max_user_namespaces=10000`"
    if _read(_DEBIAN) == "0":
        return "user namespaces are switched off; `sudo sysctl -w kernel.unprivileged_userns_clone=1`"
    return (
        "in a container, start it with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined "
        "--security-opt systempaths=unconfined`"
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""
