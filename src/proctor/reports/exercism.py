"""Exercism's `results.json`, version 3: one exercise, one entry a check, and no points.

Source: https://github.com/exercism/docs, building/tooling/test-runners/interface.md and building/tooling/docker.md at
19e037f. Its ``error`` at the top means that no test ran; a check that we could not decide has an ``error`` of its own.
"""

from typing import Final

from proctor.errors import OurFault, UsageError
from proctor.hostile_text import neutral, one_line
from proctor.reports.excerpt import Excerpt, excerpts_of, feedback
from proctor.reports.fitting import fitted
from proctor.reports.json_text import json_text
from proctor.reports.reader import Reader
from proctor.scorecard import CheckResult, Outcome, Report, Status

__all__ = ["to_exercism"]

ROOM: Final = 500_000
"""Bytes of the document."""

_LONGEST_OUTPUT: Final = 500
_CUT: Final = "Output was truncated. Please limit to 500 chars"
_LONGEST_TITLE: Final = 300
_STATUS: Final = {Outcome.PASSED: "pass", Outcome.FAILED: "fail", Outcome.ERROR: "error"}


def to_exercism(report: Report, reader: Reader = Reader.STUDENT) -> str:
    """Return the report as the results of Exercism's test runner.

    Raises UsageError for a report about several exercises, and OurFault where there is no check to show.
    """
    if len(report.scorecards) != 1:
        count = len(report.scorecards)
        raise UsageError(f"`exercism` is about one exercise, and this report about {count}: `proctor grade EXERCISE`")
    (excerpt,) = excerpts_of(report, reader)
    if excerpt.card.status is Status.UNREADABLE or not excerpt.card.checks:
        return json_text({"version": 3, "status": "error", "message": neutral(excerpt.message), "tests": ()})
    if not excerpt.checks:
        raise OurFault(f"there is no check of `{excerpt.exercise}` that a {reader} may read, and so no result")
    return fitted(lambda longest: _document(excerpt, longest), ROOM)


def _document(excerpt: Excerpt, longest: int) -> str:
    is_whole = all(check.outcome is Outcome.PASSED for check in excerpt.checks)
    tests = [_test(check, longest) for check in excerpt.checks]
    return json_text({"version": 3, "status": "pass" if is_whole else "fail", "message": None, "tests": tests})


def _test(check: CheckResult, longest: int) -> dict[str, object]:
    title = one_line(check.title, _LONGEST_TITLE) or one_line(check.id, _LONGEST_TITLE)
    test: dict[str, object] = {"name": title, "status": _STATUS[check.outcome], "test_code": title}
    if check.outcome is not Outcome.PASSED:
        test["message"] = neutral(feedback(check) or title, longest)
    if check.printed:
        test["output"] = _output(neutral(check.printed))
    return test


def _output(text: str) -> str:
    return text if len(text) <= _LONGEST_OUTPUT else f"{text[: _LONGEST_OUTPUT - len(_CUT) - 1]}\n{_CUT}"
