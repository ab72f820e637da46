"""What all jobs of a run agree on before anything is graded: ``proctor/class-plan/v1``.

It is made where no code of students runs, and it is what the results of shards are held against. It holds ids and no
names: a job that runs the code of strangers need not know who they are. The seed in it is a secret until everybody has
handed in, so the plan travels as a file, never through outputs, names or logs, which people read.
"""

import secrets
from math import ceil
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from proctor.errors import UsageError
from proctor.gradebook.student import STUDENT_ID
from proctor.shard import Shard

__all__ = ["MOST_JOBS", "ClassPlan", "read_plan", "read_seed", "shard_count", "shard_name"]

MOST_JOBS: Final = 256
"""Jobs that GitHub starts for one matrix."""

USUALLY_AT_MOST: Final = 20
"""Jobs that a free account runs at the same time; more would wait for each other."""

STUDENTS_A_SHARD: Final = 25
"""Each job is paid for by the minute, rounded up, so that a job for every student would cost most of all."""

_SEEDS: Final = 1 << 31


class ClassPlan(BaseModel):
    """Who is graded in which exercises, in how many parts, and the seed of the drawn values.

    ``students`` are in the order in which they are dealt out. Where there is nobody, there are no shards.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Annotated[Literal["proctor/class-plan/v1"], Field(alias="schema")] = "proctor/class-plan/v1"
    seed: Annotated[int, Field(ge=0, lt=_SEEDS)]
    count: Annotated[int, Field(ge=0, le=MOST_JOBS)]
    exercises: tuple[str, ...]
    students: tuple[Annotated[str, Field(pattern=STUDENT_ID)], ...]

    @property
    def shards(self) -> list[Shard]:
        """All parts, in order."""
        return [Shard(number, self.count) for number in range(1, self.count + 1)]

    def shard(self, name: str) -> Shard:
        """Return the part that is called so. Raises UsageError where there is none."""
        found = next((one for one in self.shards if shard_name(one) == name), None)
        if found is None:
            raise UsageError(f"the plan has no shard `{name}`: it has {self.count}, and the first is called `001`")
        return found

    def to_json(self) -> str:
        """Return the document, with a line feed at the end."""
        return self.model_dump_json(by_alias=True) + "\n"


def shard_name(shard: Shard) -> str:
    """Name a part so that names stand in the order of the parts: `003`."""
    return f"{shard.number:03}"


def shard_count(students: int, wanted: int | None = None) -> int:
    """Say how many jobs grade so many students: one for each 25, at most 20, or as many as are wanted and can be.

    Nobody needs no job, and nobody needs more jobs than students.
    """
    count = min(ceil(students / STUDENTS_A_SHARD), USUALLY_AT_MOST) if wanted is None else wanted
    return min(max(count, 1), MOST_JOBS, students)


def read_seed(text: str) -> int:
    """Read the seed of a class; draw one where none is given. Raises UsageError, which does not repeat the text."""
    if not text.strip():
        return secrets.randbelow(_SEEDS)
    if not (text.strip().isascii() and text.strip().isdigit() and int(text) < _SEEDS):
        raise UsageError(f"the seed is no number from 0 to {_SEEDS - 1}; its text is not shown, because it is a secret")
    return int(text)


def read_plan(path: Path) -> ClassPlan:
    """Read a plan. Raises UsageError where it is none; what is in it is not shown, because of the seed."""
    try:
        return ClassPlan.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"the plan `{path}` cannot be read: {error.strerror}") from None
    except ValidationError:
        raise UsageError(f"`{path}` is no plan: `proctor actions plan` makes one") from None
