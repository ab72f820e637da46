"""What keeps a course from being released: where, what, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from proctor.errors import CourseError

__all__ = ["Objection", "Refused"]


@dataclass(frozen=True)
class Objection:
    """One reason; ``where`` is a path below the root of the course or of the student tree."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"`{self.where}` {self.what}\n    {self.remedy}"


class Refused(CourseError):
    """The course is not released, and nothing was written."""

    def __init__(self, objections: Sequence[Objection]) -> None:
        self.objections = tuple(objections)
        told = "".join(f"\n  {objection}" for objection in dict.fromkeys(objections))
        super().__init__(f"the course is not released, and nothing was written:{told}")
