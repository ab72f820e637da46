"""Where a file goes. What cannot be written is told before anything is graded, and not after."""

from pathlib import Path

from proctor.errors import UsageError

__all__ = ["insist_on_a_place"]


def insist_on_a_place(target: Path | None) -> None:
    """Do nothing for a file that can be written, or for none. Raises UsageError for any other."""
    if target is not None and not target.absolute().parent.is_dir():
        raise UsageError(f"`{target}` cannot be written: there is no folder `{target.absolute().parent}`")
    if target is not None and target.is_dir():
        raise UsageError(f"`{target}` cannot be written: it is a folder")
