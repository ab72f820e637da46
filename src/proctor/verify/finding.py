"""What an audit finds: where, what, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Finding", "Flaw", "Weight"]


class Weight(StrEnum):
    """What a finding means for the run: the course has a fault, something was not looked at, or we have failed."""

    FAULT = "fault"
    NOTE = "note"
    OURS = "ours"


class Finding(BaseModel):
    """One thing that is not as it should be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exercise: Annotated[str, Field(description="The slug of the exercise.")]
    rule: Annotated[str, Field(description="The rule that is broken; `rules` of the report has its sentence.")]
    where: Annotated[str, Field(description="The place, as a path below the root of the course where there is one.")]
    what: Annotated[str, Field(description="What is wrong, in one sentence.")]
    remedy: Annotated[str, Field(description="What to do next.")]
    evidence: Annotated[str, Field(description="A diff or messages, to be shown as they are; often empty.")] = ""
    weight: Annotated[Weight, Field(description="A fault of the course, a note, or our own fault.")] = Weight.FAULT


@dataclass(frozen=True)
class Flaw:
    """What a rule says of the exercise that it looks at."""

    where: str
    what: str
    remedy: str
    evidence: str = ""
    weight: Weight = Weight.FAULT

    def found_in(self, exercise: str, rule: str) -> Finding:
        """Return the finding: this flaw, of this exercise, by this rule."""
        return Finding(
            exercise=exercise,
            rule=rule,
            where=self.where,
            what=self.what,
            remedy=self.remedy,
            evidence=self.evidence,
            weight=self.weight,
        )
