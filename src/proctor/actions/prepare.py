"""Before `grade`: what a rented machine needs to hold the code of strangers, and to start what exercises start.

GitHub's machines for Linux come without bubblewrap, and forbid ordinary programs the namespaces that it needs
(`kernel.apparmor_restrict_unprivileged_userns`, https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces).
Both is changed here as root, which only makes sense on a machine that is thrown away after the job.
"""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proctor.catalog import Course
from proctor.errors import OurFault, UsageError
from proctor.isolation.protection import Isolation, choose
from proctor.isolation.server_programs import PACKAGES, ServerProgram, find_server_program
from proctor.terminal import Terminal

__all__ = ["Missing", "find_missing", "prepare_machine"]

TIME_LIMIT: Final = 300.0
_SETTING: Final = "kernel.apparmor_restrict_unprivileged_userns"
_SETTING_FILE: Final = Path("/proc/sys") / _SETTING.replace(".", "/")
_LAYERS: Final = ("bubblewrap", "libseccomp2")
"""The packages with what the sandbox needs."""

Run = Callable[[Sequence[str]], None]


@dataclass(frozen=True)
class Missing:
    """What a machine lacks: layers of the sandbox, in words, and servers that exercises start."""

    layers: tuple[str, ...] = ()
    programs: tuple[ServerProgram, ...] = ()


def find_missing(course: Course) -> Missing:
    """Look at this machine."""
    wanted = sorted({program for exercise in course for program in exercise.manifest.programs})
    programs = tuple(program for program in wanted if find_server_program(program) is None)
    return Missing(tuple(choose(Isolation.AUTO).open_doors()), programs)


def prepare_machine(environment: Mapping[str, str], missing: Missing, run: Run | None = None) -> int:
    """Bring what is missing. Return 0. ``run`` runs a command as root; tests give another.

    Raises UsageError on a machine that is not thrown away, by what ``environment`` says of it, and OurFault where
    something cannot be brought.
    """
    if missing == Missing():
        Terminal().line("every layer and every server is there")
        return 0
    if environment.get("GITHUB_ACTIONS") != "true" or environment.get("RUNNER_ENVIRONMENT") != "github-hosted":
        raise UsageError("this machine is not thrown away after the job, so nothing is changed: see `nox -s doctor`")
    packages = [*(_LAYERS if missing.layers else ()), *(PACKAGES[program]["apt"] for program in missing.programs)]
    commands = [
        ["apt-get", "update", "--quiet"],
        ["apt-get", "install", "--quiet", "--yes", "--no-install-recommends", *packages],
    ]
    if missing.layers and _SETTING_FILE.exists() and _SETTING_FILE.read_text(encoding="ascii").strip() != "0":
        commands.append(["sysctl", f"{_SETTING}=0"])
    for command in commands:
        (run or _run_as_root)(command)
    return 0


def _run_as_root(command: Sequence[str]) -> None:
    """Run a fixed command of ours. Raises OurFault."""
    try:
        subprocess.run(["sudo", "-n", *command], check=True, timeout=TIME_LIMIT)  # noqa: S607 - where it is, differs
    except (OSError, subprocess.SubprocessError) as error:
        raise OurFault(f"`{' '.join(command)}` has failed: {type(error).__name__}") from None
