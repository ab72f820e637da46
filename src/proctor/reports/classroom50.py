"""`classroom50/result/v1`: the `result.json` of a Classroom 50 autograder.

Sources: https://github.com/foundation50/classroom50, schemas/result-v1.schema.json at 6e593c7, and what the runner
checks beyond it (cli/gh-teacher/skeleton/dotgithub/scripts/runner.py at 0c49903): whole numbers, no more points than
there are, and the identity of the repository.

An empty list of tests is published as a success, and so would be one from which something is missing. So nothing is
written unless everything is decided: an autograder that ends with another code than 0 is published as an error.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Final, Self

from proctor.errors import OurFault, UsageError
from proctor.hostile_text import one_line
from proctor.reports.excerpt import Excerpt, excerpts_of, feedback, total_of
from proctor.reports.json_text import json_text
from proctor.reports.reader import Reader
from proctor.scorecard import CheckResult, Outcome, Report

__all__ = ["Identity", "to_classroom50"]

_LONGEST_MESSAGE: Final = 1000
_URL: Final = r"https?://[!-~]{1,500}"
_WORD: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"

_RULES: Final = {
    "classroom": ("CLASSROOM", _WORD),
    "assignment": ("ASSIGNMENT", _WORD),
    "assignment_type": ("ASSIGNMENT_TYPE", r"[a-z]{1,30}"),
    "owner": ("OWNER", _WORD),
    "submission": ("SUBMISSION_TAG", r"submit/[A-Za-z0-9._-]{1,100}"),
    "commit": ("COMMIT_URL", _URL),
    "release": ("RELEASE_URL", _URL),
    "review": ("REVIEW_URL", _URL),
}
"""The variables of the runner, and what they look like."""

_SUBSTITUTES: Final = {"OWNER": "USERNAME", "REVIEW_URL": "COMMIT_URL"}


@dataclass(frozen=True)
class Identity:
    """Whose work it is and where it lies, in the runner's own words."""

    classroom: str
    assignment: str
    assignment_type: str
    owner: str
    submission: str
    commit: str
    release: str
    review: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read it from the environment that the runner gives an autograder. Raises UsageError, with every fault."""
        values: dict[str, str] = {}
        faults: list[str] = []
        for field in fields(cls):
            variable, pattern = _RULES[field.name]
            value = environment.get(variable) or environment.get(_SUBSTITUTES.get(variable, ""), "")
            if re.fullmatch(pattern, value):
                values[field.name] = value
            else:
                faults.append(f"\n  `{variable}` {f'is `{one_line(value, 100)}`' if value else 'is not set'}")
        if faults:
            told = "".join(faults)
            raise UsageError(f"`classroom50` is written inside a Classroom 50 autograder, whose runner sets:{told}")
        return cls(**values)


def to_classroom50(report: Report, identity: Identity, graded_at: datetime, reader: Reader = Reader.STUDENT) -> str:
    """Return the report as a result. The runner puts its own times over ``graded_at``.

    Raises OurFault, whose exit code is 3, where anything is not decided and where there is nothing to publish.
    """
    excerpts = excerpts_of(report, reader)
    for excerpt in excerpts:
        if not excerpt.is_decided:
            told = one_line(excerpt.message, _LONGEST_MESSAGE)
            raise OurFault(f"`{excerpt.exercise}` is not decided, and so no result is published: {told}")
    tests = [_test(excerpt, check) for excerpt in excerpts for check in excerpt.checks]
    if not tests:
        raise OurFault(f"there is no check that a {reader} may read, and an empty result would be taken for a success")
    total = total_of(excerpts)
    moment = graded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json_text(
        {
            "schema": "classroom50/result/v1",
            **{field.name: getattr(identity, field.name) for field in fields(identity)},
            "datetime": moment,
            "graded_at": moment,
            "score": total.score,
            "max-score": total.max_score,
            "tests": tests,
        }
    )


def _test(excerpt: Excerpt, check: CheckResult) -> dict[str, object]:
    has_passed = check.outcome is Outcome.PASSED
    test: dict[str, object] = {
        "test-name": excerpt.name_of(check),
        "passed": has_passed,
        "score": check.score,
        "max-score": check.points,
        "status": "pass" if has_passed else "fail",
        "visibility": check.visibility.value,
    }
    return test if has_passed else {**test, "message": one_line(feedback(check), _LONGEST_MESSAGE)}
