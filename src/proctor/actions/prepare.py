"""Before `grade`: what a rented machine needs so that it can hold the code of strangers.

GitHub's machines for Linux come without bubblewrap, and forbid ordinary programs the namespaces that it needs
(`kernel.apparmor_restrict_unprivileged_userns`, https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces).
Both is changed here as root, which only makes sense on a machine that is thrown away after the job.
"""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from proctor.errors import OurFault, UsageError
from proctor.isolation.protection import Isolation, choose
from proctor.terminal import Terminal

__all__ = ["prepare_machine"]

TIME_LIMIT: Final = 300.0
_SETTING: Final = "kernel.apparmor_restrict_unprivileged_userns"
_SETTING_FILE: Final = Path("/proc/sys") / _SETTING.replace(".", "/")
_INSTALL: Final = (
    ("apt-get", "update", "--quiet"),
    ("apt-get", "install", "--quiet", "--yes", "--no-install-recommends", "bubblewrap", "libseccomp2"),
)
Run = Callable[[Sequence[str]], None]


def prepare_machine(
    environment: Mapping[str, str], missing: Callable[[], Sequence[str]] | None = None, run: Run | None = None
) -> int:
    """Bring the layers that are missing, where there are any. Return 0.

    Raises UsageError on a machine that is not thrown away, by what ``environment`` says of it, and OurFault where
    something cannot be brought. ``missing`` says what is open, ``run`` runs a command as root; tests give others.
    """
    open_doors = (missing or _missing)()
    if not open_doors:
        Terminal().line("every layer is there")
        return 0
    if environment.get("GITHUB_ACTIONS") != "true" or environment.get("RUNNER_ENVIRONMENT") != "github-hosted":
        raise UsageError("this machine is not thrown away after the job, so nothing is changed: see `nox -s doctor`")
    is_restricted = _SETTING_FILE.exists() and _SETTING_FILE.read_text(encoding="ascii").strip() != "0"
    for command in (*_INSTALL, *([("sysctl", f"{_SETTING}=0")] if is_restricted else [])):
        (run or _run_as_root)(command)
    return 0


def _missing() -> Sequence[str]:
    return choose(Isolation.AUTO).open_doors()


def _run_as_root(command: Sequence[str]) -> None:
    """Run a fixed command of ours. Raises OurFault."""
    try:
        subprocess.run(["sudo", "-n", *command], check=True, timeout=TIME_LIMIT)  # noqa: S607 - where it is, differs
    except (OSError, subprocess.SubprocessError) as error:
        raise OurFault(f"`{' '.join(command)}` has failed: {type(error).__name__}") from None
