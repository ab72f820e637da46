"""The result of an audit as one JSON document, and as a badge.

The document is versioned by its ``schema``; `verify_schema` returns its JSON Schema, in which every field says what it
means.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from proctor.verify.finding import Finding, Weight

__all__ = ["ExerciseReport", "MutantCounts", "VerifyReport", "verify_schema"]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Count = Annotated[int, Field(ge=0)]


class MutantCounts(_Document):
    """What came of the mutants of all right answers of an exercise."""

    killed: Annotated[Count, Field(description="Mutants that some check has seen.")]
    equivalent: Annotated[Count, Field(description="Mutants that are listed as equivalent, with a reason.")]
    survived: Annotated[Count, Field(description="Mutants that no check has seen.")]
    undecided: Annotated[Count, Field(description="Mutants about which nothing could be decided: our fault.")] = 0


class ExerciseReport(_Document):
    """What was looked at in one exercise."""

    exercise: Annotated[str, Field(description="The slug of the exercise.")]
    checks: Annotated[Count, Field(description="Its hidden checks.")] = 0
    accepted: Annotated[Count, Field(description="Right answers beside the reference.")] = 0
    mistakes: Annotated[Count, Field(description="Known wrong answers.")] = 0
    mutants: Annotated[MutantCounts | None, Field(description="Null where no mutants were graded.")] = None
    repetitions: Annotated[Count | None, Field(description="How often every answer was graded under load.")] = None
    seconds: Annotated[float, Field(ge=0, description="How long grading it took, mutants included.")] = 0.0
    unchanged_since: Annotated[
        str | None, Field(description="When the run was, by ISO 8601, that found nothing in the same files.")
    ] = None


class VerifyReport(_Document):
    """One run of `proctor verify`."""

    schema_: Annotated[Literal["proctor/verify/v1"], Field(alias="schema")] = "proctor/verify/v1"
    proctor: Annotated[str, Field(description="The version of Proctor.")]
    seconds: Annotated[float, Field(ge=0, description="How long the run took.")]
    in_course: Annotated[Count, Field(description="How many exercises the course has, looked at or not.")]
    exercises: Annotated[tuple[ExerciseReport, ...], Field(description="In the order of the course.")]
    findings: Annotated[tuple[Finding, ...], Field(description="By exercise, and then by rule.")]
    recorded: Annotated[tuple[str, ...], Field(description="Transcripts that this run has written anew.")] = ()
    rules: Annotated[dict[str, str], Field(description="The sentence of every rule, by its name.")]

    def of(self, weight: Weight) -> list[Finding]:
        """Return the findings of this weight."""
        return [finding for finding in self.findings if finding.weight is weight]

    @property
    def exit_code(self) -> int:
        """0 nothing found, 1 findings, 3 our fault. A note alone is no finding."""
        return 3 if self.of(Weight.OURS) else 1 if self.of(Weight.FAULT) else 0

    @property
    def is_proof(self) -> bool:
        """Was everything looked at, mutants too, and nothing found?"""
        return not self.findings and all(exercise.mutants is not None for exercise in self.exercises)

    def to_json(self) -> str:
        """Return the document, with a line feed at the end."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"

    def to_badge(self) -> dict[str, Any]:
        """Return the document of a badge, as https://shields.io/badges/endpoint-badge describes it."""
        badge: dict[str, Any] = {"schemaVersion": 1, "label": "graders"}
        if undecided := self.of(Weight.OURS):
            return {**badge, "message": f"{len(undecided)} not decided", "color": "lightgrey", "isError": True}
        if faults := self.of(Weight.FAULT):
            return {**badge, "message": f"{len(faults)} findings", "color": "red"}
        count = len(self.exercises)
        covered = f"{count}" if count == self.in_course else f"{count} of {self.in_course}"
        rounds = [exercise.repetitions or 0 for exercise in self.exercises]
        if any(rounds):
            return {**badge, "message": f"{covered} constant in {min(rounds)} rounds", "color": "green"}
        killed = sum(exercise.mutants.killed for exercise in self.exercises if exercise.mutants)
        if self.is_proof:
            return {**badge, "message": f"{covered} proven, {killed:,} mutants killed", "color": "brightgreen"}
        return {**badge, "message": f"{covered} audited", "color": "green"}


def verify_schema() -> dict[str, Any]:
    """Return the JSON Schema of the report."""
    schema = VerifyReport.model_json_schema(by_alias=True, mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
