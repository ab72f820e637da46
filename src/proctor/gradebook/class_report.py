"""What is known of a class at one moment, as one JSON document with many writers: ``proctor/class/v1``.

A `ClassReport` has a `Column` for each exercise and a `StudentReport` for each student, whose `Row`s follow the
columns: every student has exactly one row for every exercise, whatever has come of it.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from proctor.gradebook.student import Student
from proctor.scorecard import CheckResult

__all__ = ["AttemptReport", "ClassReport", "Column", "Row", "RowStatus", "StudentReport", "class_schema"]

Points = Annotated[Decimal, Field(ge=0, decimal_places=2)]


class RowStatus(StrEnum):
    """What has come of one student's work on one exercise. Only ``error`` is our fault."""

    GRADED = "graded"
    UNREADABLE = "unreadable"  # handed in, and cannot be loaded: no points
    MISSING = "missing"  # nothing was handed in: no points
    ERROR = "error"  # not decided: nobody loses points
    UNAVAILABLE = "unavailable"  # this machine lacks what the exercise needs: not decided either
    EXCUSED = "excused"  # a teacher has decided that it does not count


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Document):
    """One exercise: what it is called, what it is worth, when it is due. Weights are relative to each other."""

    exercise: str
    title: str
    chapter: str = ""
    max_score: int = 100
    weight: Points = Decimal(1)
    due_at: datetime | None = None


class AttemptReport(_Document):
    """One attempt. ``submitted_at`` is when it was handed in, as far as that is known; ``graded_at`` when judged.

    ``score`` is what the checks gave, before anything late is taken off it. ``counts`` marks the one that the grade is
    made from.
    """

    submission: str
    graders: str
    status: RowStatus
    score: int | None
    submitted_at: datetime | None
    graded_at: datetime
    counts: bool = False


class Row(_Document):
    """One student's work on one exercise.

    ``score`` is what the checks gave, of ``max_score``. ``points`` is what the student gets for it, after what is late,
    what a teacher has given by hand or overridden; None where nothing is decided, or nothing counts. ``reasons`` says
    in sentences why ``points`` is not ``score``. ``checks`` are those of the attempt that counts.
    """

    exercise: str
    status: RowStatus
    score: Annotated[int, Field(ge=0)] | None = None
    max_score: int = 100
    points: Points | None = None
    reasons: tuple[str, ...] = ()
    message: str = ""
    submitted_at: datetime | None = None
    graded_at: datetime | None = None
    late_s: Annotated[int, Field(ge=0)] = 0
    checks: tuple[CheckResult, ...] = ()
    attempts: tuple[AttemptReport, ...] = ()


class StudentReport(_Document):
    """One student: a row for every column, in their order. ``grade`` is of 100, None where nothing counts yet."""

    student: Student
    rows: tuple[Row, ...]
    grade: Points | None = None


class ClassReport(_Document):
    """A class at one moment. Students are in the order of their ids; ``made_at`` is when this was written."""

    schema_: Annotated[Literal["proctor/class/v1"], Field(alias="schema")] = "proctor/class/v1"
    proctor: str
    course: str
    made_at: datetime
    columns: tuple[Column, ...]
    students: tuple[StudentReport, ...]

    def to_json(self) -> str:
        """Return the document, with a line feed at the end."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


def class_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    schema = ClassReport.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
