"""Where in the learner's files a check found something, as far as its message says so.

The file is named as it lies in the learner's repository, so that GitHub shows an annotation beside the code.
"""

import re
from dataclasses import dataclass
from typing import Final

from proctor.hostile_text import neutral
from proctor.reports.excerpt import safe_name
from proctor.scorecard import CheckResult

__all__ = ["CodePlace", "code_place"]

_FRAME: Final = re.compile(r"(?<![\w.-])(\w[\w-]{0,99}\.py), line ([1-9][0-9]{0,5}), in ", re.ASCII)
"""As `proctor.errors.Frame` is spelled."""


@dataclass(frozen=True)
class CodePlace:
    """A line of a file; lines count from 1."""

    file: str
    line: int


def code_place(exercise: str, check: CheckResult | None = None) -> CodePlace:
    """Return the innermost place that the message of a check names, or the top of the file that learners edit.

    A message can be of a stranger's making, and so can the place; but it lies in the folder of the exercise.
    """
    frames = _FRAME.findall(neutral(check.message)) if check is not None else []
    name, line = frames[-1] if frames else ("main.py", "1")
    return CodePlace(f"exercises/{safe_name(exercise)}/{name}", int(line))
