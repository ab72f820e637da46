"""Results for the reporter of the former GitHub Classroom, as variables of the environment.

Source: https://github.com/classroom-resources/autograding-grading-reporter, src/ and the bundle of its tag v1 at
d13b591. GitHub Classroom was retired on 28 August 2026; this is for courses that have kept their workflows.

Theory of operation. The reporter knows "runners", and adds up twice: its table counts the tests of a runner that
passed and multiplies by the points of the runner, and its notices add the points of tests. The two differ whenever
checks are worth different points. Here every check is a runner of its own: its points are all or nothing, so it is one
test, one of one or none of one, in which nothing is ever rounded. (Splitting an exercise into tests of one point each
would agree, too, and print 28.999999999999996.) A report by others may have a check with a part of its points; that
runner has as many tests of equal worth as it takes.

The reporter reads a runner from the variable ``<RUNNER>_RESULTS`` and prints what is in it as it is. The text goes to
``$GITHUB_ENV``; beside the runners it sets ``PROCTOR_RUNNERS``, the list that the reporter wants as its input.
"""

import base64
import json
import re
from math import gcd
from typing import Final

from proctor.errors import OurFault
from proctor.hostile_text import one_line
from proctor.reports.excerpt import Excerpt, excerpts_of, feedback
from proctor.reports.reader import Reader
from proctor.scorecard import CheckResult, Outcome, Report

__all__ = ["to_classroom_reporter"]

_LONGEST_MESSAGE: Final = 300
_LONGEST_WORD: Final = 12
"""Letters of an exercise in the name of a runner: the reporter's table cuts names at 18 characters."""

_STATUS: Final = {Outcome.PASSED: "pass", Outcome.FAILED: "fail", Outcome.ERROR: "error"}


def to_classroom_reporter(report: Report, reader: Reader = Reader.STUDENT) -> str:
    """Return lines for `$GITHUB_ENV`: the list of runners, and the results of each.

    Raises OurFault where there is nothing to report: without a runner the reporter breaks.
    """
    results: dict[str, dict[str, object]] = {}
    for number, excerpt in enumerate(excerpts_of(report, reader), 1):
        word = re.sub(r"[^A-Za-z0-9]+", "", excerpt.exercise)[:_LONGEST_WORD]
        for place, check in enumerate(excerpt.checks, 1):
            results[f"{word}{number}x{place}"] = _runner(excerpt, check)
        if not excerpt.card.checks:
            results[f"{word}{number}x0"] = _undecided(excerpt)
    if not results:
        raise OurFault(f"there is no check that a {reader} may read, and the reporter breaks on an empty list")
    lines = [f"{runner.upper()}_RESULTS={_encoded(result)}" for runner, result in results.items()]
    return "".join(f"{line}\n" for line in [f"PROCTOR_RUNNERS={','.join(results)}", *lines])


def _runner(excerpt: Excerpt, check: CheckResult) -> dict[str, object]:
    earned = check.score or 0
    worth = gcd(check.points, earned)
    count = check.points // worth
    kind = "public points" if excerpt.left_out else "points"
    name = f"{excerpt.name_of(check)} ({check.points} {kind})"
    message = one_line(feedback(check), _LONGEST_MESSAGE)
    tests = [
        _test(
            name if count == 1 else f"{name} {number} of {count}",
            "pass" if number * worth <= earned else "error" if check.outcome is Outcome.ERROR else "fail",
            worth if number * worth <= earned else 0,
            message,
        )
        for number in range(1, count + 1)
    ]
    return _result(_STATUS[check.outcome], check.points, tests)


def _undecided(excerpt: Excerpt) -> dict[str, object]:
    """Stand for an exercise of which no check is known."""
    message = one_line(excerpt.message, _LONGEST_MESSAGE)
    return _result("error", excerpt.max_score, [_test(excerpt.exercise, "error", 0, message)])


def _result(status: str, max_score: int, tests: list[dict[str, object]]) -> dict[str, object]:
    return {"version": 1, "status": status, "max_score": max_score, "tests": tests}


def _test(name: str, status: str, score: int, message: str) -> dict[str, object]:
    """Return a test with every key: the reporter prints "undefined" or adds up NaN where one is missing."""
    rest = {"test_code": "", "filename": "", "line_no": 0, "duration": 0}
    return {"name": name, "status": status, "score": score, "message": message, **rest}


def _encoded(result: dict[str, object]) -> str:
    return base64.b64encode(json.dumps(result, allow_nan=False).encode()).decode("ascii")
