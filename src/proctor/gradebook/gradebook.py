"""The gradebook: every attempt ever graded, what was found last of everybody's work, and what teachers have decided.

An attempt or a decision that is in it is never changed and never removed, except that `forget` removes a student. An
attempt that is recorded again is there once; only when it was handed in may become earlier than was known. So whoever
was interrupted records everything again, and nothing is there twice. How the file survives is told in
`proctor.gradebook.database`, and how documents are spelled in it in `proctor.gradebook.spelling`.
"""

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from proctor.errors import ProctorError, UsageError
from proctor.gradebook import spelling
from proctor.gradebook.attempt import Attempt, Circumstances
from proctor.gradebook.backup import backups_that_hold
from proctor.gradebook.database import PATIENCE, GradebookFile
from proctor.gradebook.decision import Decision
from proctor.gradebook.dump import dump_lines
from proctor.gradebook.receipt import Receipt
from proctor.gradebook.recorded import RecordedAttempt
from proctor.gradebook.student import Student
from proctor.gradebook.student_data import Forgotten, export_student, insist_on_students, remove_student
from proctor.scorecard import Scorecard, Status

__all__ = ["Gradebook"]

_DECIDED: Final = frozenset({Status.GRADED, Status.UNREADABLE})

_SAME_ATTEMPT: Final = "student, exercise, submission, graders, seed, environment, isolation"


