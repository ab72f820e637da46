r"""How documents and times are spelled in the file of a gradebook, and read from it.

Text comes from learners and rosters, and may hold anything. SQLite keeps UTF-8, which has no place for half a surrogate
pair, so that documents are JSON in ASCII: ``\ud800`` and ``\u0000`` stand where such a character was, and it comes
back as it was. The only exception: two halves that make a pair come back as the character that they make.

Every document has one spelling (sorted keys, no spaces), so that equal documents are equal text. Times are kept as
moments: they come back in UTC.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from proctor.gradebook.attempt import Attempt, Circumstances
from proctor.gradebook.class_report import RowStatus
from proctor.gradebook.decision import Decision, DecisionKind
from proctor.gradebook.receipt import Receipt
from proctor.gradebook.recorded import RecordedAttempt
from proctor.gradebook.student import Student
from proctor.scorecard import Scorecard

__all__ = [
    "ATTEMPT",
    "DECISION",
    "RECEIPT",
    "read_attempt",
    "read_decision",
    "read_receipt",
    "read_scorecard",
    "read_student",
    "read_time",
    "spell",
    "spell_attempt",
    "spell_circumstances",
    "spell_decision",
    "spell_model",
    "spell_receipt",
    "spell_time",
]

ATTEMPT: Final = "student, scorecard, seed, environment, isolation, submitted_at, graded_at"
RECEIPT: Final = "student, exercise, document"
DECISION: Final = "student, exercise, kind, made_at, document"
"""The columns of a row from which `read_attempt`, `read_receipt` and `read_decision` make their documents."""


def spell(document: Any) -> str:
    """Return the one spelling of what JSON can say."""
    return json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def spell_time(time: datetime) -> str:
    """Return a time as text whose order is that of time. Raises ValueError when its zone is not known."""
    if time.utcoffset() is None:
        raise ValueError(f"the time {time} has no zone")
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def read_time(text: str) -> datetime:
    """Return the time that was spelled."""
    return datetime.fromisoformat(text)


def spell_model(model: Student | Scorecard) -> str:
    """Return a document without what it excludes from its JSON."""
    return spell(model.model_dump())  # in its ways to JSON pydantic refuses or replaces lone surrogates


def spell_circumstances(circumstances: Circumstances) -> tuple[int, str, str]:
    """Return seed, environment and isolation as columns."""
    return circumstances.seed, circumstances.environment, spell(circumstances.isolation)


def spell_attempt(attempt: Attempt) -> dict[str, str | int | None]:
    """Return an attempt, without its files, by column."""
    card = attempt.scorecard
    seed, environment, isolation = spell_circumstances(attempt.circumstances)
    return {
        "student": attempt.student,
        "exercise": card.exercise,
        "submission": card.submission,
        "graders": card.graders,
        "seed": seed,
        "environment": environment,
        "isolation": isolation,
        "scorecard": spell_model(card),
        "submitted_at": _spell_time_if_any(attempt.submitted_at),
        "graded_at": spell_time(attempt.graded_at),
    }


def read_student(document: str) -> Student:
    """Return the student that was spelled."""
    return Student.model_validate(json.loads(document))


def read_scorecard(document: str) -> Scorecard:
    """Return the scorecard that was spelled."""
    return Scorecard.model_validate(json.loads(document))


def read_attempt(row: tuple[Any, ...]) -> RecordedAttempt:
    """Return the attempt of a row of the columns `ATTEMPT`."""
    student, scorecard, seed, environment, isolation, submitted_at, graded_at = row
    return RecordedAttempt(
        student=student,
        scorecard=read_scorecard(scorecard),
        circumstances=Circumstances(seed, environment, tuple(json.loads(isolation))),
        submitted_at=_read_time_if_any(submitted_at),
        graded_at=read_time(graded_at),
    )


def spell_receipt(receipt: Receipt) -> str:
    """Return what a receipt says beside student and exercise."""
    return spell(
        {
            "status": receipt.status,
            "message": receipt.message,
            "submission": receipt.submission,
            "submitted_at": _spell_time_if_any(receipt.submitted_at),
            "looked_at": spell_time(receipt.looked_at),
        }
    )


def read_receipt(row: tuple[Any, ...]) -> Receipt:
    """Return the receipt of a row of the columns `RECEIPT`."""
    student, exercise, document = row
    said = json.loads(document)
    return Receipt(
        student=student,
        exercise=exercise,
        status=RowStatus(said["status"]),
        message=said["message"],
        submission=said["submission"],
        submitted_at=_read_time_if_any(said["submitted_at"]),
        looked_at=read_time(said["looked_at"]),
    )


def spell_decision(decision: Decision) -> str:
    """Return what a decision says beside student, exercise, kind and time."""
    return spell(
        {
            "author": decision.author,
            "reason": decision.reason,
            "points": None if decision.points is None else str(decision.points),
            "until": _spell_time_if_any(decision.until),
            "is_withdrawn": decision.is_withdrawn,
        }
    )


def read_decision(row: tuple[Any, ...]) -> Decision:
    """Return the decision of a row of the columns `DECISION`."""
    student, exercise, kind, made_at, document = row
    said = json.loads(document)
    return Decision(
        student=student,
        exercise=exercise,
        kind=DecisionKind(kind),
        author=said["author"],
        reason=said["reason"],
        made_at=read_time(made_at),
        points=None if said["points"] is None else Decimal(said["points"]),
        until=_read_time_if_any(said["until"]),
        is_withdrawn=said["is_withdrawn"],
    )


def _spell_time_if_any(time: datetime | None) -> str | None:
    return None if time is None else spell_time(time)


def _read_time_if_any(text: str | None) -> datetime | None:
    return None if text is None else read_time(text)
