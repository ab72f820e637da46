"""Somebody who has Python, git, a terminal and a fresh clone of this repository, and nothing else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.learner.window import Window

from proctor.catalog import SHARED_CHECKS

__all__ = ["ONLY", "Newcomer"]

ROOT = Path(__file__).parents[1]
ONLY = "middleware-onion"
"""The exercise that is left in the small clone."""


class Newcomer:
    """Somebody with clones of this repository, and with an environment that has nothing but pip.

    ``small`` is for one exercise; ``students`` is where what is released goes.
    """

    def __init__(self, folder: Path) -> None:
        self.clone, self.small, self.students = folder / "clone", folder / "small", folder / "students"
        upstream = folder / "upstream"
        self._copy_files(upstream)
        self.git(upstream, "init", "--quiet", "--initial-branch=main")
        self.git(upstream, "add", "--all")
        self.git(upstream, "commit", "--quiet", "--message=The course")
        for clone in (self.clone, self.small):
            self.git(folder, "clone", "--quiet", str(upstream), str(clone))
        subprocess.run([sys.executable, "-m", "venv", folder / "environment"], check=True)
        mine = ("NOX", "PYTEST", "VIRTUAL_ENV", "COLUMNS", "LINES")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(mine)}
        programs = [folder / "environment" / "bin", self.clone / ".nox" / "grade" / "bin"]
        self.environment = {**kept, "PATH": os.pathsep.join([*map(str, programs), kept["PATH"]])}

    def _copy_files(self, upstream: Path) -> None:
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
        for name in filter(None, names):
            if (ROOT / name).is_file():
                (upstream / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, upstream / name)

    def git(self, folder: Path, *arguments: str) -> None:
        """Run git as somebody with a name."""
        name = ["-c", "user.name=Newcomer", "-c", "user.email=newcomer@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)

    def run(self, command: str, folder: Path | None = None) -> tuple[int, str]:
        """Run a command in a shell; return its exit code and what it prints."""
        told = subprocess.run(
            ["sh", "-c", command],
            cwd=folder or self.clone,
            env=self.environment,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return told.returncode, told.stdout

    def open(self, command: str) -> Window:
        """Run a command in a window."""
        return Window(["sh", "-c", command], self.clone, self.environment)

    def shrink(self) -> None:
        """Leave one exercise in the small clone."""
        for room in ("exercises", "solutions", "graders"):
            for folder in (self.small / room).iterdir():
                if folder.is_dir() and folder.name not in {ONLY, SHARED_CHECKS}:
                    shutil.rmtree(folder)
        course = f'title = "One"\n[[chapters]]\ntitle = "One"\nexercises = ["{ONLY}"]\n'
        (self.small / "exercises" / "course.toml").write_text(course, encoding="utf-8")
