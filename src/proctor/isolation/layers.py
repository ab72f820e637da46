"""The layers around a submission: what each holds, and what is open without it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["LAYERS", "Layer", "Profile"]


class Layer(StrEnum):
    """One thing that holds a submission. The order is that in which reports name them."""

    PROCESS = "process"
    CLEAN_ROOM = "clean-room"
    LIMITS = "limits"
    PRIVILEGES = "privileges"
    FILES = "files"
    SYSTEM_CALLS = "system-calls"
    VIEW = "private-view"


class Profile(StrEnum):
    """What a stage is allowed. Exercises about servers start processes and listen; nothing else does."""

    PLAIN = "plain"
    SERVERS = "servers"


@dataclass(frozen=True)
class LayerText:
    """What people read about a layer: what it holds, and what a submission can do without it."""

    holds: str
    without: str


LAYERS: Final = {
    Layer.PROCESS: LayerText(
        "a process of its own for every check; the verdict is made in another one",
        "a submission could rewrite its own verdict",
    ),
    Layer.CLEAN_ROOM: LayerText(
        "copies of the declared files only, an environment built from nothing, a temporary folder of its own",
        "a submission could read tokens from the environment and have its configuration files obeyed",
    ),
    Layer.LIMITS: LayerText(
        "limits on processor time, memory, open files, file size and disk space",
        "a submission could use up processor, memory or disk until the machine stands still",
    ),
    Layer.PRIVILEGES: LayerText(
        "no capabilities, nothing gained through sudo or setuid programs, memory closed to other processes",
        "a submission could use sudo and whatever else your account may do",
    ),
    Layer.FILES: LayerText(
        "reads the interpreter, its packages and its own copy; writes to its own folder only (Landlock)",
        "a submission could read and change every file of your account, graders and gradebooks among them",
    ),
    Layer.SYSTEM_CALLS: LayerText(
        "starts no process, opens no connection, sends no signal (seccomp)",
        "a submission could use the network, start programs, signal other processes and outlive its grading",
    ),
    Layer.VIEW: LayerText(
        "sees no other file, process or network at all (bubblewrap)",
        "a submission could find out names, sizes and times of files whose paths it guesses",
    ),
}
