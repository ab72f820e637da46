"""Git, kept from doing anything but fetch one commit of a stranger and show what is in it.

Theory of operation. A repository can make git run programs: by hooks, by filters (LFS), by submodules, by transports
that are commands (``ext::``), by asking for passwords. So no work tree is ever made: the commit is fetched into a bare
repository of ours, made without a template, and its files are read as the blobs that they are. Modes are looked at, so
that a link is known for one. Every folder is listed by itself, never recursively: folders that hold each other many
times over would have no end.

Transports are allowed by name: https, ssh, and file for repositories on this machine. The address of a repository is an
argument behind ``--`` that cannot be an option, and a commit is nothing but its full id, so that it cannot be a branch
that is moved later or is called like an option. What git writes is limited in size (``ulimit -f`` of the shell that
becomes git), its memory by streaming everything large, and its time by ending the whole group of its processes.

Settings and credentials of whoever runs it hold as ever, except that nothing is asked; the variables of a repository in
which this happens to run do not.
"""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from proctor.classroom.sources.declared import COURSE_FOLDER, Declared, Entry, FilePath, Kind, UnusableError
from proctor.errors import UsageError
from proctor.hostile_text import one_line
from proctor.submission import SIZE_LIMIT

__all__ = ["FULL_ID", "TIME_LIMIT", "Git", "UnreachableError"]

FULL_ID: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
TIME_LIMIT: Final = 120.0
"""Seconds for one repository."""

MOST_BLOCKS: Final = 200 << 11
"""Size of the largest file that git may write, in the blocks of 512 bytes in which shells count: 200 MiB."""

MOST_LISTED: Final = 10_000
_LIMITED: Final = f'ulimit -f {MOST_BLOCKS} 2>/dev/null; exec "$@"'  # refused where the limit is lower already
_SETTINGS: Final = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.bigFileThreshold": "1m",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "protocol.https.allow": "always",
    "protocol.ssh.allow": "always",
    "protocol.file.allow": "always",
    "protocol.ext.allow": "never",
    "transfer.bundleURI": "false",
}
_VARIABLES: Final = {
    "GIT_ALLOW_PROTOCOL": "https:ssh:file",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
    "LANGUAGE": "",
}
_WITHOUT_QUESTIONS: Final = "ssh -oBatchMode=yes"
_OF_A_PERSON: Final = {
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_SSL_CAINFO",
    "GIT_SSH_COMMAND",
}
"""Variables of git that are not those of a repository."""

_NOT_THE_STUDENT: Final = re.compile(
    r"could not resolve|failed to connect|connection (?:refused|reset|closed)|timed out|network is unreachable"
    r"|temporary failure|no space left|returned error: (?:429|5\d\d)|cannot allocate|out of memory",
    re.IGNORECASE,
)
"""What git, curl and ssh say of networks, servers and this machine."""

_NEWEST: Final = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64})\tHEAD\n")
_ENTRY: Final = re.compile(
    rb"(?P<mode>[0-7]{6}) (?P<type>\w+) (?P<id>[0-9a-f]+) +(?P<size>[0-9]+|-)\t(?P<name>.*)", re.DOTALL
)
_KINDS: Final = {
    b"100644": Kind.FILE,
    b"100755": Kind.FILE,
    b"100664": Kind.FILE,
    b"120000": Kind.LINK,
    b"040000": Kind.FOLDER,
}


class UnreachableError(UnusableError):
    """Nobody knows what is in a repository, and its owner may not be to blame."""


