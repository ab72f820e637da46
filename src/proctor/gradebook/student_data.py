"""What is stored about one student: all of it to be read, or removed.

A student's data are the line of the roster, attempts with their scorecards, receipts, decisions, and the files that
were handed in. Files that somebody else has handed in as well, byte for byte, are theirs too, and stay.
"""

import base64
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from proctor.errors import UsageError, did_you_mean
from proctor.gradebook.spelling import ATTEMPT, DECISION, RECEIPT
from proctor.hostile_text import one_line

__all__ = ["Forgotten", "export_student", "insist_on_students", "remove_student"]

_LONGEST_ID: Final = 100


@dataclass(frozen=True)
class Forgotten:
    """How much of a student was removed; ``backups`` still hold the student, or cannot be read: delete them, too."""

    attempts: int
    receipts: int
    decisions: int
    files: int
    backups: tuple[Path, ...] = ()


def insist_on_students(database: sqlite3.Connection, path: Path, students: set[str]) -> None:
    """Raise UsageError when the gradebook at ``path`` has never had one of these students."""
    known = [student for (student,) in database.execute("SELECT id FROM students ORDER BY id")]
    for student in sorted(students.difference(known)):
        nearest = did_you_mean(student, known) if known else "It has no students yet."
        raise UsageError(f"there is no student `{one_line(student, _LONGEST_ID)}` in `{path}`. {nearest}")


def export_student(database: sqlite3.Connection, student: str) -> str:
    """Return everything about a student as JSON, in which every character can be seen.

    A file is its text, or where it is no UTF-8 ``{"base64": ...}``.
    """
    is_enrolled, roster = database.execute(
        "SELECT is_enrolled, document FROM students WHERE id = ?", (student,)
    ).fetchone()
    files: dict[str, dict[str, Any]] = {}
    for submission, name, content in database.execute(
        "SELECT submission, name, content FROM files"
        " WHERE submission IN (SELECT submission FROM attempts WHERE student = ?) ORDER BY submission, name",
        (student,),
    ):
        files.setdefault(submission, {})[name] = _readable(content)
    exported = {
        "student": json.loads(roster),
        "is_enrolled": bool(is_enrolled),
        "attempts": [
            {
                "submitted_at": submitted_at,
                "graded_at": graded_at,
                "circumstances": {"seed": seed, "environment": environment, "isolation": json.loads(isolation)},
                "scorecard": json.loads(scorecard),
            }
            for _, scorecard, seed, environment, isolation, submitted_at, graded_at in database.execute(
                f"SELECT {ATTEMPT} FROM attempts WHERE student = ? ORDER BY graded_at, number",  # noqa: S608 - constant
                (student,),
            )
        ],
        "receipts": [
            {"exercise": exercise, **json.loads(document)}
            for _, exercise, document in database.execute(
                f"SELECT {RECEIPT} FROM receipts WHERE student = ? ORDER BY exercise",  # noqa: S608 - constant
                (student,),
            )
        ],
        "decisions": [
            {"exercise": exercise, "kind": kind, "made_at": made_at, **json.loads(document)}
            for _, exercise, kind, made_at, document in database.execute(
                f"SELECT {DECISION} FROM decisions WHERE student = ? ORDER BY made_at, number",  # noqa: S608 - constant
                (student,),
            )
        ],
        "files": files,
    }
    text = json.dumps(exported, ensure_ascii=False, indent=2) + "\n"
    unseen = {sign for sign in set(text) if not sign.isprintable() and sign != "\n"}
    return text.translate({ord(sign): json.dumps(sign)[1:-1] for sign in unseen})


def remove_student(database: sqlite3.Connection, student: str) -> Forgotten:
    """Remove a student and all that was recorded; call it in a transaction."""
    submissions = database.execute("SELECT DISTINCT submission FROM attempts WHERE student = ?", (student,)).fetchall()
    attempts = database.execute("DELETE FROM attempts WHERE student = ?", (student,)).rowcount
    receipts = database.execute("DELETE FROM receipts WHERE student = ?", (student,)).rowcount
    decisions = database.execute("DELETE FROM decisions WHERE student = ?", (student,)).rowcount
    files = 0
    for (submission,) in submissions:
        files += database.execute(
            "DELETE FROM files WHERE submission = :submission"
            " AND NOT EXISTS (SELECT 1 FROM attempts WHERE submission = :submission)",
            {"submission": submission},
        ).rowcount
    database.execute("DELETE FROM students WHERE id = ?", (student,))
    return Forgotten(attempts, receipts, decisions, files)


def _readable(content: bytes) -> str | dict[str, str]:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode("ascii")}
