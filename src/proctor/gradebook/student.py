"""Who is graded: one line of a roster."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["STUDENT_ID", "Student"]

STUDENT_ID: Final = r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$"
"""Safe as the name of a folder and of a file, in a cell of a spreadsheet and in a log."""


class Student(BaseModel):
    """One person. ``ids`` are what other systems know them by, named as in the roster: ``github``, ``canvas_id``, ...

    ``team`` is the name that those share who hand in together, or empty.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=STUDENT_ID)]
    name: str = ""
    email: str = ""
    section: str = ""
    team: str = ""
    ids: Mapping[str, str] = Field(default_factory=dict)
