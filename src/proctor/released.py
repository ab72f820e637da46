"""``graders/manifest.json``: the mark of a released course, which students are given.

It has the public checks of every exercise, and of the hidden ones their number, their points, and a commitment to what
decides on the score. Whoever has released the course can show by it, with salt and graders, that nothing was changed
afterwards. A course without this file is the teacher's, with all of its checks.
"""

import json
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from proctor.errors import CourseError, UsageError
from proctor.toml_file import validated

__all__ = [
    "FULL_SCORE",
    "PublicCheck",
    "Released",
    "ReleasedExercise",
    "insist_on_all_checks",
    "path_of_released",
    "read_released",
]

FULL_SCORE: Final = 100
"""What the checks of an exercise are worth together, public and hidden."""

_STRICT: Final = ConfigDict(extra="forbid", frozen=True)

CheckId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
Count = Annotated[int, Field(strict=True, ge=0)]
Points = Annotated[int, Field(strict=True, ge=1, le=FULL_SCORE)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class PublicCheck(BaseModel):
    """A check that students are given, and what it is worth."""

    model_config = _STRICT

    id: CheckId
    points: Points


class ReleasedExercise(BaseModel):
    """What students are told of the checks of one exercise. Public and hidden points add up to 100."""

    model_config = _STRICT

    public: tuple[PublicCheck, ...]
    hidden_checks: Count
    hidden_points: Count
    commitment: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @property
    def public_points(self) -> int:
        """What the public checks are worth together."""
        return sum(check.points for check in self.public)

    @model_validator(mode="after")
    def _checks_agree(self) -> Self:
        if len({check.id for check in self.public}) != len(self.public):
            raise ValueError("two public checks have the same id")
        if self.public_points + self.hidden_points != FULL_SCORE:
            raise ValueError(
                f"{self.public_points} public and {self.hidden_points} hidden points are not {FULL_SCORE} together"
            )
        if self.hidden_checks > self.hidden_points or (self.hidden_points and not self.hidden_checks):
            raise ValueError(f"{self.hidden_checks} hidden checks cannot be worth {self.hidden_points} points")
        return self


class Released(BaseModel):
    """``graders/manifest.json``. ``algorithm`` is the one of the commitments."""

    model_config = _STRICT

    schema_: Annotated[Literal["proctor/released/v1"], Field(alias="schema")] = "proctor/released/v1"
    title: Annotated[str, Field(min_length=1)]
    algorithm: Literal["sha256"] = "sha256"
    exercises: dict[Slug, ReleasedExercise]

    def to_json(self) -> str:
        """Return the document, with a line feed at the end."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


def path_of_released(root: Path) -> Path:
    """Return where the file is in a released course."""
    return root / "graders" / "manifest.json"


def read_released(root: Path) -> Released | None:
    """Return what the course below ``root`` says of its release; nothing where it is the teacher's.

    Raises CourseError, naming file and field, when the file is not as it should be.
    """
    path = path_of_released(root)
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:  # ValueError: no UTF-8, or no JSON
        raise CourseError(f"`{path}` cannot be read: {error}") from error
    return validated(Released, data, path)


def insist_on_all_checks(root: Path, what: str) -> None:
    """Return if the course below ``root`` is the teacher's. Raises UsageError where it was released to students.

    ``what`` is what takes all checks, such as "a class is graded".
    """
    path = path_of_released(root)
    if path.exists():  # whatever is in it
        raise UsageError(
            f"this is a released course (`{path}`), with public checks alone: "
            f"{what} in the teacher's course, which it was made from"
        )
