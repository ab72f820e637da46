"""The result of grading, as one JSON document with many writers: `Report`, its `Scorecard`s, their `CheckResult`s."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from proctor.verdict import Visibility

__all__ = ["CheckResult", "Hidden", "Outcome", "Report", "Scorecard", "Status", "Visibility", "report_schema"]


class Outcome(StrEnum):
    """What came of one check."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"


class Status(StrEnum):
    """What came of one submission. Only ``error`` is our fault; ``unavailable`` needs what this machine lacks."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    ERROR = "error"
    UNAVAILABLE = "unavailable"


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckResult(_Document):
    """One behaviour: asked, seen, and what it was worth. ``score`` is null where we could not decide."""

    id: str
    title: str
    points: Annotated[int, Field(ge=1)]
    score: Annotated[int, Field(ge=0)] | None
    outcome: Outcome
    visibility: Visibility
    message: str = ""
    mistake: str = ""
    printed: Annotated[str, Field(exclude=True)] = ""


class Hidden(_Document):
    """Checks that are not here, because the course was released without them: how many, and what they are worth."""

    checks: Annotated[int, Field(ge=1)]
    points: Annotated[int, Field(ge=1)]


class Scorecard(_Document):
    """The result of one submission on one exercise. ``score`` is null where we could not decide.

    ``hidden`` is in the document of a released course alone: the result is provisional, and ``max_score`` has the
    points of the public checks. ``notes`` are for the learner, about something that no check is about, and no part of
    the document.
    """

    exercise: str
    submission: str
    graders: str
    status: Status
    score: Annotated[int, Field(ge=0)] | None
    max_score: int
    duration_s: Annotated[float, Field(ge=0)]
    message: str = ""
    hidden: Annotated[Hidden | None, Field(exclude_if=lambda hidden: hidden is None)] = None
    notes: Annotated[tuple[str, ...], Field(exclude=True)] = ()
    checks: tuple[CheckResult, ...]

    @property
    def is_complete(self) -> bool:
        """Has the submission all points, or in a released course all public ones?"""
        return self.score == self.max_score and self.max_score > 0

    @property
    def is_hidden(self) -> bool:
        """Has the exercise no public check? Then there is nothing to be reached here."""
        return self.hidden is not None and self.max_score == 0

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if check.outcome is not Outcome.PASSED)


class Report(_Document):
    """One run over any number of submissions."""

    schema_: Annotated[Literal["proctor/report/v1"], Field(alias="schema")] = "proctor/report/v1"
    proctor: str
    seed: int
    isolation: tuple[str, ...]
    not_protected: tuple[str, ...] = ()
    scorecards: tuple[Scorecard, ...]

    @property
    def exit_code(self) -> int:
        """0 all points, 1 points lost, 3 our fault. What is unavailable here counts only if there is nothing else.

        An exercise without a public check never counts.
        """
        cards = [card for card in self.scorecards if not card.is_hidden]
        available = [card for card in cards if card.status is not Status.UNAVAILABLE]
        if (cards and not available) or any(card.status is Status.ERROR for card in available):
            return 3
        return 0 if all(card.is_complete for card in available) else 1

    def to_json(self) -> str:
        """Return the document, with a line feed at the end."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of the report, as `docs/report.schema.json` publishes it."""
    schema = Report.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
