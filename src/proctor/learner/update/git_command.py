"""Running git in a learner's clone, the same everywhere: no language, no variable of others, nothing left running."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from proctor.errors import UsageError
from proctor.hostile_text import one_line

__all__ = ["AGAIN", "Git", "lines", "records"]

AGAIN: Final = "Then run `nox -s update` again."

_SETTINGS: Final = {
    "core.fsmonitor": "false",  # nothing is left running
    "gc.auto": "0",  # same
    "maintenance.auto": "false",  # same
}
_CONNECTS: Final = {"fetch", "ls-remote"}
_OF_A_PERSON: Final = {"GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"}
"""Variables that git counts among those of a repository, although people set them for all of theirs."""


class Git:
    """Git in one folder. Every method raises UsageError, with git's words, when git fails.

    ``held`` are descriptors that stay open as long as any git is at work which writes here, even if this process ends.
    """

    def __init__(self, root: Path) -> None:
        """Find git. Raises UsageError where it is not installed."""
        git = shutil.which("git")
        if git is None:
            raise UsageError("git is not installed, and a newer course comes by git: install it (https://git-scm.com)")
        self._git = git
        self._root = root
        self._environment = {**os.environ, "LC_ALL": "C", "LANGUAGE": "", "GIT_OPTIONAL_LOCKS": "0"}
        self.held: tuple[int, ...] = ()
        for name in self.text("rev-parse", "--local-env-vars").split():
            if name not in _OF_A_PERSON:
                self._environment.pop(name, None)

    def run(
        self, *words: str, given: bytes = b"", at: Path | None = None, variables: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, str]:
        """Run a command; return its exit code, what it wrote, and its complaints on one line."""
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        result = subprocess.run(
            [self._git, "-C", os.fspath(at or self._root), *settings, *words],
            input=given,
            capture_output=True,
            check=False,
            env={**self._environment, **(variables or {})},
            pass_fds=() if _CONNECTS.intersection(words) else self.held,  # a connection may leave helpers running
        )
        return result.returncode, result.stdout, one_line(os.fsdecode(result.stderr)).rstrip(".")

    def output(self, *words: str, given: bytes = b"", index: Path | None = None) -> bytes:
        """Run a command that has to succeed, on an index of its own if one is named; return what it wrote."""
        code, output, complaint = self.run(*words, given=given, variables=_own_index(index))
        if code:
            raise self._failed(words, complaint)
        return output

    def text(self, *words: str) -> str:
        """Run a command that has to succeed; return what it wrote, as text."""
        return os.fsdecode(self.output(*words)).rstrip("\n")

    def asked(self, *words: str) -> str | None:
        """Run a command that answers no by its exit code; return what it wrote, or None for no."""
        code, output, complaint = self.run(*words)
        if code > 1:
            raise self._failed(words, complaint)
        return None if code else os.fsdecode(output).rstrip("\n")

    def _failed(self, words: tuple[str, ...], complaint: str) -> UsageError:
        called = next((word for word in words if word in _CONNECTS), "")
        if called:
            return UsageError(
                f"`git {called}` got no answer in `{self._root}`: {complaint}. Nothing has changed. Look for a "
                f"network, and for the right address in `git remote -v`. {AGAIN}"
            )
        return UsageError(f"`git {' '.join(words[:2])}` failed in `{self._root}`: {complaint}. Mend that. {AGAIN}")


def _own_index(index: Path | None) -> dict[str, str]:
    return {} if index is None else {"GIT_INDEX_FILE": os.fspath(index)}


def records(output: bytes) -> list[str]:
    """Return what git separates with NUL."""
    return [os.fsdecode(record) for record in output.split(b"\0") if record]


def lines(texts: Iterable[str], end: bytes = b"\0") -> bytes:
    """Return texts in the form in which git reads many of them."""
    return b"".join(os.fsencode(text) + end for text in texts)
