"""Which layers hold the submissions of this run, and why the others do not."""

import os
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from proctor.errors import IsolationMissing, UsageError
from proctor.isolation import bubblewrap, landlock, privileges, seccomp
from proctor.isolation.layers import LAYERS, Layer, Profile

__all__ = ["BARE", "Isolation", "Protection", "choose"]


class Isolation(StrEnum):
    """What the user asks for: what there is, all layers or nothing, or processes of their own and no more."""

    AUTO = "auto"
    STRICT = "strict"
    PROCESS = "process"


@dataclass(frozen=True)
class Protection:
    """The layers of one run. ``missing`` says why each of the others is not there; ``forks`` how stages are started."""

    layers: tuple[Layer, ...]
    forks: bool
    missing: Mapping[Layer, str] = field(default_factory=dict[Layer, str])

    def to_plan(self) -> dict[str, Any]:
        """Return it as plain data, for another process."""
        return {"layers": list(self.layers), "forks": self.forks}

    @classmethod
    def from_plan(cls, plan: Mapping[str, Any]) -> Self:
        """Read what `to_plan` has made."""
        return cls(tuple(Layer(name) for name in plan["layers"]), plan["forks"])

    @property
    def is_complete(self) -> bool:
        """Whether every layer is there."""
        return set(self.layers) == set(Layer)

    @property
    def view(self) -> bubblewrap.View:
        """How to start a process in its private view; without that layer, as it is."""
        return bubblewrap.find_view() if Layer.VIEW in self.layers else bubblewrap.View()

    def can_hold(self, profile: Profile) -> bool:
        """Whether stages of this profile can be had. Exercises about servers need a network of their own."""
        return profile is Profile.PLAIN or Layer.VIEW in self.layers

    def open_doors(self) -> list[str]:
        """Say in plain words what a submission could do because a layer is missing, and why it is missing."""
        return [f"{LAYERS[layer].without} ({layer}: {reason})" for layer, reason in self.missing.items()]


_PROBES: Final = {
    Layer.LIMITS: lambda: "",
    Layer.PRIVILEGES: privileges.why_missing,
    Layer.FILES: landlock.why_missing,
    Layer.SYSTEM_CALLS: seccomp.why_missing,
    Layer.VIEW: lambda: bubblewrap.find_view().missing,
}

BARE: Final = Protection((Layer.PROCESS, Layer.CLEAN_ROOM), forks=True)
"""Forked stages that nothing else holds, for code of our own."""


def choose(wanted: Isolation, without: Collection[Layer] = ()) -> Protection:
    """Find out what this machine offers. ``without`` leaves layers out as if they were not there.

    Raises IsolationMissing when all layers are asked for and one is missing, UsageError on a system without POSIX.
    """
    if os.name != "posix":
        raise UsageError(
            f"grading needs Linux or macOS, and this is {sys.platform}. "
            "Run it in WSL, in a container or in a cloud editor."
        )
    missing: dict[Layer, str] = {}
    for layer, why_missing in _PROBES.items():
        if layer in without:
            missing[layer] = f"left out with `--without {layer}`"
        elif wanted is Isolation.PROCESS and layer is not Layer.LIMITS:
            missing[layer] = "`--isolation process` leaves it out"
        elif reason := why_missing():
            missing[layer] = reason
    if missing and wanted is Isolation.STRICT:
        raise IsolationMissing(
            "strict isolation is not to be had here:\n"
            + "".join(f"  {layer}: {reason}\n" for layer, reason in missing.items())
            + "`nox -s doctor` shows what each layer holds; `--isolation auto` grades with the layers that are there."
        )
    forks = wanted is not Isolation.PROCESS and sys.platform == "linux"
    return Protection(tuple(layer for layer in Layer if layer not in missing), forks, missing)
