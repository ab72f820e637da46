"""``graders/<slug>/equivalent.toml``: mutants that nobody can tell from the right answer, each with the reason.

The table is named like the mutant. The same line may stand in several right answers, which are then named together::

    ["main.py:Quota.__call__:number:7d0f3a11"]
    variants = ["reference", "wrapped_by_hand"]
    reason = "The first request of a trader counts from the same number in both."
"""

from collections.abc import Collection, Mapping
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from proctor.catalog import Exercise
from proctor.toml_file import read_toml, validated

__all__ = ["FILE", "REFERENCE", "Equivalent", "read_equivalents", "stale_entries"]

FILE: Final = "equivalent.toml"

REFERENCE: Final = "reference"
"""The name of the variant in ``solutions/<slug>/``; the others are named like their files in ``accepted/``."""


class Equivalent(BaseModel):
    """Why a mutant makes no difference, and in which right answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[str, Field(min_length=20)]
    variants: Annotated[tuple[str, ...], Field(min_length=1)]


def read_equivalents(exercise: Exercise) -> dict[str, Equivalent]:
    """Return the entries by mutant. Raises CourseError, with file and field, when one is malformed."""
    path = exercise.grader / FILE
    if not path.is_file():
        return {}
    return {name: validated(Equivalent, entry, path, name) for name, entry in read_toml(path).items()}


def stale_entries(equivalents: Mapping[str, Equivalent], mutants: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs of variant and mutant that are listed, and that ``mutants`` does not have any more."""
    listed = [(variant, name) for name, entry in equivalents.items() for variant in entry.variants]
    return [pair for pair in listed if pair not in mutants]
