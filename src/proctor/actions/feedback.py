"""What a student reads at their commit: a check run, in which nothing is told that they may not know yet.

Its conclusion is always neutral: a tick or a cross would tell what hidden checks gave. Source:
https://docs.github.com/en/rest/checks/runs, where a text has at most 65,535 characters: what is too long loses the
longest messages first.
"""

from collections.abc import Sequence
from typing import Any, Final

from proctor.gradebook.class_report import ClassReport, Column, Row, RowStatus, StudentReport
from proctor.hostile_text import for_markdown
from proctor.reports.fitting import fitted
from proctor.reports.reader import Reader
from proctor.scorecard import CheckResult, Outcome

__all__ = ["NAME", "ROOM", "check_run_of"]

NAME: Final = "Proctor"
"""What the check run is called."""

ROOM: Final = 65_000
"""Bytes, so that there are never too many characters."""

_WORDS: Final = {
    RowStatus.GRADED: "graded",
    RowStatus.UNREADABLE: "it cannot be loaded",
    RowStatus.MISSING: "nothing was handed in",
    RowStatus.ERROR: "not decided yet: our fault, and no points are lost",
    RowStatus.UNAVAILABLE: "not graded yet: the machine lacks what it needs, and no points are lost",
    RowStatus.EXCUSED: "excused: it does not count",
}
_OUTCOMES: Final = {Outcome.PASSED: "passed", Outcome.FAILED: "failed", Outcome.ERROR: "not decided, our fault"}


def check_run_of(report: ClassReport, student: StudentReport, commit: str, reader: Reader) -> dict[str, Any]:
    """Return the check run of one student at a commit, with what ``reader`` may know.

    Where a check is hidden, points are those of the checks that are shown, and reasons for other points are left out.
    """
    pairs = list(zip(report.columns, student.rows, strict=True))
    handed_in = [row for _, row in pairs if row.status not in {RowStatus.MISSING, RowStatus.EXCUSED}]
    summary = f"{len(handed_in)} of {len(pairs)} exercises handed in at this commit. Your teacher has graded them."
    return {
        "name": NAME,
        "head_sha": commit,
        "status": "completed",
        "conclusion": "neutral",
        "output": {
            "title": f"{report.course}: graded"[:200],
            "summary": summary,
            "text": _cut(fitted(lambda longest: _text(pairs, reader, longest), ROOM)),
        },
    }


def _text(pairs: Sequence[tuple[Column, Row]], reader: Reader, longest: int) -> str:
    return "\n".join(_section(column, row, reader, longest) for column, row in pairs if row.status != RowStatus.MISSING)


def _section(column: Column, row: Row, reader: Reader, longest: int) -> str:
    shown = [check for check in row.checks if reader.may_read(check.visibility)]
    hidden = [check for check in row.checks if not reader.may_read(check.visibility)]
    lines = [f"### {for_markdown(column.title)}: {_points(row, shown, is_partial=bool(hidden))}", ""]
    if row.message:
        lines += [for_markdown(row.message, longest), ""]
    if not hidden:
        lines += [line for reason in row.reasons for line in (for_markdown(reason, longest), "")]
    if shown:
        lines += ["| check | result | points |", "|---|---|---:|", *(_check(check, longest) for check in shown), ""]
    if hidden:
        lines += [f"{len(hidden)} more checks, worth {sum(one.points for one in hidden)} points, are not shown.", ""]
    return "\n".join(lines)


def _points(row: Row, shown: Sequence[CheckResult], *, is_partial: bool) -> str:
    if is_partial:
        if any(check.score is None for check in shown):
            return _WORDS[RowStatus.ERROR]
        return f"{sum(one.score or 0 for one in shown)} of {sum(one.points for one in shown)} public points"
    return _WORDS[row.status] if row.points is None else f"{row.points.normalize():f} of {row.max_score} points"


def _check(check: CheckResult, longest: int) -> str:
    told = "" if check.outcome is Outcome.PASSED else for_markdown(check.message, longest)
    words = _OUTCOMES[check.outcome]
    score = "?" if check.score is None else check.score
    return f"| {for_markdown(check.title, 200)} | {f'{words}: {told}' if told else words} | {score} / {check.points} |"


def _cut(text: str) -> str:
    """Keep whole lines, as many as there is room for."""
    if len(text.encode()) <= ROOM:
        return text
    kept = text.encode()[: ROOM - 100].decode(errors="ignore").rpartition("\n")[0]
    return f"{kept}\n\nThere is no room for more of it here.\n"
