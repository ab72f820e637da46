"""What is promised with a release: the manifest, which students get, and the key, which opens its commitments."""

import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from proctor.catalog import Course
from proctor.release.commitment import archive_of, commitment_of, new_salt
from proctor.release.cut import GraderCut
from proctor.release.key_file import Key, KeyOfExercise
from proctor.released import PublicCheck, Released, ReleasedExercise
from proctor.verdict import CheckSpec

__all__ = ["promise"]


def promise(course: Course, specs: Mapping[str, Sequence[CheckSpec]], cut: GraderCut) -> tuple[Key, Released]:
    """Draw salts; return what the teacher keeps, and what students are told.

    The checks of every exercise are worth 100 points together. Raises OSError when a grader cannot be read.
    """
    keys: dict[str, KeyOfExercise] = {}
    exercises: dict[str, ReleasedExercise] = {}
    for exercise in course:
        salt, archive = new_salt(), archive_of(exercise)
        keys[exercise.slug] = KeyOfExercise(salt=salt.hex(), archive=sha256(archive).hexdigest())
        hidden = [spec for spec in specs[exercise.slug] if spec.id not in cut.public[exercise.slug]]
        public = [spec for spec in specs[exercise.slug] if spec.id in cut.public[exercise.slug]]
        exercises[exercise.slug] = ReleasedExercise(
            public=tuple(PublicCheck(id=spec.id, points=spec.points) for spec in public),
            hidden_checks=len(hidden),
            hidden_points=sum(spec.points for spec in hidden),
            commitment=commitment_of(salt, archive),
        )
    key = Key(title=course.title, revision=_revision(course.root), exercises=keys)
    return key, Released(title=course.title, exercises=exercises)


def _revision(root: Path) -> str:
    """Return the commit that is checked out, or an empty text."""
    command = ["git", "-C", str(root), "rev-parse", "HEAD"]
    with suppress(OSError):
        told = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return told.stdout.strip() if told.returncode == 0 else ""
    return ""