class Gradebook:
    """An open gradebook, to be closed; for the thread that opened it. Make one with `Gradebook.open`.

    ``seed`` is what all values are drawn from that the checks of this class get. ``notices`` says what a teacher should
    know. Every method raises UsageError when the file is damaged or in use, and OurFault when the disk fails; whatever
    it should have changed is unchanged then.
    """

    def __init__(self, file: GradebookFile) -> None:
        self._file = file
        self.notices = file.notices
        with file.reading() as database:
            (seed,) = database.execute("SELECT seed FROM about").fetchone()
        self.seed: int = seed

    @classmethod
    def open(
        cls,
        path: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        seed: int | None = None,
        patience: float = PATIENCE,
    ) -> Self:
        """Open a gradebook, and make it when it is missing; ``patience`` is how many seconds to wait for others.

        Raises UsageError for a file that is damaged, not writable, locked, no gradebook or of a newer Proctor, or that
        has another ``seed`` than the one that is asked for.
        """
        drawn = secrets.randbelow(1 << 31) if seed is None else seed
        file = GradebookFile.open(path, drawn, now, patience)
        try:
            gradebook = cls(file)
        except BaseException:
            file.close()
            raise
        if seed not in {None, gradebook.seed}:
            file.close()
            raise UsageError(
                f"`{file.path}` has the seed {gradebook.seed}, and {seed} is asked for: the same work would be judged "
                "with other values. Leave the seed out, or name another file."
            )
        return gradebook

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    # The roster

    def enroll(self, students: Sequence[Student]) -> None:
        """Take this roster for the one of now. Those who are not in it any more keep their history."""
        rows = [(student.id, spelling.spell_model(student)) for student in students]
        if len({student for student, _ in rows}) < len(rows):
            raise ValueError("a student is in the roster twice")
        with self._file.changing() as database:
            database.execute("UPDATE students SET is_enrolled = 0 WHERE is_enrolled = 1")
            database.executemany(
                "INSERT INTO students (id, is_enrolled, document) VALUES (?, 1, ?)"
                " ON CONFLICT (id) DO UPDATE SET is_enrolled = 1, document = excluded.document",
                rows,
            )

    def students(self) -> list[Student]:
        """Return the roster of now, by id."""
        with self._file.reading() as database:
            rows = database.execute("SELECT document FROM students WHERE is_enrolled = 1 ORDER BY id")
            return [spelling.read_student(document) for (document,) in rows]

    # Attempts and receipts

    def record(self, attempts: Iterable[Attempt], receipts: Iterable[Receipt]) -> int:
        """Add attempts that are not there yet, and put receipts in the place of those before them, in one step.

        Returns how many attempts were new. Raises ValueError for one at which nothing was decided, and UsageError for a
        student who was never enrolled.
        """
        made, written = list(attempts), list(receipts)  # they may come from grading: nobody is to wait for that
        for attempt in made:
            _insist_that_it_is_decided(attempt.scorecard)
        rows = [spelling.spell_attempt(attempt) for attempt in made]
        slips = [(receipt.student, receipt.exercise, spelling.spell_receipt(receipt)) for receipt in written]
        with self._file.changing() as database:
            insist_on_students(database, self._file.path, {one.student for one in (*made, *written)})
            new = sum(_add_attempt(database, row) for row in rows)
            database.executemany(
                "INSERT OR IGNORE INTO files (submission, name, content) VALUES (?, ?, ?)",
                (
                    (attempt.scorecard.submission, name, content)
                    for attempt in made
                    for name, content in attempt.files.items()
                ),
            )
            database.executemany(
                "INSERT INTO receipts (student, exercise, document) VALUES (?, ?, ?)"
                " ON CONFLICT (student, exercise) DO UPDATE SET document = excluded.document",
                slips,
            )
        return new

    def verdict(self, exercise: str, submission: str, graders: str, circumstances: Circumstances) -> Scorecard | None:
        """Return what the first attempt with exactly these gave, whoever made it."""
        with self._file.reading() as database:
            row = database.execute(
                "SELECT scorecard FROM attempts WHERE exercise = ? AND submission = ? AND graders = ?"
                " AND seed = ? AND environment = ? AND isolation = ? ORDER BY graded_at, number LIMIT 1",
                (exercise, submission, graders, *spelling.spell_circumstances(circumstances)),
            ).fetchone()
            return None if row is None else spelling.read_scorecard(row[0])

    def attempts(self, student: str | None = None, exercise: str | None = None) -> list[RecordedAttempt]:
        """Return attempts in the order of grading: all, or those of a student, at an exercise."""
        wanted = {name: value for name, value in (("student", student), ("exercise", exercise)) if value is not None}
        condition = " AND ".join(f"{name} = :{name}" for name in wanted) or "TRUE"
        query = f"SELECT {spelling.ATTEMPT} FROM attempts WHERE {condition} ORDER BY graded_at, number"  # noqa: S608 - constants
        with self._file.reading() as database:
            return [spelling.read_attempt(row) for row in database.execute(query, wanted)]

    def files(self, submission: str) -> dict[str, bytes]:
        """Return the learner's files of a submission by name; none where no attempt has brought any."""
        with self._file.reading() as database:
            rows = database.execute("SELECT name, content FROM files WHERE submission = ? ORDER BY name", (submission,))
            return dict(rows.fetchall())

    def receipts(self) -> list[Receipt]:
        """Return what was found last, by student and exercise."""
        with self._file.reading() as database:
            query = f"SELECT {spelling.RECEIPT} FROM receipts ORDER BY student, exercise"  # noqa: S608 - constant
            return [spelling.read_receipt(row) for row in database.execute(query)]

    # Decisions

    def decide(self, decision: Decision) -> None:
        """Add a decision; the very same one, made at the same time, is there once.

        Raises UsageError for a student who was never enrolled.
        """
        about = (decision.student, decision.exercise, decision.kind)
        made_at = spelling.spell_time(decision.made_at)
        document = spelling.spell_decision(decision)
        with self._file.changing() as database:
            insist_on_students(database, self._file.path, {decision.student})
            is_new = database.execute(
                f"INSERT OR IGNORE INTO decisions ({spelling.DECISION}) VALUES (?, ?, ?, ?, ?)",  # noqa: S608 - constant
                (*about, made_at, document),
            ).rowcount
            (latest,) = database.execute(
                "SELECT max(made_at) FROM decisions WHERE student = ? AND exercise = ? AND kind = ?", about
            ).fetchone()
        if is_new and latest > made_at:
            self.notices.append(
                f"a decision of the same kind ({decision.kind}) for `{decision.student}` on `{decision.exercise}` is "
                f"dated later, {latest}, and stays in force. Is the clock of this machine right?"
            )

    def decisions(self) -> list[Decision]:
        """Return all decisions in the order in which they were made."""
        with self._file.reading() as database:
            query = f"SELECT {spelling.DECISION} FROM decisions ORDER BY made_at, number"  # noqa: S608 - constant
            return [spelling.read_decision(row) for row in database.execute(query)]

    # All of it, and all of one student

    def dump(self, *, times: bool = True) -> Iterator[str]:
        """Return everything as canonical JSON Lines; without ``times`` none that says when or how long it was graded.

        When something was handed in is always there.
        """
        with self._file.reading() as database:
            return iter([*dump_lines(database, times=times)])  # at once: others wait for the end of this

    def export(self, student: str) -> str:
        """Return everything that is stored about a student as JSON. Raises UsageError for an unknown one."""
        with self._file.reading() as database:
            insist_on_students(database, self._file.path, {student})
            return export_student(database, student)

    def forget(self, student: str) -> Forgotten:
        """Remove everything that is stored about a student. Raises UsageError for an unknown one."""
        with self._file.changing() as database:
            insist_on_students(database, self._file.path, {student})
            forgotten = remove_student(database, student)
        try:
            self._file.shrink()
        except ProctorError as error:  # all of it is overwritten already
            why = error.__cause__ or error
            self.notices.append(f"`{student}` is forgotten, and `{self._file.path}` has not become smaller: {why}")
        return replace(forgotten, backups=tuple(backups_that_hold(self._file.path, student)))


def _insist_that_it_is_decided(card: Scorecard) -> None:
    if card.status not in _DECIDED or card.score is None:
        raise ValueError(f"nothing was decided on {card.exercise!r} ({card.status}): that is a receipt and no attempt")


def _add_attempt(database: sqlite3.Connection, row: dict[str, str | int | None]) -> int:
    """Add an attempt, or note that it was handed in earlier than was known. Return how many are new: one or none."""
    columns = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    new = database.execute(
        f"INSERT INTO attempts ({columns}) VALUES ({values}) ON CONFLICT ({_SAME_ATTEMPT}) DO NOTHING",  # noqa: S608 - constants
        row,
    ).rowcount
    if not new:
        same = " AND ".join(f"{name} = :{name}" for name in _SAME_ATTEMPT.split(", "))
        database.execute(
            f"UPDATE attempts SET submitted_at = :submitted_at WHERE {same}"  # noqa: S608 - constants
            " AND (submitted_at IS NULL OR submitted_at > :submitted_at)",
            row,
        )
    return new
