"""`proctor reveal`: shows after the deadline what the hidden checks were, with what proves that they were so all along.

The folder that it makes has an archive for each exercise, the salts in ``reveal.json``, and a program that compares
both with the commitments of a student tree. What it could not prove is not written: where graders have been changed
since the release, it says so, and where to find those that were promised.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from proctor.catalog import Course, find_root, load_course
from proctor.errors import CourseError, UsageError
from proctor.release import verify_reveal
from proctor.release.commitment import archive_of, commitment_of
from proctor.release.key_file import Key, read_key
from proctor.released import insist_on_all_checks, path_of_released, read_released

__all__ = ["RevealWish", "reveal"]

SCHEMA = "proctor/reveal/v1"


@dataclass(frozen=True)
class RevealWish:
    """The key, the folder to be made, and the student tree whose commitments are to be opened, if it is at hand."""

    key: Path
    out: Path
    of: Path | None = None


def reveal(wish: RevealWish) -> int:
    """Make the folder; return how many exercises are revealed.

    Raises UsageError for places that cannot be, CourseError where the graders are not those of the release; nothing is
    written then.
    """
    root = find_root(Path.cwd())
    insist_on_all_checks(root, "checks are revealed")
    key = read_key(wish.key)
    out = wish.out.resolve()
    if out.exists():
        raise UsageError(f"`{wish.out}` is there already: name a folder that does not exist")
    if not out.parent.is_dir():
        raise UsageError(f"`{wish.out}` cannot be made: there is no folder `{out.parent}`")
    archives = _archives(load_course(root), key)
    if wish.of is not None:
        _compare(wish.of, key, archives)
    try:
        with TemporaryDirectory(prefix=f".{out.name}.unfinished-", dir=out.parent) as made:
            folder = Path(made) / out.name
            folder.mkdir()
            _write(folder, key, archives)
            folder.rename(out)
    except OSError as error:
        raise UsageError(f"`{wish.out}` cannot be made: {error.strerror}") from error
    return len(archives)


def _archives(course: Course, key: Key) -> dict[str, bytes]:
    """Return the archives of a release. Raises CourseError where they cannot be made of this course any more."""
    here = {exercise.slug: exercise for exercise in course}
    archives: dict[str, bytes] = {}
    changed: list[str] = []
    for slug, own in key.exercises.items():
        try:
            archives[slug] = archive_of(here[slug])
        except (KeyError, OSError):
            changed.append(f"`{slug}` is not there any more")
            continue
        if sha256(archives[slug]).hexdigest() != own.archive:
            changed.append(f"`{slug}` is graded by something else now")
    if changed:
        revision = f"`git checkout {key.revision}`" if key.revision else "the commit that was released"
        raise CourseError(
            f"the graders are not those of the release, and nothing was written: {'; '.join(changed)}. "
            f"Reveal from {revision}, with all that was not committed then"
        )
    return archives


def _compare(tree: Path, key: Key, archives: Mapping[str, bytes]) -> None:
    """Return if this key opens the commitments of that tree. Raises UsageError or CourseError."""
    released = read_released(tree)
    if released is None:
        raise UsageError(f"`{tree}` is no student tree: there is no `{path_of_released(tree)}`")
    wrong = [*_differences({slug: one.commitment for slug, one in released.exercises.items()}, key, archives)]
    if wrong:
        raise CourseError(f"this key does not open the commitments in `{path_of_released(tree)}`: {', '.join(wrong)}")


def _differences(promised: Mapping[str, str], key: Key, archives: Mapping[str, bytes]) -> Iterator[str]:
    for slug in sorted({*promised, *archives}):
        own = commitment_of(bytes.fromhex(key.exercises[slug].salt), archives[slug]) if slug in archives else ""
        if promised.get(slug) != own:
            yield f"`{slug}`"


def _write(folder: Path, key: Key, archives: Mapping[str, bytes]) -> None:
    for slug, archive in archives.items():
        (folder / f"{slug}.tar").write_bytes(archive)
    salts = {slug: {"salt": own.salt} for slug, own in key.exercises.items()}
    document = {"schema": SCHEMA, "title": key.title, "algorithm": "sha256", "exercises": salts}
    (folder / "reveal.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    shutil.copyfile(verify_reveal.__file__, folder / "verify_reveal.py")
