"""Are these the graders that were promised? Nothing but Python is needed, and no file is unpacked or run.

    python -I verify_reveal.py STUDENT_TREE

This file lies in what the teacher has revealed; STUDENT_TREE is what you were given to work in, where
``graders/manifest.json`` has a commitment for every exercise: sha256(salt || archive). Here ``reveal.json`` has the
salts, and ``<exercise>.tar`` is the archive. One line is printed for every exercise. The exit code is 0 when
all are as promised, 1 when one is not, and 2 when files cannot be read.
"""

from __future__ import annotations  # students may have an older Python

import hashlib
import io
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any, cast

__all__ = ["NotReadable", "judge", "verify"]

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SALT = re.compile(r"[0-9a-f]{64}")  # always 32 bytes, or bytes could be moved between salt and archive
COMMITMENT = re.compile(r"[0-9a-f]{64}")


class NotReadable(Exception):
    """A file is missing, or not what it should be."""


def read(path: Path, schema: str) -> dict[str, dict[str, Any]]:
    """Return what a JSON file says of exercises, by name. Raises NotReadable."""
    try:
        document: Any = json.loads(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError) as error:
        raise NotReadable(f"`{path}` cannot be read: {error}") from error
    if not isinstance(document, dict) or cast("dict[str, Any]", document).get("schema") != schema:
        raise NotReadable(f"`{path}` is no `{schema}`")
    exercises: Any = cast("dict[str, Any]", document).get("exercises")
    if not isinstance(exercises, dict) or not all(map(_is_entry, cast("dict[str, Any]", exercises).items())):
        raise NotReadable(f"`{path}` is not what it should be: see its exercises")
    return cast("dict[str, dict[str, Any]]", exercises)


def _is_entry(item: tuple[str, Any]) -> bool:
    return SLUG.fullmatch(item[0]) is not None and isinstance(item[1], dict)


def names_in(archive: bytes, slug: str) -> list[str]:
    """Return the names of the files in an archive. Raises ValueError for one that does not belong there."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as opened:
            members = opened.getmembers()
    except (tarfile.TarError, EOFError) as error:
        raise ValueError(f"the archive is damaged ({error})") from error
    for member in members:
        *folder, name = member.name.split("/")
        place = "/".join(folder)
        if not member.isfile() or name in ("", ".", "..") or "\\" in name:
            raise ValueError(f"the archive has an entry {member.name!r}, which is no file")
        if place not in (f"graders/{slug}", "graders/shared_checks", f"exercises/{slug}"):
            raise ValueError(f"the archive has a file {member.name!r}, which does not belong there")
    names = [member.name for member in members]
    if len(set(names)) != len(names):
        raise ValueError("the archive has two files of one name")
    return names


def judge(slug: str, promised: dict[str, Any] | None, revealed: dict[str, Any] | None, folder: Path) -> int:
    """Return how many files were promised and are revealed. Raises ValueError, which says what is wrong."""
    if promised is None:
        raise ValueError("it was never promised: `graders/manifest.json` does not have it")
    if revealed is None:
        raise ValueError("it was promised and is not revealed: `reveal.json` does not have it")
    salt, commitment = str(revealed.get("salt")), str(promised.get("commitment"))
    if not SALT.fullmatch(salt) or not COMMITMENT.fullmatch(commitment):
        raise ValueError("salt and commitment are 64 digits of hexadecimal each, and these are not")
    try:
        archive = (folder / f"{slug}.tar").read_bytes()
    except OSError as error:
        raise ValueError(f"the archive cannot be read ({error})") from error
    if hashlib.sha256(bytes.fromhex(salt) + archive).hexdigest() != commitment:
        raise ValueError("archive and salt do not give the commitment")
    return len(names_in(archive, slug))


def verify(folder: Path, tree: Path) -> int:
    """Compare what lies in ``folder`` with what was promised in ``tree``; return the exit code."""
    try:
        promised = read(tree / "graders" / "manifest.json", "proctor/released/v1")
        revealed = read(folder / "reveal.json", "proctor/reveal/v1")
    except NotReadable as error:
        say(f"verify_reveal: {error}")
        return 2
    wrong = 0
    for slug in sorted({*promised, *revealed}):
        try:
            count = judge(slug, promised.get(slug), revealed.get(slug), folder)
            say(f"{slug}: as promised ({count} files)")
        except ValueError as error:
            wrong += 1
            say(f"{slug}: NOT AS PROMISED: {error}")
    return 1 if wrong else 0


def say(line: str) -> None:
    """Print a line, whatever the terminal can show."""
    print(line.encode("ascii", "backslashreplace").decode())  # noqa: T201 - it is a program


if __name__ == "__main__":
    if sys.argv[2:] or not sys.argv[1:]:
        say("usage: python -I verify_reveal.py STUDENT_TREE")
        sys.exit(2)
    sys.exit(verify(Path(__file__).resolve().parent, Path(sys.argv[1])))
