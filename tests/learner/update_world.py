"""A toy course with its repository, and the clone of a learner: the world of the tests of `nox -s update`."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from proctor.learner.update import update

__all__ = [
    "MINE",
    "NEW_STUB",
    "STUB",
    "WORK",
    "World",
    "everything",
    "exercise",
    "git",
    "kept",
    "run",
    "state",
    "write",
]

WORK = "def double(number):\n    return number + number  # größer\n"
STUB = "def double(number):\n    ...  # TODO\n"
NEW_STUB = "def double(number: int) -> int:\n    ...  # TODO: mind the type\n"
MINE = "exercises/one/main.py"


def exercise(slug: str, stub: str = STUB, check: str = "assert True\n", readme: str = "Do it.\n") -> dict[str, str]:
    """Return the files of one exercise."""
    return {
        f"exercises/{slug}/exercise.toml": f'title = "About {slug}"\nfiles = ["main.py"]\n',
        f"exercises/{slug}/README.md": readme,
        f"exercises/{slug}/main.py": stub,
        f"exercises/{slug}/.stub/main.py": stub,
        f"graders/{slug}/test_it.py": check,
    }


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", root, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def write(root: Path, files: Mapping[str, str | None]) -> None:
    """Write files below a folder; None deletes one."""
    for name, content in files.items():
        path = root / name
        if content is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())


def everything(root: Path) -> dict[str, bytes]:
    """Return all files of a clone but those of git and of Proctor."""
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    names = {path.relative_to(root).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith((".git/", ".proctor/"))}


def state(root: Path) -> tuple[str, str, str, dict[str, bytes]]:
    """Return all that an update which refuses must leave as it was."""
    return (
        git(root, "rev-parse", "HEAD"),
        git(root, "status", "--porcelain"),
        git(root, "ls-files", "--stage"),
        everything(root),
    )


def run(root: Path, source: str | None = None) -> str:
    """Update, and return what was said."""
    return "\n".join(update(root, source))


def kept(root: Path) -> dict[str, bytes]:
    """Return all copies of work, by path below the copy."""
    copies = (root / ".proctor" / "kept").glob("update-*")
    return {name: content for copy in copies for name, content in everything(copy).items()}


@dataclass(frozen=True)
class World:
    """The repository of a course, and the clone of a learner."""

    course: Path
    clone: Path

    def release(self, *changes: Mapping[str, str | None]) -> None:
        """Bring out a newer version of the course."""
        for change in changes:
            write(self.course, change)
        git(self.course, "add", "--all")
        git(self.course, "commit", "--quiet", "-m", "A newer course")

    def commit(self, change: Mapping[str, str | None]) -> None:
        """Commit something in the learner's clone."""
        write(self.clone, change)
        git(self.clone, "add", "--all")
        git(self.clone, "commit", "--quiet", "-m", "My work")

    def work(self, name: str) -> bytes:
        return (self.clone / name).read_bytes()

    def is_current(self, *work: str) -> bool:
        """Tell whether everything but this work is as in the newest course."""
        newest, here = everything(self.course), everything(self.clone)
        known = git(self.clone, "rev-list", "HEAD").split()
        return git(self.course, "rev-parse", "HEAD") in known and all(
            newest.get(name) == here.get(name) for name in newest.keys() | here.keys() if name not in work
        )

    @classmethod
    def made(cls, folder: Path, monkeypatch: pytest.MonkeyPatch) -> "World":
        """Make a course of three exercises, and clone it to a path that is not easy.

        Git knows nothing of this machine then, and of the people here only what the environment says.
        """
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("HOME", str(folder))
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
        for name in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{name}_NAME", "Somebody")
            monkeypatch.setenv(f"GIT_{name}_EMAIL", "somebody@example.org")
        world = cls(folder / "course", folder / "Übungen von mir")
        git(folder, "init", "--quiet", "-b", "main", "course")
        world.release(
            {".gitignore": ".proctor/\n", "README.md": "Hi.\n", "exercises/course.toml": "", "src/old.py": "old = 1\n"},
            *(exercise(slug) for slug in ("one", "two", "three")),
        )
        git(folder, "clone", "--quiet", str(world.course), str(world.clone))
        return world