class Git:
    """Git, for repositories of strangers. To be closed, which ends whatever of it still runs."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        """Find git. Raises UsageError where it is not installed."""
        git = shutil.which("git")
        if git is None:
            raise UsageError(
                "git is not installed, and submissions are fetched by it: install it (https://git-scm.com)"
            )
        self._git, self._time_limit = git, time_limit
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _OF_A_PERSON}
        self._environment = {"GIT_SSH_COMMAND": _WITHOUT_QUESTIONS, **own, **_VARIABLES}
        self._running: set[subprocess.Popen[bytes]] = set()

    def fetch(self, address: str, commit: str, folder: Path) -> None:
        """Make ``folder`` a bare repository with that commit. Raises UnusableError."""
        self._run("init", "--quiet", "--bare", "--template=", *_format(commit), "--", os.fspath(folder))
        fetch = ("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
        self._run(*_at(folder), *fetch, "--", address, commit)
        kind = self._run(*_at(folder), "cat-file", "-t", commit).strip()
        if kind != b"commit":
            raise UnusableError(f"has {commit} as a {one_line(os.fsdecode(kind), 20)}, not as a commit")

    def newest(self, address: str) -> str:
        """Return the commit that the default branch is at, empty where there is none yet. Raises UnusableError."""
        found = _NEWEST.match(self._run("ls-remote", "--", address, "HEAD"))
        return found[1].decode() if found else ""

    def entries(self, folder: Path, commit: str, declared: Declared) -> list[Entry]:
        """Return what a commit holds at the places where exercises may lie. Raises UnusableError."""
        top = self._listed(folder, f"{commit}:", ())
        course = [entry for entry in top if entry[0] == (COURSE_FOLDER,) and entry[1] is Kind.FOLDER]
        below = self._listed(folder, f"{commit}:{COURSE_FOLDER}", (COURSE_FOLDER,)) if course else []
        inside = [
            found
            for path, kind, _, _ in [*top, *below]
            if kind is Kind.FOLDER and path[-1] in declared.files
            for found in self._listed(folder, f"{commit}:{'/'.join(path)}", path)
        ]
        everything = [*top, *below, *inside]
        names = {name for names in declared.files.values() for name in names}
        wanted = [one[3] for one in everything if one[1] is Kind.FILE and one[0][-1] in names and one[2] <= SIZE_LIMIT]
        contents = self._contents(folder, wanted)
        return [Entry(path, kind, size, partial(contents.get, blob, b"")) for path, kind, size, blob in everything]

    def _listed(self, folder: Path, tree: str, above: FilePath) -> list[tuple[FilePath, Kind, int, str]]:
        """Return path, kind, size and id of everything in a folder, and of nothing below."""
        records = self._run(*_at(folder), "ls-tree", "-z", "--long", tree).split(b"\0")
        if len(records) > MOST_LISTED:
            raise UnusableError(f"has more than {MOST_LISTED:,} files in one folder")
        return [
            (
                (*above, os.fsdecode(found["name"])),
                _KINDS.get(found["mode"], Kind.OTHER),
                int(found["size"]) if found["size"] != b"-" else 0,
                found["id"].decode(),
            )
            for found in map(_ENTRY.fullmatch, records)
            if found
        ]

    def _contents(self, folder: Path, blobs: Sequence[str]) -> Mapping[str, bytes]:
        """Return the content of blobs by id."""
        if not blobs:
            return {}
        wanted = dict.fromkeys(blobs)
        output = self._run(*_at(folder), "cat-file", "--batch", given="".join(f"{one}\n" for one in wanted).encode())
        contents: dict[str, bytes] = {}
        start = 0
        for blob in wanted:
            end = output.index(b"\n", start)
            size = int(output[start:end].rpartition(b" ")[2])
            contents[blob] = output[end + 1 : end + 1 + size]
            start = end + 2 + size
        return contents

    def _run(self, *words: str, given: bytes = b"") -> bytes:
        """Run a command that has to succeed; return what it wrote. Raises UnusableError with git's complaint."""
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        process = subprocess.Popen(
            ["/bin/sh", "-c", _LIMITED, "sh", self._git, *settings, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self._environment,
            start_new_session=True,
        )
        with process:
            self._running.add(process)
            try:
                output, complaint = process.communicate(given, self._time_limit)
            except subprocess.TimeoutExpired:
                raise UnreachableError(f"was not fetched within {self._time_limit:.0f} seconds") from None
            finally:
                _end(process)
                self._running.discard(process)
        if process.returncode:
            said = one_line(os.fsdecode(complaint), 300).rstrip(".")
            fault = UnreachableError if _NOT_THE_STUDENT.search(said) else UnusableError
            raise fault(f"cannot be fetched: {said or f'git ended with {process.returncode}'}")
        return output

    def close(self) -> None:
        """End everything that still runs."""
        for process in [*self._running]:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command with all that it has started."""
    with suppress(ProcessLookupError, PermissionError):  # nothing is left of it; macOS calls that a lack of permission
        os.killpg(process.pid, signal.SIGKILL)


def _at(folder: Path) -> tuple[str, ...]:
    return ("--git-dir", os.fspath(folder))


def _format(commit: str) -> Iterable[str]:
    """Return the option for repositories whose ids are as long as this one."""
    return () if len(commit) == 40 else ("--object-format=sha256",)  # noqa: PLR2004 - the digits of SHA-1
