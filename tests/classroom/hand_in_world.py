"""A little class: courses of toy exercises, ways to hand in, and what is read of it afterwards."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.toy import MANIFEST, STUB

from proctor.catalog import Exercise, load_exercise
from proctor.classroom.hand_in import HandIn
from proctor.classroom.sources import HandIns, hand_ins
from proctor.gradebook.student import Student
from proctor.submission import read_submission

__all__ = ["ALICE", "BOB", "World", "write_zip"]

ALICE = Student(id="alice", name="Example, Alice", ids={"canvas_id": "101", "moodle_identifier": "Participant 5301"})
BOB = Student(id="bob", name="Bob O'Neil", ids={"canvas_id": "102", "moodle_identifier": "Participant 5302"})


class World:
    """Exercises `one-thing` and `other-thing` (or the first alone), and a folder for submissions."""

    def __init__(self, folder: Path, *, only_one: bool = False) -> None:
        self.folder = folder
        self.submissions = folder / "submissions"
        self.submissions.mkdir(parents=True)
        slugs = ["one-thing"] if only_one else ["one-thing", "other-thing"]
        self.exercises = [self._exercise(slug) for slug in slugs]

    def _exercise(self, slug: str) -> Exercise:
        place = self.folder / "course" / "exercises" / slug
        (place / ".stub").mkdir(parents=True)
        (place / "exercise.toml").write_text(MANIFEST.format(stage="plain"), encoding="utf-8")
        (place / ".stub" / "main.py").write_text(STUB, encoding="utf-8")
        return load_exercise(self.folder / "course", slug)

    def put(self, path: str, text: str = "answer = 1\n") -> Path:
        """Write a file below the submissions."""
        place = self.submissions / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        return place

    def find(
        self, *students: Student, path: Path | None = None, kind: str | None = None, roster: bool = True
    ) -> HandIns:
        """Find what those students have handed in; Alice and Bob where none is named."""
        known = (students or (ALICE, BOB)) if roster else None
        return hand_ins(path or self.submissions, known, self.exercises, self.folder / "work", kind)

    def files(self, hand_in: HandIn) -> dict[str, str]:
        """Return what is read of each exercise: the text of its file, or what is wrong with it."""
        assert hand_in.problem == ""
        read = {one.slug: read_submission(one, hand_in.folder / one.slug) for one in self.exercises}
        return {slug: one.problem or one.files["main.py"].decode() for slug, one in read.items()}

    def outside(self) -> set[str]:
        """Return everything below the world that is neither course, submissions nor work."""
        return {path.name for path in self.folder.iterdir()} - {"course", "submissions", "work"}


def write_zip(path: Path, files: Mapping[Any, str | bytes]) -> Path:
    """Write an archive of these files, by name or by ZipInfo."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
