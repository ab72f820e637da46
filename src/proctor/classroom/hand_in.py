"""What one student has handed in, wherever it came from."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

__all__ = ["HandIn"]


@dataclass(frozen=True)
class HandIn:
    """The work of one student, for all exercises.

    ``folder`` mirrors `exercises/`: the files of an exercise lie in ``folder/<slug>/``, and those that are not there
    were not handed in. ``problem`` says why nothing of it can be read, and ``folder`` need not exist then; it is empty
    otherwise. ``submitted_at`` (aware of its time zone) comes from a server or a teacher, never from the student, and
    is None where neither has said it.

    ``is_undecided`` says that the problem need not be the student's: a server did not answer, this machine's disk is
    full. Nobody should lose points for it, and another run may tell.

    ``origin`` names what it was read from, and ``commit`` which one of a repository; both are text of strangers.
    ``is_marked_late`` says that the system which it was handed in to calls it late.
    """

    student: str
    folder: Path
    submitted_at: datetime | None = None
    problem: str = ""
    origin: str = ""
    commit: str = ""
    is_marked_late: bool = False
    is_undecided: bool = False
