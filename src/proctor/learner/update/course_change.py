"""What a newer course changes, in words for a learner; and whose file is whose, in any version of the course.

A newer course may say more of itself than this Proctor understands. So manifests are read here only for what is needed,
and one that cannot be read says nothing.
"""

import shlex
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from proctor.hostile_text import one_line
from proctor.learner.update.clone import Clone, Tree

__all__ = ["Outline", "change_lines", "files_of_learners", "listed", "outlines"]

_MOST_NAMES: Final = 8


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    title: str = ""
    files: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outline:
    """What is asked of an exercise here: its title, and the paths of its learner's files and of those it provides."""

    slug: str
    title: str
    files: tuple[str, ...]
    given: tuple[str, ...]


def listed(names: Collection[str]) -> str:
    """Return names for a message, only the first of them where there are many."""
    shown = [f"`{one_line(name)}`" for name in sorted(names)[:_MOST_NAMES]]
    return ", ".join(shown) + (f" and {len(names) - len(shown)} more" if len(names) > len(shown) else "")


def outlines(clone: Clone, tree: Tree) -> dict[str, Outline]:
    """Return the exercises of one version of the course, by name."""
    manifests = {
        name: entry.id for name, entry in tree.items() if PurePosixPath(name).match("exercises/*/exercise.toml")
    }
    contents = clone.contents(manifests.values())
    found: dict[str, Outline] = {}
    for name, identity in sorted(manifests.items()):
        folder = PurePosixPath(name).parent
        manifest = _manifest(contents[identity])
        found[folder.name] = Outline(
            slug=folder.name,
            title=manifest.title or folder.name,
            files=_paths(folder, manifest.files),
            given=_paths(folder, manifest.given),
        )
    return found


def files_of_learners(*versions: Mapping[str, Outline]) -> set[str]:
    """Return the paths that any of these versions of the course leaves to learners."""
    return {file for version in versions for outline in version.values() for file in outline.files}


def change_lines(clone: Clone, before: str, after: str, work: Collection[str]) -> Iterator[str]:
    """Say what lies between two commits of the course for somebody who has work in these files."""
    old_tree, new_tree = clone.tree(before), clone.tree(after)
    old, new = outlines(clone, old_tree), outlines(clone, new_tree)
    yield f"The course has moved from {clone.described(before)} to {clone.described(after)}."
    if added := [new[slug] for slug in new if slug not in old]:
        yield "New exercises:"
        yield from (f"  {one_line(outline.title)} (`{one_line(outline.slug)}`)" for outline in added)
    if compared := [file for file in sorted(work) if _stub_changed(file, old_tree, new_tree)]:
        yield "These stubs have changed. Your files are as you left them; this shows the difference:"
        yield from (f"  git diff --no-index {one_line(shlex.join([_stub(file), file]))}" for file in compared)
    begun = [slug for slug, outline in old.items() if any(file in work for file in outline.files)]
    if judged := [
        slug for slug in begun if slug in new and _decisive(old[slug], old_tree) != _decisive(new[slug], new_tree)
    ]:
        yield f"Graders have changed: {listed(judged)}. Your points may change; `nox` grades again."
    if gone := [slug for slug in begun if slug not in new]:
        yield f"No longer in the course: {listed(gone)}. Your files are still in their place."


def _manifest(content: bytes) -> _Manifest:
    try:
        return _Manifest.model_validate(tomllib.loads(content.decode()))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError):
        return _Manifest()


def _paths(folder: PurePosixPath, names: Iterable[str]) -> tuple[str, ...]:
    """Return the paths of files in a folder; a name that leads out of it is none."""
    return tuple(str(folder / name) for name in names if not {"", ".", ".."}.intersection(name.split("/")))


def _stub(file: str) -> str:
    path = PurePosixPath(file)
    return str(path.parent / ".stub" / path.name)


def _stub_changed(file: str, old: Tree, new: Tree) -> bool:
    stub = _stub(file)
    return stub in new and (old.get(file) != new.get(file) or old.get(stub, new[stub]) != new[stub])


def _decisive(outline: Outline, tree: Tree) -> dict[str, object]:
    """Return what decides on the points of an exercise: checks, props, given files and manifest."""
    pattern = f"graders/{outline.slug}/*.py"
    others = {*outline.given, f"exercises/{outline.slug}/exercise.toml"}
    return {name: entry for name, entry in tree.items() if name in others or PurePosixPath(name).match(pattern)}
