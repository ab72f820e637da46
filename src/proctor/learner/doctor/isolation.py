"""What this machine can and cannot protect, in plain words: every layer of isolation, tried and not assumed.

A layer that is missing is a note and no problem: it weakens nothing for those who grade their own work.
"""

import os
import platform
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from proctor.checks.theatre import Theatre
from proctor.errors import StageLost
from proctor.isolation.layers import LAYERS, Layer, Profile
from proctor.isolation.protection import Protection
from proctor.isolation.server_programs import PACKAGES, ServerProgram, find_server_program
from proctor.learner.doctor.finding import Finding, Kind, Section, note, ok
from proctor.learner.doctor.system_packages import install

__all__ = ["examine_isolation"]

_WIDTH: Final = 14
_PACKAGES: Final[Mapping[Layer, Mapping[str, str]]] = {
    Layer.SYSTEM_CALLS: {
        "apt": "libseccomp2", "dnf": "libseccomp", "pacman": "libseccomp", "zypper": "libseccomp2", "apk": "libseccomp",
    },
    Layer.VIEW: {
        "apt": "bubblewrap", "dnf": "bubblewrap", "pacman": "bubblewrap", "zypper": "bubblewrap", "apk": "bubblewrap",
    },
}  # fmt: skip
"""How the package is called that a layer needs, by package manager."""

_CONTAINERS: Final = (Path("/.dockerenv"), Path("/run/.containerenv"))
"""What Docker and Podman leave in their containers."""

_OPTIONS: Final = " ".join(f"--security-opt {one}=unconfined" for one in ("seccomp", "apparmor", "systempaths"))
_SYSCTL: Final = re.compile(r"`sudo sysctl -w (\S+)=(\S+)`")


def examine_isolation(protection: Protection) -> Section:
    """Look at every layer of a run. Iterating raises StageLost when one is there and does not hold."""
    account = "root" if os.geteuid() == 0 else "an ordinary user"
    system = f"{platform.system()} {platform.release()}"
    title = f"Isolation of submissions here ({system}, Python {platform.python_version()}, {account})"
    return Section(title, _findings(protection))


def _findings(protection: Protection) -> Iterator[Finding]:
    for layer in Layer:
        yield _layer(layer, protection)
    with Theatre(protection) as theatre:
        try:
            theatre.wait()
        except StageLost as error:
            raise StageLost(f"a layer is there and does not work: {error}") from None
    if protection.is_complete:
        yield ok("Every layer is there, and a trial stage could not get through. `--isolation strict` is possible.")
    elif protection.forks:
        yield note("What is there was tried and holds. `--isolation strict` refuses to run here; `auto` does without.")
    else:
        yield note("Stages are not forked here: each starts an interpreter. Do not grade code that you do not trust.")
    yield from _servers(protection)
    if sys.platform != "linux":
        yield note("Every layer is to be had in the dev container of this repository, `.devcontainer/`.")


def _servers(protection: Protection) -> Iterator[Finding]:
    if not protection.can_hold(Profile.SERVERS):
        yield note("Exercises about servers are not available without the private view.")
        return
    for program in ServerProgram:
        if find_server_program(program) is None:
            yield note(
                f"Exercises that start a real {program} are not available: `{program}` is not installed.",
                *install(PACKAGES[program]),
            )


def _layer(layer: Layer, protection: Protection) -> Finding:
    text = LAYERS[layer]
    line = f"{'yes' if layer in protection.layers else 'NO':<4} {layer:<{_WIDTH}} {text.holds}"
    if layer not in protection.missing:
        return Finding(Kind.OK, line)
    reason = protection.missing[layer]
    return note(line, *_mends(layer, reason), details=(f"why: {reason}", f"so {text.without}"))


def _mends(layer: Layer, reason: str) -> list[str]:
    """Return the commands that bring a layer about, as far as its reason says what is in the way."""
    if "is not installed" in reason and layer in _PACKAGES:
        return install(_PACKAGES[layer])
    mends: list[str] = []
    in_container = any(path.exists() for path in _CONTAINERS)
    if in_container and layer is Layer.VIEW and "does not work here" in reason:
        mends.append(f"docker run {_OPTIONS} ...  # starts the container anew")
    if setting := _SYSCTL.search(reason):
        name, value = setting.groups()
        where = "on the machine that runs the container" if in_container else "until this machine is started again"
        mends.append(f"sudo sysctl -w {name}={value}  # {where}")
        if not in_container:
            mends.append(f"echo '{name} = {value}' | sudo tee /etc/sysctl.d/60-proctor.conf  # and from then on")
    return mends
