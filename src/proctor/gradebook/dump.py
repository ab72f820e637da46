"""Everything in a gradebook as canonical text, to compare two of them: JSON Lines in an order of content.

Two gradebooks with the same content give the same bytes, in whatever order it came about. Decisions on the same thing
are in the order in which they were made, because the latest one is in force. The seed is no content of its own: every
attempt names the one that it was graded with.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from proctor.gradebook.spelling import spell

__all__ = ["dump_lines"]


def dump_lines(database: sqlite3.Connection, *, times: bool) -> Iterator[str]:
    """Yield the lines, each with its line feed. Without ``times`` they leave out when and how long anybody graded."""
    for document in _documents(database, times=times):
        yield f"{spell(document)}\n"


def _documents(database: sqlite3.Connection, *, times: bool) -> Iterator[dict[str, Any]]:
    for is_enrolled, document in database.execute("SELECT is_enrolled, document FROM students ORDER BY id"):
        yield {"kind": "student", "is_enrolled": bool(is_enrolled), "student": json.loads(document)}
    for row in database.execute(
        "SELECT student, scorecard, seed, environment, isolation, submitted_at, graded_at FROM attempts"
        " ORDER BY student, exercise, submission, graders, seed, environment, isolation"
    ):
        yield _attempt(row, times=times)
    for student, exercise, text in database.execute(
        "SELECT student, exercise, document FROM receipts ORDER BY student, exercise"
    ):
        receipt = json.loads(text)
        if not times:
            del receipt["looked_at"]
        yield {"kind": "receipt", "student": student, "exercise": exercise, **receipt}
    for student, exercise, kind, made_at, text in database.execute(
        "SELECT student, exercise, kind, made_at, document FROM decisions"
        " ORDER BY student, exercise, kind, made_at, number"
    ):
        when = {"made_at": made_at} if times else {}
        about = {"student": student, "exercise": exercise, "decision": kind}
        yield {"kind": "decision", **about, **when, **json.loads(text)}
    for submission, name, content in database.execute(
        "SELECT submission, name, content FROM files ORDER BY submission, name"
    ):
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        yield {"kind": "file", "submission": submission, "name": name, "bytes": len(content), "content": digest}


def _attempt(row: tuple[Any, ...], *, times: bool) -> dict[str, Any]:
    student, scorecard, seed, environment, isolation, submitted_at, graded_at = row
    attempt: dict[str, Any] = {
        "kind": "attempt",
        "student": student,
        "scorecard": json.loads(scorecard),
        "circumstances": {"seed": seed, "environment": environment, "isolation": json.loads(isolation)},
        "submitted_at": submitted_at,
    }
    if times:
        attempt["graded_at"] = graded_at
    else:
        del attempt["scorecard"]["duration_s"]
    return attempt
