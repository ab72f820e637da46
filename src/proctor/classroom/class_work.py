"""What is to be graded of a class: every student's work on every exercise, or why there is none."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from proctor.catalog import Exercise
from proctor.classroom.hand_in import HandIn
from proctor.gradebook.class_report import RowStatus
from proctor.gradebook.gradebook import Gradebook
from proctor.gradebook.receipt import Receipt
from proctor.gradebook.student import Student
from proctor.submission import Submission, read_submission

__all__ = ["HandedIn", "NotThere", "class_work", "stored_work"]


@dataclass(frozen=True)
class HandedIn:
    """One student's work on one exercise, and when it was handed in, as far as that is known."""

    student: str
    submission: Submission
    submitted_at: datetime | None

    def receipt(self, status: RowStatus, message: str, looked_at: datetime) -> Receipt:
        """Say what came of it."""
        slug, digest = self.submission.exercise.slug, self.submission.digest
        return Receipt(self.student, slug, status, message, digest, self.submitted_at, looked_at)


@dataclass(frozen=True)
class NotThere:
    """There is nothing to grade: missing, unreadable or, by our fault, an error; ``message`` says why."""

    student: str
    exercise: str
    status: RowStatus
    message: str

    def receipt(self, looked_at: datetime) -> Receipt:
        """Say so in the gradebook."""
        return Receipt(self.student, self.exercise, self.status, self.message, "", None, looked_at)


def class_work(
    students: Sequence[Student], hand_ins: Mapping[str, HandIn], exercises: Sequence[Exercise]
) -> Iterator[HandedIn | NotThere]:
    """Look for every student's work on every exercise, one student after the other; nothing is read ahead."""
    for student in students:
        hand_in = hand_ins.get(student.id)
        for exercise in exercises:
            yield _one(student.id, hand_in, exercise)


def _one(student: str, hand_in: HandIn | None, exercise: Exercise) -> HandedIn | NotThere:
    if hand_in is None:
        return NotThere(student, exercise.slug, RowStatus.MISSING, "nothing was handed in")
    if hand_in.problem:
        status = RowStatus.ERROR if hand_in.is_undecided else RowStatus.UNREADABLE
        return NotThere(student, exercise.slug, status, hand_in.problem)
    folder = hand_in.folder / exercise.slug
    if not folder.is_symlink() and not folder.exists():
        return NotThere(student, exercise.slug, RowStatus.MISSING, f"there is no folder `{exercise.slug}`")
    if folder.is_symlink() or not folder.is_dir():
        return NotThere(student, exercise.slug, RowStatus.UNREADABLE, f"`{exercise.slug}` is no folder")
    return HandedIn(student, read_submission(exercise, folder), hand_in.submitted_at)


def stored_work(gradebook: Gradebook, exercises: Sequence[Exercise]) -> list[HandedIn]:
    """Return everything that was ever handed in to these exercises, as the gradebook has kept it: to grade it anew.

    Each submission is there once for each student, in the order in which it was handed in.
    """
    by_slug = {exercise.slug: exercise for exercise in exercises}
    found: dict[tuple[str, str, str], HandedIn] = {}
    for attempt in gradebook.attempts():
        card = attempt.scorecard
        exercise = by_slug.get(card.exercise)
        key = (attempt.student, card.exercise, card.submission)
        if exercise is not None and key not in found:
            submission = _restored(exercise, gradebook.files(card.submission))
            found[key] = HandedIn(attempt.student, submission, attempt.submitted_at)
    return list(found.values())


def _restored(exercise: Exercise, files: Mapping[str, bytes]) -> Submission:
    """Read stored files as those of a folder are read, so that the same is found wrong with them."""
    with tempfile.TemporaryDirectory(prefix="proctor-stored-") as name:
        for file, content in files.items():
            (Path(name) / file).write_bytes(content)
        return read_submission(exercise, Path(name))
