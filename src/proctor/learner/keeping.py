"""Copies of a learner's work, made before anything of it is replaced: `.proctor/kept/<occasion>/`."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from proctor.errors import UsageError

__all__ = ["keep", "replace_file"]


def keep(root: Path, occasion: str, files: Mapping[str, bytes]) -> Path:
    """Write files (path below the copy to content) where nothing is overwritten; return the folder.

    They are on the disk when this returns. Raises UsageError when they cannot be written; nothing was replaced then.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    folder = root / ".proctor" / "kept" / f"{occasion}-{stamp}"
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        raise UsageError(f"nothing was changed, because no copy of your work can be kept: {error}") from error
    return folder


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file as a whole: whoever reads it meanwhile, or after a crash, finds the old one or the new one."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
