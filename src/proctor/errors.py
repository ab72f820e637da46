"""Everything that Proctor raises, in one tree.

ProctorError
├── Interrupted             somebody pressed Ctrl-C                          exit code 130
├── UsageError              the command line or a folder is wrong            exit code 2
│   └── IsolationMissing    strict isolation is asked for and not to be had
├── OurFault                nobody lost a point, but nothing was decided     exit code 3
│   ├── CourseError         an exercise or its graders are broken
│   └── StageLost           a stage could not be had, or went silent
└── CheckFailed             a verdict: the submission did not do it          exit code 1
    ├── Mismatch            one thing was expected, another was seen
    ├── Never               it has not happened and nothing is left that could make it happen
    ├── Stuck               the submission computes or talks without end
    ├── StageEnded          the submission ended its own process
    ├── SubmissionError     the submission raised
    └── Unreadable          the submission cannot be loaded
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar, Final

__all__ = [
    "CheckFailed",
    "CourseError",
    "Frame",
    "Interrupted",
    "IsolationMissing",
    "Mismatch",
    "Never",
    "OurFault",
    "ProctorError",
    "StageEnded",
    "StageLost",
    "Stuck",
    "SubmissionError",
    "Unreadable",
    "UsageError",
    "did_you_mean",
]


class ProctorError(Exception):
    """Anything that Proctor raises on purpose. The message says what, where and what to do next."""

    exit_code: ClassVar[int] = 3


class Interrupted(ProctorError):
    """Somebody pressed Ctrl-C. 128 + SIGINT, as shells report it."""

    exit_code = 130


class UsageError(ProctorError):
    """The command line is wrong, or names something that is not there."""

    exit_code = 2


class IsolationMissing(UsageError):
    """Strict isolation is asked for, and a layer is missing."""


class OurFault(ProctorError):
    """Grading did not come to a decision, and the submission is not to blame."""

    exit_code = 3


class CourseError(OurFault):
    """An exercise, its manifest or its graders are broken."""


class StageLost(OurFault):
    """A stage could not be had, or went silent without using the processor."""


class CheckFailed(ProctorError, AssertionError):
    """A verdict against the submission; the message is for the learner."""

    exit_code = 1


class Mismatch(CheckFailed):
    """One thing was expected, another was seen."""

    def __init__(self, about: str, expected: str, seen: str) -> None:
        self.about, self.expected, self.seen = about, expected, seen
        super().__init__(f"{about}\n  expected: {expected}\n  seen:     {seen}")


class Never(CheckFailed):
    """It has not happened, and nothing is left that could make it happen."""


class Stuck(CheckFailed):
    """The submission computes, polls or talks without end."""


class StageEnded(CheckFailed):
    """The submission ended its own process."""


@dataclass(frozen=True)
class Frame:
    """A place in the learner's own code."""

    file: str
    line: int
    function: str
    code: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, in {self.function}: {self.code}"


SANDBOXED: Final = "\n  (it runs in a sandbox: no network, no other processes, no files except those in its own folder)"


class SubmissionError(CheckFailed):
    """The submission raised where it was expected to go on."""

    def __init__(self, kind: str, message: str, frames: Sequence[Frame] = ()) -> None:
        self.kind, self.message, self.frames = kind, message, tuple(frames)
        places = "".join(f"\n  {frame}" for frame in self.frames)
        what = f"{kind}: {message}" if message else kind
        super().__init__(f"your code raised {what}{places}{self.advice}")

    @property
    def advice(self) -> str:
        """A line more for those who may not know what their code has run into; empty for others."""
        return SANDBOXED if self.kind == "PermissionError" else ""


class Unreadable(CheckFailed):
    """The submission cannot be loaded, so nothing in it can be judged."""


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return a sentence that suggests the nearest known word, or that lists all of them."""
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(f'`{one}`' for one in known)}."
