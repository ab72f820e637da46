"""What the process that runs the checks tells the one that counts: a check's terms, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CheckSpec", "Verdict", "Visibility"]


class Visibility(StrEnum):
    """Who reads the feedback of a check."""

    ALWAYS = "always"
    AFTER_DUE = "after_due"
    NEVER = "never"


@dataclass(frozen=True)
class CheckSpec:
    """What is known of a check before it runs; ``mistake`` is the one that it alone usually shows."""

    exercise: str
    id: str
    title: str
    points: int
    visibility: str
    mistake: str


@dataclass(frozen=True)
class Verdict:
    """What came of one check on one submission; ``job`` is the key of the submission, ``duration`` in seconds."""

    job: str
    check: str
    outcome: str
    message: str = ""
    printed: str = ""
    unreadable: bool = False
    duration: float = 0.0
