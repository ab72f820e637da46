"""What a student tree must be, as it lies on disk. Each gate yields its objections; all of them are told together."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proctor.catalog import Course
from proctor.release.commitment import archive_of, commitment_of
from proctor.release.key_file import Key
from proctor.release.objection import Objection
from proctor.release.secret_lines import SecretLines
from proctor.released import read_released

__all__ = ["Tree", "objections_on_disk"]

TEACHERS: Final = frozenset({"solutions", "mistakes", "mistakes.toml", "equivalent.toml", "transcript.txt"})
ENGINE: Final = "src/proctor/"
TO_DO: Final = re.compile(r"\bTODO\b")


@dataclass(frozen=True)
class Tree:
    """A student tree on disk, with what was meant to go: the ``planned`` files, the secrets that stay, the key."""

    folder: Path
    course: Course
    planned: Mapping[str, bytes]
    secrets: SecretLines
    key: Key


def objections_on_disk(tree: Tree) -> list[Objection]:
    """Ask all gates about a tree."""
    return [objection for gate in GATES for objection in gate(tree)]


def only_listed_files_go(tree: Tree) -> Iterator[Objection]:
    """Every file is on the list, as it was planned, and none is a link."""
    found: set[str] = set()
    for path in sorted(tree.folder.rglob("*")):
        name = path.relative_to(tree.folder).as_posix()
        if path.is_symlink():
            yield Objection(name, "is a symbolic link", "the tree was changed while it was written: release again")
        elif not path.is_dir():
            found.add(name)
            if name not in tree.planned:
                yield Objection(name, "is on no list", "take it away: only what is listed goes to students")
            elif path.read_bytes() != tree.planned[name]:
                yield Objection(name, "is not what was planned", "the tree was changed while it was written")
    for name in sorted(tree.planned.keys() - found):
        yield Objection(name, "is missing in the tree", "the tree was changed while it was written: release again")


def nothing_of_the_teacher_goes(tree: Tree) -> Iterator[Objection]:
    """No file is a solution, a mistake, or a record about either."""
    for name in tree.planned:
        if not name.startswith(ENGINE) and not TEACHERS.isdisjoint(name.split("/")):
            yield Objection(name, "belongs to the teacher", "name it otherwise, or take it out of `given`")


def no_secret_line_goes(tree: Tree) -> Iterator[Objection]:
    """No file has a line of what stays, or names a hidden check."""
    for path, name in _files(tree):
        yield from tree.secrets.objections(name, path.read_bytes())


def nothing_is_left_to_write(tree: Tree) -> Iterator[Objection]:
    """Nothing but stubs says TODO."""
    stubs = {f"exercises/{one.slug}/{name}" for one in tree.course for name in one.manifest.files}
    for path, name in _files(tree):
        is_content = name.startswith(("exercises/", "graders/")) and name not in stubs and "/.stub/" not in name
        if is_content and TO_DO.search(path.read_text(encoding="utf-8", errors="replace")):
            yield Objection(name, "still says TODO", "write what belongs there")


def the_commitments_hold(tree: Tree) -> Iterator[Objection]:
    """The commitments of the tree are those to the teacher's graders as they are now."""
    released = read_released(tree.folder)
    for exercise in tree.course:
        own = released.exercises.get(exercise.slug) if released is not None else None
        salt = bytes.fromhex(tree.key.exercises[exercise.slug].salt)
        if own is None or own.commitment != commitment_of(salt, archive_of(exercise)):
            what = f"has no commitment to what grades `{exercise.slug}` now"
            yield Objection("graders/manifest.json", what, "a grader was changed meanwhile: release again")


GATES: Final = (
    only_listed_files_go,
    nothing_of_the_teacher_goes,
    no_secret_line_goes,
    nothing_is_left_to_write,
    the_commitments_hold,
)


def _files(tree: Tree) -> Iterator[tuple[Path, str]]:
    for path in sorted(tree.folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path, path.relative_to(tree.folder).as_posix()
