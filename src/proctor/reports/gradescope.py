"""Gradescope's `results.json`, to be written to `/autograder/results/`.

Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/ (gradescope/autograder_samples, docs/specs.md at
af5dee4). The platform is closed, so what it does with the file beyond that is not known here.

It shows every person what they may see, so hidden checks are in the document and marked. There is no total in it:
Gradescope adds up the checks, and would believe a total that is there even where it is wrong. It knows passed and
failed only; what could not be decided says so in its text, and first of all in the text above all checks.
"""

from typing import Final

from proctor.hostile_text import neutral
from proctor.reports.excerpt import NOT_DECIDED, Excerpt, excerpts_of, feedback, total_of
from proctor.reports.json_text import json_text
from proctor.reports.reader import Reader
from proctor.scorecard import CheckResult, Outcome, Report, Visibility

__all__ = ["to_gradescope"]

_MARKS: Final = {Visibility.ALWAYS: "visible", Visibility.AFTER_DUE: "after_due_date", Visibility.NEVER: "hidden"}


def to_gradescope(report: Report, reader: Reader = Reader.STUDENT) -> str:
    """Return the report as Gradescope's results.

    For ``STUDENT_AFTER_DUE`` checks that wait for the due date are visible now. Everyone else gets the same document:
    Gradescope knows who they are.
    """
    excerpts = excerpts_of(report, Reader.TEACHER)
    tests: list[dict[str, object]] = []
    for number, excerpt in enumerate(excerpts, 1):
        entries = [_test(excerpt, check, reader) for check in excerpt.checks] or [_whole(excerpt)]
        tests += [{"number": f"{number}.{place}", **entry} for place, entry in enumerate(entries, 1)]
    return json_text(
        {
            "output": _output(report, reader),
            "output_format": "text",
            "test_output_format": "text",
            "test_name_format": "text",
            "stdout_visibility": "hidden",
            "execution_time": round(sum(card.duration_s for card in report.scorecards), 3),
            "extra_data": {
                "proctor": neutral(report.proctor),
                "seed": report.seed,
                "submissions": {excerpt.exercise: neutral(excerpt.card.submission) for excerpt in excerpts},
            },
            "tests": tests,
        }
    )


def _output(report: Report, reader: Reader) -> str:
    """Say what a student may read above all checks: no hidden check leaves a trace in it."""
    shown = excerpts_of(report, Reader.STUDENT if reader is Reader.TEACHER else reader)
    total = total_of(shown)
    lines = [f"{total}."]
    if total.score is None:
        lines.append(f"{NOT_DECIDED} What is not decided has 0 points here: please tell your teacher.")
    if total.left_out:
        lines.append("There are hidden checks, too.")
    lines += [f"{excerpt.exercise}: {neutral(excerpt.message)}" for excerpt in shown if excerpt.message]
    return "\n".join(lines)


def _test(excerpt: Excerpt, check: CheckResult, reader: Reader) -> dict[str, object]:
    is_due = reader is Reader.STUDENT_AFTER_DUE and reader.may_read(check.visibility)
    return {
        "name": excerpt.name_of(check),
        "score": check.score or 0,
        "max_score": check.points,
        "status": "passed" if check.outcome is Outcome.PASSED else "failed",
        "output": neutral(f"{check.title}\n{feedback(check)}".rstrip()),
        "tags": [excerpt.exercise],
        "visibility": "visible" if is_due else _MARKS[check.visibility],
    }


def _whole(excerpt: Excerpt) -> dict[str, object]:
    """Stand for an exercise of which no check is known."""
    return {
        "name": excerpt.exercise,
        "score": 0,
        "max_score": excerpt.max_score,
        "status": "failed",
        "output": neutral(excerpt.message),
        "tags": [excerpt.exercise],
        "visibility": "visible",
    }
