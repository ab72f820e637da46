"""Has this machine what an exercise takes? Where it has not, the exercise is not available, which is not failed."""

from proctor.catalog import Manifest
from proctor.isolation.layers import Layer
from proctor.isolation.protection import Protection
from proctor.isolation.server_programs import PACKAGES, find_server_program

__all__ = ["why_unavailable"]


def why_unavailable(manifest: Manifest, protection: Protection) -> str:
    """Say what is missing, and where it is to be had; empty where nothing is."""
    if not protection.can_hold(manifest.stage):
        why = protection.missing.get(Layer.VIEW, "there is none")
        return f"this exercise starts servers of its own, which needs a private network: {why}"
    for program in manifest.programs:
        if find_server_program(program) is None:
            packages = PACKAGES[program]
            where = f"Debian and Ubuntu: the package `{packages['apt']}`; Fedora: `{packages['dnf']}`"
            return f"this exercise starts a real {program}, which is not installed ({where})"
    return ""
