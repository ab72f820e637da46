"""PrairieLearn's `results.json` for an external grader, to be written to `/grade/results/`.

Source: https://github.com/PrairieLearn/PrairieLearn, docs/externalGrading.md at 88fb855. The total is a fraction, and
is taken as it is. What is not gradable costs no points and no attempt: that is so for a submission that cannot be
loaded, and wherever we could not decide.
"""

from typing import Final

from proctor.hostile_text import neutral, one_line
from proctor.reports.excerpt import Excerpt, excerpts_of, feedback, total_of
from proctor.reports.fitting import fitted
from proctor.reports.json_text import json_text
from proctor.reports.reader import Reader
from proctor.scorecard import CheckResult, Report, Status

__all__ = ["to_prairielearn"]

ROOM: Final = 1_000_000
"""Bytes of the document."""

_LONGEST_TITLE: Final = 300


def to_prairielearn(report: Report, reader: Reader = Reader.STUDENT) -> str:
    """Return the report as PrairieLearn's results."""
    excerpts = excerpts_of(report, reader)
    return fitted(lambda longest: _document(excerpts, longest), ROOM)


def _document(excerpts: list[Excerpt], longest: int) -> str:
    total = total_of(excerpts)
    faults = [f"{excerpt.exercise}: {neutral(excerpt.message, longest)}" for excerpt in excerpts if _is_fault(excerpt)]
    if not total.max_score:
        faults.append("There is no check that has points.")
    document: dict[str, object] = {"gradable": not faults}
    if faults:
        document["format_errors"] = faults
    else:
        document["score"] = (total.score or 0) / total.max_score
    document |= {
        "message": f"{total}",
        "output": "",
        "tests": [_test(excerpt, check, longest) for excerpt in excerpts for check in excerpt.checks],
    }
    return json_text(document)


def _is_fault(excerpt: Excerpt) -> bool:
    return not excerpt.is_decided or excerpt.card.status is Status.UNREADABLE


def _test(excerpt: Excerpt, check: CheckResult, longest: int) -> dict[str, object]:
    """Return a test with points: where they are missing from one, they are shown for none."""
    return {
        "name": excerpt.name_of(check),
        "description": one_line(check.title, _LONGEST_TITLE),
        "points": check.score or 0,
        "max_points": check.points,
        "message": neutral(feedback(check), longest),
        "output": "",
    }
