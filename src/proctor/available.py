"""Have this machine and this course what an exercise takes? Where not, it is not available, which is not failed."""

from proctor.catalog import Exercise
from proctor.isolation.layers import Layer
from proctor.isolation.protection import Protection
from proctor.isolation.server_programs import PACKAGES, find_server_program
from proctor.released import FULL_SCORE

__all__ = ["why_unavailable"]


def why_unavailable(exercise: Exercise, protection: Protection) -> str:
    """Say what is missing, and where it is to be had; empty where nothing is."""
    manifest = exercise.manifest
    if exercise.released is not None and not exercise.released.public:
        return f"all checks of this exercise are hidden: your teacher grades it, for {FULL_SCORE} points"
    if not protection.can_hold(manifest.stage):
        why = protection.missing.get(Layer.VIEW, "there is none")
        return f"this exercise starts servers of its own, which needs a private network: {why}"
    for program in manifest.programs:
        if find_server_program(program) is None:
            packages = PACKAGES[program]
            where = f"Debian and Ubuntu: the package `{packages['apt']}`; Fedora: `{packages['dnf']}`"
            return f"this exercise starts a real {program}, which is not installed ({where})"
    return ""
