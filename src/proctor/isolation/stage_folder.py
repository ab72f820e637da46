"""The folder of one stage: its copy of the submission, a place for temporary files, and the course's props.

``submission/`` and ``temporary/`` belong to the submission, ``props/`` it may only read. The folder above is closed to
other accounts, so the folders themselves can be open: a stage may run as a user of its own.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

__all__ = ["StageFolder", "remove_tree"]


@dataclass(frozen=True)
class StageFolder:
    """Where the parts of one stage lie."""

    root: Path

    @property
    def submission(self) -> Path:
        """The private copy of the submission, and its working directory."""
        return self.root / "submission"

    @property
    def temporary(self) -> Path:
        """Home directory and temporary files."""
        return self.root / "temporary"

    @property
    def props(self) -> Path:
        """The course's module that builds objects in the stage, if the exercise has one."""
        return self.root / "props" / "proctor_props.py"

    @property
    def writable(self) -> tuple[Path, Path]:
        """The parts that the submission may write to."""
        return self.submission, self.temporary

    @classmethod
    def create(cls, parent: Path, files: Mapping[str, bytes], props: bytes | None) -> Self:
        """Write ``files`` (name to content) into a new folder below ``parent``."""
        folder = cls(Path(tempfile.mkdtemp(prefix="stage-", dir=parent)))
        for part in (folder.submission, folder.temporary, folder.props.parent):
            part.mkdir()
        for name, content in files.items():
            (folder.submission / name).write_bytes(content)
            (folder.submission / name).chmod(0o666)
        if props is not None:
            folder.props.write_bytes(props)
        for path, mode in (
            (folder.root, 0o711),
            (folder.submission, 0o777),
            (folder.temporary, 0o777),
            (folder.props.parent, 0o755),
        ):
            path.chmod(mode)
        return folder

    def state(self) -> dict[str, tuple[int, int]]:
        """Return size and time of change of all that lies in the parts that the submission may write to.

        A folder in them is told by its name alone. Raises OSError when the submission has locked one.
        """
        return {
            entry.path: (status.st_size, status.st_mtime_ns)
            for part in self.writable
            for entry in os.scandir(part)
            for status in [entry.stat(follow_symlinks=False)]
        }

    def remove(self) -> None:
        """Remove all of it, whatever the submission has made of it."""
        remove_tree(self.root)


def remove_tree(folder: Path) -> None:
    """Remove a folder that a submission may have filled.

    Where it is nested too deep for Python, or locked, `chmod` and `rm` get through.
    """
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        subprocess.run(["/bin/chmod", "-R", "u+rwx", "--", os.fspath(folder)], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["/bin/rm", "-rf", "--", os.fspath(folder)], check=False)
